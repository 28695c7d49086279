using System.Text;

namespace OmniTools.Errors;

/// <summary>
/// The one exception of OmniTools. Its message says what happened, what was received and allowed, whether money was
/// spent, and what to do next; the same facts are properties for programs.
/// </summary>
public sealed class OmniException : Exception
{
    /// <summary>
    /// Makes an error of <paramref name="kind"/>; <paramref name="what"/> is one sentence without the facts below.
    /// </summary>
    public OmniException(OmniErrorKind kind, string what, Exception? inner = null)
        : base(what, inner) => Kind = kind;

    /// <summary>The kind, for programs.</summary>
    public OmniErrorKind Kind { get; }

    /// <summary>The field, parameter or variable at fault.</summary>
    public string? Field { get; init; }

    /// <summary>
    /// What <see cref="Field"/> is where the error is shown, such as <c>Parameter</c>. The default is <c>Field</c>.
    /// </summary>
    public string FieldLabel { get; init; } = "Field";

    /// <summary>What was given.</summary>
    public string? Received { get; init; }

    /// <summary>What would have been accepted.</summary>
    public string? Allowed { get; init; }

    /// <summary>What to do now.</summary>
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
    public string? Step { get; internal set; }

    /// <summary>The sentence this error was made with, without the facts around it.</summary>
    public string Summary => base.Message;

    /// <inheritdoc/>
    public override string Message
    {
        get
        {
            var text = new StringBuilder(Step is null ? "" : Step + ": ").Append(base.Message.TrimEnd('.')).Append('.');
            if (Field is not null)
                text.Append(' ').Append(FieldLabel).Append(": ").Append(Field).Append('.');
            if (Received is not null)
                text.Append(" Received: ").Append(Received).Append('.');
            if (Allowed is not null)
                text.Append(" Allowed: ").Append(Allowed).Append('.');
            if (ProviderMessage is not null)
                text.Append(" The provider says: \"").Append(ProviderMessage).Append("\".");
            text.Append(' ').Append(Charged switch
            {
                Charged.Yes when WasFree => "This call cost nothing; the clip itself was billed.",
                Charged.Unknown when WasFree => "This call cost nothing; the clip itself may have been billed.",
                Charged.Yes => "This was billed.",
                Charged.No when WasSent => "Nothing was billed.",
                Charged.No => "Nothing was sent or billed.",
                _ => "It may have been billed.",
            });
            if (NextStep is not null)
                text.Append(' ').Append(NextStep.TrimEnd('.')).Append('.');
            return text.ToString();
        }
    }
}
