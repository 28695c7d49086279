namespace OmniTools.Requests;

/// <summary>What to generate. What is left out is the provider's default and is not sent.</summary>
public sealed record VideoRequest
{
    /// <summary>The text: a scene, or an instruction for the references.</summary>
    public string? Prompt { get; init; }

    /// <summary>The provider; null: the configured default.</summary>
    public string? Provider { get; init; }

    /// <summary>The model; null: the provider's default. An unknown name is sent with a warning.</summary>
    public string? Model { get; init; }

    /// <summary>For example <c>16:9</c> or <c>9:16</c>.</summary>
    public string? AspectRatio { get; init; }

    /// <summary>Seconds.</summary>
    public int? Duration { get; init; }

    /// <summary>For example <c>720p</c>, in any case: the provider's spelling is sent.</summary>
    public string? Resolution { get; init; }

    /// <summary>Reference images: http(s) URLs, or local files that are uploaded where the provider allows it.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>The reference video, or the one to edit: an http(s) URL, a <c>data:video/…</c> URI or a local file.</summary>
    public string? Video { get; init; }

    /// <summary>The id of the task whose video this one continues.</summary>
    public string? ExtendFrom { get; init; }

    /// <summary>Our own id of this intended generation; null: one is minted. The same key never buys twice.</summary>
    public string? RequestKey { get; init; }
}
