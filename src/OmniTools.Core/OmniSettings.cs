using OmniTools.Catalog;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Requests;

namespace OmniTools;

/// <summary>What one provider needs to be used: where it is, with which key and model.</summary>
public sealed record ProviderSettings
{
    /// <summary>The API key; null when none is configured.</summary>
    public ApiKey? Key { get; init; }

    /// <summary>Where the key came from, for people: a variable's name, never the key.</summary>
    public string? KeySource { get; init; }

    /// <summary>Why the key cannot be used; null when it can, or there is none.</summary>
    public OmniException? KeyProblem
    {
        get
        {
            try
            {
                Key?.ToAuthorizationHeader();
                return null;
            }
            catch (OmniException problem)
            {
                return problem;
            }
        }
    }

    /// <summary>Overrides the catalog's base address; https only, except loopback.</summary>
    public string? BaseAddress { get; init; }

    /// <summary>Overrides the catalog's default model.</summary>
    public string? Model { get; init; }
}

/// <summary>Everything that is configured from outside. Reading it does no work and never throws; unusable values are refused where they are needed.</summary>
public sealed record OmniSettings
{
    private const string SandboxVariable = "OMNI_SANDBOX";
    private const string ProviderVariable = "OMNI_PROVIDER";

    /// <summary>By provider id.</summary>
    public IReadOnlyDictionary<string, ProviderSettings> Providers { get; init; } = new Dictionary<string, ProviderSettings>();

    /// <summary><c>OMNI_PROVIDER</c>.</summary>
    public string? DefaultProvider { get; init; }

    /// <summary><c>OMNI_SANDBOX</c> is <c>1</c> or <c>true</c>.</summary>
    public bool IsSandbox { get; init; }

    /// <summary><c>OMNI_SANDBOX</c>, as given.</summary>
    public string? Sandbox { get; init; }

    /// <summary>Where the ledger lives: <c>OMNI_HOME</c>, else <c>OmniTools</c> in the platform's local application data folder; in the sandbox its <c>sandbox</c> folder.</summary>
    public required string Home { get; init; }

    /// <summary><c>OMNI_LEDGER</c>: the PostgreSQL ledger that several machines share; null: a file in <see cref="Home"/>. The sandbox ignores it.</summary>
    public LedgerConnection? Ledger { get; init; }

    /// <summary>The folder the MCP server is confined to: <c>OMNI_OUTPUT_ROOT</c>, else <c>OmniTools</c> in the user's videos folder.</summary>
    public required string OutputRoot { get; init; }

    /// <summary><c>OMNI_CATALOG</c>, else <c>models.json</c> in <c>OMNI_HOME</c>: the user's own models; null: none.</summary>
    public string? CatalogFile { get; init; }

    /// <summary>Whether <see cref="CatalogFile"/> may be missing. The default is false.</summary>
    public bool IsCatalogFileOptional { get; init; }

    /// <summary>
    /// The providers with the built-in models and the user's. The user's file is read again when it has changed.
    /// </summary>
    public ProviderCatalog Catalog =>
        CatalogFile is { } path ? ModelCatalog.WithUserFile(path, IsCatalogFileOptional) : ModelCatalog.BuiltIn;

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
        string? Get(string name) => (variable ?? Environment.GetEnvironmentVariable)(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

        var sandbox = Get(SandboxVariable);
        var isSandbox = sandbox is not null && IsOn(sandbox);
        var home = Get("OMNI_HOME") ?? Path.Combine(GetFolder(Environment.SpecialFolder.LocalApplicationData, OperatingSystem.IsWindows() ? @"AppData\Local" : ".local/share"), "OmniTools");
        return new()
        {
            Providers = ModelCatalog.Providers.ToDictionary(spec => spec.Id, spec => new ProviderSettings
            {
                Key = Get(spec.KeyVariable) is { } key ? new ApiKey(key) : null,
                KeySource = Get(spec.KeyVariable) is null ? null : spec.KeyVariable,
                BaseAddress = Get(spec.BaseVariable),
                Model = Get(spec.ModelVariable),
            }),
            DefaultProvider = Get(ProviderVariable),
            IsSandbox = isSandbox,
            Sandbox = sandbox,
            Home = isSandbox ? Path.Combine(home, "sandbox") : home,
            Ledger = !isSandbox && Get("OMNI_LEDGER") is { } ledger ? new(ledger) : null,
            OutputRoot = Get("OMNI_OUTPUT_ROOT") ?? Path.Combine(GetFolder(Environment.SpecialFolder.MyVideos, "Videos"), "OmniTools"),
            CatalogFile = Get("OMNI_CATALOG") ?? Path.Combine(home, "models.json"),
            IsCatalogFileOptional = Get("OMNI_CATALOG") is null,
            MaxVideosPerDay = Get("OMNI_MAX_VIDEOS_PER_DAY"),
            MaxCreditsPerDay = Get("OMNI_MAX_CREDITS_PER_DAY"),
            MaxUsdPerDay = Get("OMNI_MAX_USD_PER_DAY"),
            ConfirmAbove = Get("OMNI_CONFIRM_ABOVE"),
        };
    }

    /// <summary>Refuses settings that leave open whether money would be spent: a sandbox that is neither on nor off.</summary>
    public void Validate()
    {
        if (Sandbox is null || IsOn(Sandbox) || Sandbox == "0" || Sandbox.Equals("false", StringComparison.OrdinalIgnoreCase))
            return;
        throw new OmniException(OmniErrorKind.InvalidConfiguration, $"{SandboxVariable} does not say whether the sandbox answers, so nothing is done")
        {
            Charged = Charged.No, // Nothing was sent.
            Field = SandboxVariable,
            Received = ProviderText.Clean(Sandbox),
            Allowed = "1 or true; 0, false or nothing for the real providers, which cost money",
            NextStep = $"Correct or remove {SandboxVariable}",
        };
    }

    /// <summary>The provider to use: the one named, else <c>OMNI_PROVIDER</c>, else the only one with a key, else <c>toapis</c> in the sandbox.</summary>
    public ProviderSpec ChooseProvider(string? named)
    {
        if (!string.IsNullOrWhiteSpace(named))
            return Catalog.GetProvider(named.Trim());
        if (DefaultProvider is { } configured)
            return Catalog.Providers.FirstOrDefault(spec => spec.Id.Equals(configured, StringComparison.OrdinalIgnoreCase)) ?? throw NoProvider(configured);
        var keyed = Catalog.Providers.Where(spec => GetProviderSettings(spec).Key is not null).ToList();
        if (keyed.Count == 1)
            return keyed[0];
        if (IsSandbox)
            return Catalog.Providers[0];
        var variables = string.Join(" or ", Catalog.Providers.Select(spec => spec.KeyVariable));
        throw new OmniException(OmniErrorKind.InvalidConfiguration, keyed.Count == 0 ? "No provider is configured" : "Several providers have a key and none was chosen")
        {
            Charged = Charged.No, // Nothing was sent.
            Field = "provider",
            NextStep = keyed.Count == 0
                ? $"Set {variables} to an API key, or OMNI_SANDBOX=1 to try everything without one"
                : $"Name one ({string.Join(", ", keyed.Select(spec => spec.Id))}), or set OMNI_PROVIDER",
        };
    }

    /// <summary>
    /// The provider for a request: the one it names, else <c>OMNI_PROVIDER</c>, else the only one whose catalog has the model it names,
    /// else the only one with a key that can do what is asked; in the sandbox the first that can.
    /// </summary>
    /// <exception cref="OmniException">No provider has a key, none can do this, or several can.</exception>
    public ProviderSpec ChooseProviderForRequest(VideoRequest request) => ProviderChoice.Choose(request, this);

    /// <summary>The providers that can be used: those with a key, all of them in the sandbox.</summary>
    public IReadOnlyList<ProviderSpec> ReadyProviders =>
        [.. Catalog.Providers.Where(spec => IsSandbox || GetProviderSettings(spec).Key is not null)];

    /// <summary>
    /// The model for a request at a provider: the one named, else the configured one, else the catalog's default.
    /// </summary>
    internal string GetModel(ProviderSpec spec, string? named) =>
        string.IsNullOrWhiteSpace(named) ? GetProviderSettings(spec).Model ?? spec.DefaultModel : named.Trim();

    /// <summary>Checks a request against the catalog; a refusal names the models that can do it.</summary>
    internal CheckedRequest Validate(VideoRequest request, ProviderSpec provider)
    {
        var catalog = Catalog;
        var spec = catalog.GetProvider(provider.Id);
        var model = GetModel(spec, request.Model);
        // The model may be one of the user's own, whose rules cannot be read.
        if (catalog.Problem is { } problem && spec.FindModel(model) is null)
            throw problem;
        var check = RequestCheck.Check(request, spec, model, field => Alternatives.Describe(request, catalog, ReadyProviders, field));
        return catalog.Problem is { } mistake ? check with { Warnings = [.. check.Warnings, mistake.Message] } : check;
    }

    /// <summary>The settings of one provider.</summary>
    public ProviderSettings GetProviderSettings(ProviderSpec spec) => Providers.TryGetValue(spec.Id, out var settings) ? settings : new();

    private static bool IsOn(string value) => value == "1" || value.Equals("true", StringComparison.OrdinalIgnoreCase);

    private OmniException NoProvider(string configured) => new(OmniErrorKind.InvalidConfiguration, $"{ProviderVariable} names a provider that does not exist")
    {
        Charged = Charged.No, // Nothing was sent.
        Field = ProviderVariable,
        Received = ProviderText.Clean(configured),
        Allowed = string.Join(", ", Catalog.Providers.Select(spec => spec.Id)),
        NextStep = $"Correct or remove {ProviderVariable}",
    };

    // A service account may have neither folder; a path below the home folder, or the temporary one, still works.
    private static string GetFolder(Environment.SpecialFolder folder, string below)
    {
        var path = Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify);
        var profile = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        return path.Length > 0 ? path : Path.Combine(profile.Length > 0 ? profile : Path.GetTempPath(), below);
    }
}
