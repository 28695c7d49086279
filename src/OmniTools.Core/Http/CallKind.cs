namespace OmniTools.Http;

/// <summary>The kinds of call that can be available or unavailable independently of each other.</summary>
internal enum CallKind
{
    /// <summary>The paid request.</summary>
    Submit,
    /// <summary>Reads of a provider's API, polls among them, and uploads.</summary>
    Read,
    /// <summary>Downloads from a result host.</summary>
    Download,
}
