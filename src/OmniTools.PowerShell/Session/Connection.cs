using OmniTools.Configuration;

namespace OmniTools.PowerShell.Session;

/// <summary>The key and address that <c>Connect-OmniProvider</c> set for one provider.</summary>
internal sealed record Connection(ApiKey? Key, string? BaseAddress);
