using System.Text.Json;

namespace OmniTools.Requests;

/// <summary>What to generate. A property that is not set is not sent: the provider's default applies.</summary>
public sealed record VideoRequest
{
    /// <summary>The text: a scene, or an instruction for the references.</summary>
    public string? Prompt { get; init; }

    /// <summary>What must not be in the clip.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>The provider; null: the configured default.</summary>
    public string? Provider { get; init; }

    /// <summary>The model; null: the provider's default. An unknown name is sent with a warning.</summary>
    public string? Model { get; init; }

    /// <summary>For example <c>16:9</c> or <c>9:16</c>.</summary>
    public string? AspectRatio { get; init; }

    /// <summary>Seconds.</summary>
    public int? Duration { get; init; }

    /// <summary>The quality tier, for example <c>720p</c>, in any case: the provider's word for it is sent.</summary>
    public string? Resolution { get; init; }

    /// <summary>Reference images: http(s) URLs, or local files that are uploaded.</summary>
    public IReadOnlyList<string> Images { get; init => field = value ?? []; } = [];

    /// <summary>The image that the clip begins with: an http(s) URL, or a local file that is uploaded.</summary>
    public string? FirstFrame { get; init; }

    /// <summary>The image that the clip ends with: an http(s) URL, or a local file that is uploaded.</summary>
    public string? LastFrame { get; init; }

    /// <summary>
    /// Reference videos, or the one to edit: http(s) URLs; where the model takes them also <c>data:video/…</c> URIs and
    /// local files.
    /// </summary>
    public IReadOnlyList<string> Videos { get; init => field = value ?? []; } = [];

    /// <summary>Whether the clip has sound; null: the model's default.</summary>
    public bool? Audio { get; init; }

    /// <summary>The seed of the random numbers: the same request with the same seed gives a similar clip.</summary>
    public long? Seed { get; init; }

    /// <summary>The id of the task whose video this one continues.</summary>
    public string? ExtendFrom { get; init; }

    /// <summary>
    /// Fields that only some models have, by their names on the wire; for known models the catalog lists them.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement> Options { get; init => field = value ?? RequestOptions.None; } =
        RequestOptions.None;

    /// <summary>Our own id of this intended generation; null: one is minted. The same key never buys twice.</summary>
    public string? RequestKey { get; init; }
}
