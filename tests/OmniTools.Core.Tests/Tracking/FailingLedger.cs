using OmniTools.Core.Tests.Ledger;
using OmniTools.Errors;
using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Tracking;

/// <summary>A ledger that can be read but, while it fails, not written.</summary>
internal sealed class FailingLedger(ILedgerStore inner) : ForwardingLedger(inner)
{
    /// <summary>Whether writing fails now.</summary>
    public bool IsFailing { get; set; } = true;

    public override Task<SubmissionLease?> TryBeginAsync(RequestRecord intent, RequestRecord? known,
        Action<LedgerDay> check, CancellationToken cancellationToken)
    {
        Check();
        return base.TryBeginAsync(intent, known, check, cancellationToken);
    }

    public override Task<RequestRecord?> UpdateAsync(string reference, string provider,
        Func<RequestRecord, RequestRecord?> change, CancellationToken cancellationToken)
    {
        Check();
        return base.UpdateAsync(reference, provider, change, cancellationToken);
    }

    public override Task<RequestRecord> AdoptAsync(string provider, VideoTaskReport report,
        CancellationToken cancellationToken)
    {
        Check();
        return base.AdoptAsync(provider, report, cancellationToken);
    }

    public override Task RecordFileAsync(VideoTask task, int index, string path, string sha256, long bytes,
        CancellationToken cancellationToken)
    {
        Check();
        return base.RecordFileAsync(task, index, path, sha256, bytes, cancellationToken);
    }

    private void Check()
    {
        if (IsFailing)
            throw new OmniException(OmniErrorKind.LedgerUnavailable, "The ledger cannot be written", new()
            {
                Charged = Charged.Unknown,
            });
    }
}
