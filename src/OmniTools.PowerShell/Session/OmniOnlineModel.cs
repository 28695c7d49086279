namespace OmniTools.PowerShell.Session;

/// <summary>A difference between what a provider offers now and the catalog.</summary>
/// <param name="Provider">The provider's id.</param>
/// <param name="Model">The model's id.</param>
/// <param name="State"><c>New</c>: the catalog does not know it. <c>Gone</c>: the provider does not list it.</param>
public sealed record OmniOnlineModel(string Provider, string Model, string State);
