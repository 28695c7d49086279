using OmniTools.Errors;

namespace OmniTools.Batches.Lists;

/// <summary>The error of a parameter that keeps a batch from being run or shown. Nothing was sent for it.</summary>
internal static class ParameterError
{
    public static OmniException Create(OmniErrorKind kind, string summary, string? parameter, string? received,
        string? allowed, string nextStep, Exception? inner = null) =>
        new(kind, summary, new()
        {
            Charged = Charged.No, // Nothing was sent.
            Field = parameter is null ? null : "-" + parameter,
            Received = received,
            Allowed = allowed,
            NextStep = nextStep,
        }, inner);
}
