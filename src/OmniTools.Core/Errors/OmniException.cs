using System.Text;

namespace OmniTools.Errors;

/// <summary>
/// The one exception of OmniTools. Its message says what happened, what was received and allowed, whether money was
/// spent, and what to do next; the same facts are properties for programs.
/// </summary>
/// <param name="kind">The kind, for programs.</param>
/// <param name="summary">What happened, in one sentence.</param>
/// <param name="details">The other facts. The default is none, and that it may have been billed.</param>
/// <param name="inner">The cause.</param>
public sealed class OmniException(
    OmniErrorKind kind, string summary, ErrorDetails? details = null, Exception? inner = null)
    : Exception(summary, inner)
{
    /// <summary>The placeholder for the name of <see cref="Field"/> in <see cref="ErrorDetails.NextStep"/>.</summary>
    public const string FieldName = "{field}";

    /// <summary>The kind, for programs.</summary>
    public OmniErrorKind Kind => kind;

    /// <summary>What happened, in one sentence without the details.</summary>
    public string Summary => base.Message;

    /// <summary>The facts beside kind and summary, which are also properties of the exception.</summary>
    public ErrorDetails Details { get; } = details ?? new();

    /// <inheritdoc cref="ErrorDetails.Field"/>
    public string? Field => Details.Field;

    /// <inheritdoc cref="ErrorDetails.Received"/>
    public string? Received => Details.Received;

    /// <inheritdoc cref="ErrorDetails.Allowed"/>
    public string? Allowed => Details.Allowed;

    /// <summary>What to do now.</summary>
    public string? NextStep => Details.NextStep?.Replace(FieldName, Field, StringComparison.Ordinal);

    /// <inheritdoc cref="ErrorDetails.Charged"/>
    public Charged Charged => Details.Charged;

    /// <inheritdoc cref="ErrorDetails.WasFree"/>
    public bool WasFree => Details.WasFree;

    /// <inheritdoc cref="ErrorDetails.WasSent"/>
    public bool WasSent => Details.WasSent;

    /// <inheritdoc cref="ErrorDetails.Provider"/>
    public string? Provider => Details.Provider;

    /// <inheritdoc cref="ErrorDetails.RequestKey"/>
    public string? RequestKey => Details.RequestKey;

    /// <inheritdoc cref="ErrorDetails.TaskId"/>
    public string? TaskId => Details.TaskId;

    /// <inheritdoc cref="ErrorDetails.ProviderCode"/>
    public string? ProviderCode => Details.ProviderCode;

    /// <inheritdoc cref="ErrorDetails.ProviderMessage"/>
    public string? ProviderMessage => Details.ProviderMessage;

    /// <inheritdoc cref="ErrorDetails.HttpStatus"/>
    public int? HttpStatus => Details.HttpStatus;

    /// <inheritdoc cref="ErrorDetails.RequestId"/>
    public string? RequestId => Details.RequestId;

    /// <inheritdoc cref="ErrorDetails.RetryAt"/>
    public DateTimeOffset? RetryAt => Details.RetryAt;

    /// <inheritdoc cref="ErrorDetails.Step"/>
    public string? Step => Details.Step;

    /// <inheritdoc/>
    public override string Message
    {
        get
        {
            var text = new StringBuilder();
            if (Step is not null)
                text.Append(Step).Append(": ");
            text.Append(Summary.TrimEnd('.')).Append('.');
            if (Field is not null)
                text.Append(Field.StartsWith('-') ? " Parameter: " : " Field: ").Append(Field).Append('.');
            if (Received is not null)
                text.Append(" Received: ").Append(Received).Append('.');
            if (Allowed is not null)
                text.Append(" Allowed: ").Append(Allowed).Append('.');
            if (ProviderMessage is not null)
                text.Append(" The provider says: \"").Append(ProviderMessage).Append("\".");
            text.Append(' ').Append(DescribeBilling());
            if (NextStep is not null)
                text.Append(' ').Append(NextStep.TrimEnd('.')).Append('.');
            return text.ToString();
        }
    }

    /// <summary>The same error with other facts; this one is its inner exception.</summary>
    public OmniException With(ErrorDetails details, string? summary = null) =>
        new(Kind, summary ?? Summary, details, this);

    private string DescribeBilling() => Charged switch
    {
        Charged.Yes when WasFree => "This call cost nothing; the clip itself was billed.",
        Charged.Unknown when WasFree => "This call cost nothing; the clip itself may have been billed.",
        Charged.Yes => "This was billed.",
        Charged.No when WasSent => "Nothing was billed.",
        Charged.No => "Nothing was sent or billed.",
        _ => "It may have been billed.",
    };
}
