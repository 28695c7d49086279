using OmniTools.Providers;
using OmniTools.VideoTasks;

namespace OmniTools.Ledger;

/// <summary>
/// Where requests and what became of them are stored. Each method is one transaction, committed to disk when it
/// completes. Methods throw <see cref="Errors.OmniErrorKind.LedgerUnavailable"/> when the store cannot be used. Safe
/// for use from several threads.
/// </summary>
public interface ILedgerStore : IAsyncDisposable
{
    /// <summary>Where the ledger is, for people: a file, or a server and database. Never contains a password.</summary>
    string Location { get; }

    /// <summary>
    /// Inserts an intent, or begins the next attempt of <paramref name="known"/>. <paramref name="check"/> sees the
    /// day's totals in the same transaction and refuses by throwing. Returns null when the request is no longer as
    /// <paramref name="known"/> says.
    /// </summary>
    internal Task<SubmissionLease?> TryBeginAsync(RequestRecord intent, RequestRecord? known, Action<LedgerDay> check,
        CancellationToken cancellationToken);

    /// <summary>
    /// Applies <paramref name="change"/> to the stored request, found by request key or task id, and returns it as it
    /// is stored then. A change that returns null changes nothing. Returns null when there is no such request. Never
    /// fails on a constraint.
    /// </summary>
    internal Task<RequestRecord?> UpdateAsync(string reference, string provider,
        Func<RequestRecord, RequestRecord?> change, CancellationToken cancellationToken);

    /// <summary>
    /// Records what a provider reports of a task that was made elsewhere, once however many ask for it.
    /// </summary>
    internal Task<RequestRecord> AdoptAsync(string provider, VideoTaskReport report,
        CancellationToken cancellationToken);

    /// <summary>Records that a video of a task is saved in a file of this machine.</summary>
    internal Task RecordFileAsync(VideoTask task, int index, string path, string sha256, long bytes,
        CancellationToken cancellationToken);

    /// <summary>The newest request with this request key or task id; null when there is none.</summary>
    internal Task<RequestRecord?> FindAsync(string reference, string? provider, CancellationToken cancellationToken);

    /// <summary>All requests with one of these request keys or task ids, in any order.</summary>
    internal Task<IReadOnlyList<RequestRecord>> FindManyAsync(IReadOnlyCollection<string> references,
        CancellationToken cancellationToken);

    /// <summary>Requests newest first, one page of them.</summary>
    internal Task<VideoTaskPage> ListAsync(VideoTaskQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// What the day's purchases are. With a content hash it also says which unsettled request has the same content.
    /// </summary>
    internal Task<LedgerDay> GetDayAsync(string? contentHash, CancellationToken cancellationToken);

    /// <summary>How long the latest clips of a model took on average; null when not known.</summary>
    internal Task<TimeSpan?> GetAverageDurationAsync(string provider, string? model,
        CancellationToken cancellationToken);

    /// <summary>The latest completed requests of a model that have this length and resolution, 100 at most.</summary>
    internal Task<IReadOnlyList<RequestRecord>> FindCompletedAsync(string provider, string model, int? duration,
        string? resolution, CancellationToken cancellationToken);

    /// <summary>What is stored of batches.</summary>
    internal IBatchStore Batches { get; }
}
