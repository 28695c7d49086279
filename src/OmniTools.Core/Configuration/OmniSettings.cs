using OmniTools.Errors;

namespace OmniTools.Configuration;

/// <summary>
/// Everything that is configured from outside. Reading it does no work and never throws; unusable values are refused
/// where they are needed.
/// </summary>
public sealed record OmniSettings
{
    private const string SandboxVariable = "OMNI_SANDBOX";
    internal const string ProviderVariable = "OMNI_PROVIDER";

    /// <summary>By provider id.</summary>
    public IReadOnlyDictionary<string, ProviderSettings> Providers { get; init; } =
        new Dictionary<string, ProviderSettings>();

    /// <summary><c>OMNI_PROVIDER</c>.</summary>
    public string? DefaultProvider { get; init; }

    /// <summary><c>OMNI_SANDBOX</c> is <c>1</c> or <c>true</c>.</summary>
    public bool IsSandbox { get; init; }

    /// <summary><c>OMNI_SANDBOX</c>, as given.</summary>
    public string? Sandbox { get; init; }

    /// <summary>
    /// Where the ledger lives: <c>OMNI_HOME</c>, else <c>OmniTools</c> in the platform's local application data folder;
    /// in the sandbox its <c>sandbox</c> folder.
    /// </summary>
    public required string Home { get; init; }

    /// <summary>
    /// <c>OMNI_LEDGER</c>: the PostgreSQL ledger that several machines share; null: a file in <see cref="Home"/>. The
    /// sandbox ignores it.
    /// </summary>
    public LedgerConnection? Ledger { get; init; }

    /// <summary>
    /// The folder the MCP server is confined to: <c>OMNI_OUTPUT_ROOT</c>, else <c>OmniTools</c> in the user's videos
    /// folder.
    /// </summary>
    public required string OutputRoot { get; init; }

    /// <summary>
    /// <c>OMNI_CATALOG</c>, else <c>models.json</c> in <c>OMNI_HOME</c>: the user's own models; null: none.
    /// </summary>
    public string? CatalogFile { get; init; }

    /// <summary>Whether <see cref="CatalogFile"/> may be missing. The default is false.</summary>
    public bool IsCatalogFileOptional { get; init; }

    /// <summary><c>OMNI_MAX_VIDEOS_PER_DAY</c>, as given.</summary>
    public string? MaxVideosPerDay { get; init; }

    /// <summary><c>OMNI_MAX_CREDITS_PER_DAY</c>, as given.</summary>
    public string? MaxCreditsPerDay { get; init; }

    /// <summary><c>OMNI_MAX_USD_PER_DAY</c>, as given.</summary>
    public string? MaxUsdPerDay { get; init; }

    /// <summary><c>OMNI_CONFIRM_ABOVE</c>, as given.</summary>
    public string? ConfirmAbove { get; init; }

    /// <summary>Reads the environment, or another source of variables.</summary>
    public static OmniSettings FromEnvironment(Func<string, string?>? variable = null)
    {
        string? Get(string name) =>
            (variable ?? Environment.GetEnvironmentVariable)(name) is { } value && !string.IsNullOrWhiteSpace(value)
            ? value.Trim()
            : null;

        var sandbox = Get(SandboxVariable);
        var isSandbox = sandbox is not null && IsOn(sandbox);
        var home = Get("OMNI_HOME")
            ?? Path.Combine(GetFolder(Environment.SpecialFolder.LocalApplicationData,
            OperatingSystem.IsWindows() ? @"AppData\Local" : ".local/share"), "OmniTools");
        return new()
        {
            Providers = ProviderVariables.ProviderIds.ToDictionary(id => id, id => ReadProvider(id, Get)),
            DefaultProvider = Get(ProviderVariable),
            IsSandbox = isSandbox,
            Sandbox = sandbox,
            Home = isSandbox ? Path.Combine(home, "sandbox") : home,
            Ledger = !isSandbox && Get("OMNI_LEDGER") is { } ledger ? new(ledger) : null,
            OutputRoot = Get("OMNI_OUTPUT_ROOT")
                ?? Path.Combine(GetFolder(Environment.SpecialFolder.MyVideos, "Videos"), "OmniTools"),
            CatalogFile = Get("OMNI_CATALOG") ?? Path.Combine(home, "models.json"),
            IsCatalogFileOptional = Get("OMNI_CATALOG") is null,
            MaxVideosPerDay = Get("OMNI_MAX_VIDEOS_PER_DAY"),
            MaxCreditsPerDay = Get("OMNI_MAX_CREDITS_PER_DAY"),
            MaxUsdPerDay = Get("OMNI_MAX_USD_PER_DAY"),
            ConfirmAbove = Get("OMNI_CONFIRM_ABOVE"),
        };
    }

    /// <summary>
    /// Refuses settings that leave open whether money would be spent: a sandbox that is neither on nor off.
    /// </summary>
    public void Validate()
    {
        if (Sandbox is null || IsOn(Sandbox) || Sandbox == "0"
            || Sandbox.Equals("false", StringComparison.OrdinalIgnoreCase))
            return;
        throw new OmniException(OmniErrorKind.InvalidConfiguration,
            $"{SandboxVariable} does not say whether the sandbox answers, so nothing is done", new()
            {
                Charged = Charged.No, // Nothing was sent.
                Field = SandboxVariable,
                Received = ProviderText.Clean(Sandbox),
                Allowed = "1 or true; 0, false or nothing for the real providers, which cost money",
                NextStep = $"Correct or remove {SandboxVariable}",
            });
    }

    private static bool IsOn(string value) => value == "1" || value.Equals("true", StringComparison.OrdinalIgnoreCase);

    // A service account may have neither folder; a path below the home folder, or the temporary one, still works.
    private static string GetFolder(Environment.SpecialFolder folder, string below)
    {
        var path = Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify);
        var profile = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile,
            Environment.SpecialFolderOption.DoNotVerify);
        return path.Length > 0 ? path : Path.Combine(profile.Length > 0 ? profile : Path.GetTempPath(), below);
    }

    private static ProviderSettings ReadProvider(string id, Func<string, string?> get)
    {
        var keyVariable = ProviderVariables.GetName(id, "API_KEY");
        var key = get(keyVariable);
        return new()
        {
            Key = key is null ? null : new ApiKey(key),
            KeySource = key is null ? null : keyVariable,
            BaseAddress = get(ProviderVariables.GetName(id, "BASE_URL")),
            Model = get(ProviderVariables.GetName(id, "MODEL")),
        };
    }
}
