namespace OmniTools.Errors;

/// <summary>
/// Whether the clip that an error is about was billed. The failed call need not be the paid one: a save or a wait that
/// fails is an error about a clip that was bought before.
/// </summary>
/// <remarks>64 bits wide, because ConvertTo-Json writes such enums as words and others as numbers.</remarks>
public enum Charged : long
{
    /// <summary>
    /// May have been billed. The default: an error says <see cref="No"/> only where the code is certain.
    /// </summary>
    Unknown,
    /// <summary>Certainly not billed.</summary>
    No,
    /// <summary>Billed.</summary>
    Yes,
}
