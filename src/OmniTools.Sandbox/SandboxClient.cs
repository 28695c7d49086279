using System.Globalization;
using OmniTools.Catalog;
using OmniTools.Configuration;
using OmniTools.Errors;
using OmniTools.Sandbox.Configuration;

namespace OmniTools.Sandbox;

/// <summary>Makes clients that the sandbox answers: no key, no money, no network.</summary>
public static class SandboxClient
{
    private const string SecondsVariable = "OMNI_SANDBOX_SECONDS";

    // Core masks the key wherever an answer repeats it, so it must occur in nothing the sandbox says, its own host name
    // included.
    private const string Key = "no-key-needed-offline";

    /// <summary>The longest generation that can be set, in seconds: a day.</summary>
    private const double LongestSeconds = 86_400;

    /// <summary>
    /// Makes a client. Keys and base addresses of the settings are dropped; their <see cref="OmniSettings.Home"/> is
    /// taken for the sandbox's own. <c>OMNI_SANDBOX_SECONDS</c> sets how long a generation takes; the default is 3.
    /// </summary>
    public static OmniClient Create(OmniSettings settings, OmniClientOptions options)
    {
        var handler = new SandboxHandler(new()
        {
            Folder = Path.Combine(settings.Home, "provider"),
            Catalog = () => settings.Catalog,
            TimeProvider = options.TimeProvider,
            Duration = ReadDuration(Environment.GetEnvironmentVariable(SecondsVariable)),
        });
        return new(GetSandboxSettings(settings), options with { Handler = handler });
    }

    internal static OmniSettings GetSandboxSettings(OmniSettings settings) => settings with
    {
        IsSandbox = true,
        Providers = ModelCatalog.Providers.ToDictionary(spec => spec.Id,
            spec => new ProviderSettings
            {
                Key = new ApiKey(Key),
                KeySource = "the sandbox",
                Model = settings.GetProviderSettings(spec).Model,
            }),
    };

    internal static TimeSpan ReadDuration(string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
            return new SandboxOptions { Folder = "" }.Duration;
        return double.TryParse(value,
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 0 and <= LongestSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new OmniException(OmniErrorKind.InvalidConfiguration,
            "The sandbox's duration of a generation cannot be used", new()
            {
                Charged = Charged.No, // Nothing was sent.
                Field = SecondsVariable,
                Received = ProviderText.Clean(value),
                Allowed = "seconds from 0 to 86400, with a point for decimals",
                NextStep = $"Correct or unset {SecondsVariable}",
            });
    }
}
