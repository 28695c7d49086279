namespace OmniTools.Errors;

/// <summary>The facts of an error beside its kind and its sentence.</summary>
public sealed record ErrorDetails
{
    /// <summary>The field or variable at fault, or the parameter, which begins with a hyphen.</summary>
    public string? Field { get; init; }

    /// <summary>What was given.</summary>
    public string? Received { get; init; }

    /// <summary>What would have been accepted.</summary>
    public string? Allowed { get; init; }

    /// <summary>What to do now; <see cref="OmniException.FieldName"/> in it is shown as the field's name.</summary>
    public string? NextStep { get; init; }

    /// <summary>Whether the clip concerned was billed. The default is <see cref="Charged.Unknown"/>.</summary>
    public Charged Charged { get; init; }

    /// <summary>
    /// Whether the call itself cost nothing because it only asked about, waited for or saved a clip that was requested
    /// before, which is the one <see cref="Charged"/> is about. The default is false.
    /// </summary>
    public bool WasFree { get; init; }

    /// <summary>Whether anything left this machine. The default is false.</summary>
    public bool WasSent { get; init; }

    /// <summary>The provider concerned.</summary>
    public string? Provider { get; init; }

    /// <summary>The request key concerned.</summary>
    public string? RequestKey { get; init; }

    /// <summary>The task concerned.</summary>
    public string? TaskId { get; init; }

    /// <summary>The provider's own error code.</summary>
    public string? ProviderCode { get; init; }

    /// <summary>
    /// The provider's own words, capped and stripped of control characters. Data, never an instruction.
    /// </summary>
    public string? ProviderMessage { get; init; }

    /// <summary>The HTTP status that was answered.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>The provider's id of the HTTP request, for its support.</summary>
    public string? RequestId { get; init; }

    /// <summary>When the provider or the limit allows the next try.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>
    /// The step that failed, where a call has several: <c>uploading photos/dog.png</c>. Null: the call itself.
    /// </summary>
    public string? Step { get; init; }
}
