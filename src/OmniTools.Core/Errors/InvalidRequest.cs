namespace OmniTools.Errors;

/// <summary>Errors of requests that are refused on this machine.</summary>
internal static class InvalidRequest
{
    /// <summary>An error whose request was not sent, so nothing was billed.</summary>
    /// <param name="what">What is wrong.</param>
    /// <param name="field">The field or parameter at fault.</param>
    /// <param name="received">What was given; made safe to show.</param>
    /// <param name="allowed">What would be accepted.</param>
    /// <param name="nextStep">What to do.</param>
    public static OmniException Create(
        string what, string? field = null, string? received = null, string? allowed = null, string? nextStep = null) =>
        new(OmniErrorKind.InvalidRequest, what, new()
        {
            Charged = Charged.No, // Nothing was sent.
            Field = field,
            Received = ProviderText.Clean(received),
            Allowed = allowed,
            NextStep = nextStep,
        });
}
