using System.Security.Cryptography;

namespace OmniTools.Http;

/// <summary>The randomness of delays where none is injected.</summary>
internal static class DefaultRandomizer
{
    /// <summary>A number from 0 to 1.</summary>
    public static double NextDouble() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
