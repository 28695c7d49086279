using OmniTools.Catalog;
using OmniTools.Configuration;
using OmniTools.Errors;
using OmniTools.Requests;

namespace OmniTools;

/// <summary>Which provider and model serve a request: where the settings and the catalog meet.</summary>
internal static class ProviderSelection
{
    extension(OmniSettings settings)
    {
        /// <summary>
        /// The providers with the built-in models and the user's. The user's file is read again when it has changed.
        /// </summary>
        public ProviderCatalog Catalog =>
            settings.CatalogFile is { } path
            ? ModelCatalog.WithUserFile(path, settings.IsCatalogFileOptional)
            : ModelCatalog.BuiltIn;

        /// <summary>
        /// The provider to use: the one named, else <c>OMNI_PROVIDER</c>, else the only one with a key, else
        /// <c>toapis</c> in the sandbox.
        /// </summary>
        public ProviderSpec ChooseProvider(string? named)
        {
            if (!string.IsNullOrWhiteSpace(named))
                return settings.Catalog.GetProvider(named.Trim());
            if (settings.DefaultProvider is { } configured)
                return settings.Catalog.Providers.FirstOrDefault(
                    spec => spec.Id.Equals(configured, StringComparison.OrdinalIgnoreCase))
                    ?? throw settings.NoProvider(configured);
            var keyed =
                settings.Catalog.Providers.Where(spec => settings.GetProviderSettings(spec).Key is not null).ToList();
            if (keyed.Count == 1)
                return keyed[0];
            if (settings.IsSandbox)
                return settings.Catalog.Providers[0];
            var variables = string.Join(" or ", settings.Catalog.Providers.Select(spec => spec.KeyVariable));
            throw new OmniException(OmniErrorKind.InvalidConfiguration,
                keyed.Count == 0 ? "No provider is configured" : "Several providers have a key and none was chosen",
                new()
                {
                    Charged = Charged.No, // Nothing was sent.
                    Field = "provider",
                    NextStep = keyed.Count == 0
                    ? $"Set {variables} to an API key, or OMNI_SANDBOX=1 to try everything without one"
                    : $"Name one ({string.Join(", ", keyed.Select(spec => spec.Id))}), or set OMNI_PROVIDER",
                });
        }

        /// <summary>
        /// The provider for a request: the one it names, else <c>OMNI_PROVIDER</c>, else the only one whose catalog has
        /// the model it names, else the only one with a key that can do what is asked; in the sandbox the first that
        /// can.
        /// </summary>
        /// <exception cref="OmniException">No provider has a key, none can do this, or several can.</exception>
        public ProviderSpec ChooseProviderForRequest(VideoRequest request) => ProviderChoice.Choose(request, settings);

        /// <summary>The providers that can be used: those with a key, all of them in the sandbox.</summary>
        public IReadOnlyList<ProviderSpec> ReadyProviders =>
            [.. settings.Catalog.Providers.Where(
            spec => settings.IsSandbox || settings.GetProviderSettings(spec).Key is not null)];

        /// <summary>
        /// The model for a request at a provider: the one named, else the configured one, else the catalog's default.
        /// </summary>
        internal string GetModel(ProviderSpec spec, string? named) =>
            string.IsNullOrWhiteSpace(named)
            ? settings.GetProviderSettings(spec).Model ?? spec.DefaultModel
            : named.Trim();

        /// <summary>The settings of one provider.</summary>
        public ProviderSettings GetProviderSettings(ProviderSpec spec) =>
            settings.Providers.TryGetValue(spec.Id, out var found) ? found : new();

        private OmniException NoProvider(string configured) =>
            new(OmniErrorKind.InvalidConfiguration,
            $"{OmniSettings.ProviderVariable} names a provider that does not exist", new()
            {
                Charged = Charged.No, // Nothing was sent.
                Field = OmniSettings.ProviderVariable,
                Received = ProviderText.Clean(configured),
                Allowed = string.Join(", ", settings.Catalog.Providers.Select(spec => spec.Id)),
                NextStep = $"Correct or remove {OmniSettings.ProviderVariable}",
            });

        /// <summary>
        /// Checks a request against the catalog: at the provider with the id <paramref name="recorded"/>, else at the
        /// one chosen for the request. An error names the models that can do it.
        /// </summary>
        internal CheckedRequest CheckRequest(VideoRequest request, string? recorded)
        {
            var catalog = settings.Catalog;
            var spec = catalog.Providers.FirstOrDefault(each => each.Id == recorded)
                ?? catalog.GetProvider(settings.ChooseProviderForRequest(request).Id);
            var model = settings.GetModel(spec, request.Model);
            // The model may be one of the user's own, whose rules cannot be read.
            if (catalog.Problem is { } problem && spec.FindModel(model) is null)
                throw problem;
            var check = RequestCheck.Check(request, spec, model,
                otherwise => Alternatives.Describe(request, catalog, settings.ReadyProviders, otherwise));
            return catalog.Problem is { } mistake
                ? check with { Warnings = [.. check.Warnings, mistake.Message] }
                : check;
        }
    }
}
