using OmniTools.Sandbox.Protocol;

namespace OmniTools.Sandbox.Providers;

/// <summary>What a valid submission asks for.</summary>
internal sealed record SandboxSubmission(string Model, string? Prompt)
{
    /// <summary>The idempotency key; null when none was sent.</summary>
    public string? Key { get; init; }
    public bool IsPortrait { get; init; }
    public int Seconds { get; init; } = 6;

    /// <summary>How the sample differs from what was requested; null when it does not.</summary>
    public string? SampleNote { get; init; }

    /// <summary>What the clip costs in US dollars.</summary>
    public decimal Cost { get; init; } = 1.0m;

    /// <summary>The earlier task that is continued.</summary>
    public string? ExtendFrom { get; init; }

    /// <summary>Refuses a key outside 1 to 191 visible ASCII characters.</summary>
    public static string? CheckKey(string? key, string field) =>
        key is null || (key.Length is > 0 and <= 191 && !key.AsSpan().ContainsAnyExceptInRange('!', '~'))
            ? key
            : throw SandboxHttpException.Invalid($"{field} has to be 1 to 191 visible ASCII characters");
}
