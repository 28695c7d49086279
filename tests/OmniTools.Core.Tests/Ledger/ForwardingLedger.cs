using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.VideoTasks;

namespace OmniTools.Core.Tests.Ledger;

/// <summary>Passes everything on to another ledger; a test overrides what it wants to disturb.</summary>
internal abstract class ForwardingLedger(ILedgerStore inner) : ILedgerStore
{
    protected ILedgerStore Inner => inner;

    public string Location => inner.Location;

    public virtual IBatchStore Batches => inner.Batches;

    public virtual Task<SubmissionLease?> TryBeginAsync(RequestRecord intent, RequestRecord? known,
        Action<LedgerDay> check, CancellationToken cancellationToken) =>
        inner.TryBeginAsync(intent, known, check, cancellationToken);

    public virtual Task<RequestRecord?> UpdateAsync(string reference, string provider,
        Func<RequestRecord, RequestRecord?> change, CancellationToken cancellationToken) =>
        inner.UpdateAsync(reference, provider, change, cancellationToken);

    public virtual Task<RequestRecord> AdoptAsync(string provider, VideoTaskReport report,
        CancellationToken cancellationToken) => inner.AdoptAsync(provider, report, cancellationToken);

    public virtual Task RecordFileAsync(VideoTask task, int index, string path, string sha256, long bytes,
        CancellationToken cancellationToken) =>
        inner.RecordFileAsync(task, index, path, sha256, bytes, cancellationToken);

    public virtual Task<RequestRecord?> FindAsync(string reference, string? provider,
        CancellationToken cancellationToken) =>
        inner.FindAsync(reference, provider, cancellationToken);

    public virtual Task<IReadOnlyList<RequestRecord>> FindManyAsync(
        IReadOnlyCollection<string> references,
        CancellationToken cancellationToken) => inner.FindManyAsync(references, cancellationToken);

    public virtual Task<VideoTaskPage> ListAsync(VideoTaskQuery query, CancellationToken cancellationToken) =>
        inner.ListAsync(query, cancellationToken);

    public virtual Task<LedgerDay> GetDayAsync(string? contentHash, CancellationToken cancellationToken) =>
        inner.GetDayAsync(contentHash, cancellationToken);

    public virtual Task<TimeSpan?> GetAverageDurationAsync(string provider, string? model,
        CancellationToken cancellationToken) => inner.GetAverageDurationAsync(provider, model, cancellationToken);

    public virtual Task<IReadOnlyList<RequestRecord>> FindCompletedAsync(string provider, string model, int? duration,
        string? resolution, CancellationToken cancellationToken) =>
        inner.FindCompletedAsync(provider, model, duration, resolution, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
