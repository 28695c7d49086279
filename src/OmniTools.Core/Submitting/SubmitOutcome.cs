using OmniTools.Errors;
using OmniTools.Providers;

namespace OmniTools.Submitting;

/// <summary>The outcome of a submission: exactly one of the three.</summary>
internal abstract record SubmitOutcome
{
    private SubmitOutcome()
    {
    }

    /// <summary>The provider has it.</summary>
    public sealed record Accepted(VideoTaskReport Report) : SubmitOutcome;

    /// <summary>Certainly not accepted, so certainly not billed.</summary>
    public sealed record Rejected(OmniException Reason) : SubmitOutcome
    {
        /// <summary>
        /// Whether the same request can be sent again unchanged: the provider took no requests, or was not reached.
        /// </summary>
        public bool IsTemporary { get; init; }

        /// <summary>How long the provider asks to wait before it.</summary>
        public TimeSpan? RetryAfter { get; init; }
    }

    /// <summary>Sent, and it is not known whether it was accepted.</summary>
    public sealed record Unknown(OmniException Reason) : SubmitOutcome;
}
