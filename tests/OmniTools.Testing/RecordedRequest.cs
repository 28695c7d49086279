namespace OmniTools.Testing;

/// <summary>One request as it arrived.</summary>
public sealed record RecordedRequest(string Method, string Path, string Query,
    IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The whole <c>Authorization</c> header; null when there was none.</summary>
    public string? Authorization => Headers.GetValueOrDefault("Authorization");

    /// <summary>Whether it asks for a paid generation.</summary>
    public bool IsSubmit => Method == "POST" && Path == "/v1/videos/generations";

    /// <summary>Whether it asks for a result file.</summary>
    public bool IsFile => Path.StartsWith("/files/", StringComparison.Ordinal);

    internal RequestKind Kind => IsFile ? RequestKind.File : Method == "POST" ? RequestKind.Post : RequestKind.Get;
}
