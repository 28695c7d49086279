using OmniTools.Configuration;

namespace OmniTools.PowerShell.Session;

/// <summary>What <c>Connect-OmniProvider</c> was told about one provider.</summary>
internal sealed record Connection(ApiKey? Key, string? BaseAddress);
