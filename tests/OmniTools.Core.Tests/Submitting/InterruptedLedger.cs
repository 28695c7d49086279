using OmniTools.Core.Tests.Ledger;
using OmniTools.Ledger;

namespace OmniTools.Core.Tests.Submitting;

/// <summary>A ledger beside which another process acts once, just before the first attempt begins.</summary>
internal sealed class InterruptedLedger(ILedgerStore inner, Func<Task> interrupt) : ForwardingLedger(inner)
{
    private bool wasInterrupted;

    public override async Task<SubmissionLease?> TryBeginAsync(RequestRecord intent, RequestRecord? known,
        Action<LedgerDay> check, CancellationToken cancellationToken)
    {
        if (!wasInterrupted)
        {
            wasInterrupted = true;
            await interrupt();
        }
        return await base.TryBeginAsync(intent, known, check, cancellationToken);
    }
}
