using OmniTools.Providers;
using OmniTools.Requests;
using OmniTools.VideoTasks;

namespace OmniTools.Ledger;

/// <summary>
/// What was sent, beside what a task shows of it: what a resend has to repeat, and which account can settle it.
/// </summary>
internal sealed record SentRequest
{
    /// <summary>The base address it was sent to.</summary>
    public string? BaseAddress { get; init; }

    /// <summary>The account it was sent for, as a fingerprint of its key.</summary>
    public string? Account { get; init; }

    /// <summary>The fields that a task does not show: references as they were sent.</summary>
    public required VideoRequest Request { get; init; }

    /// <summary>SHA-256 of the request, local files by their content.</summary>
    public string? ContentHash { get; init; }

    /// <summary>SHA-256 of the body.</summary>
    public string? BodyHash { get; init; }

    /// <summary>What it was estimated to cost, in credits; null when not known.</summary>
    public decimal? Estimate { get; init; }

    /// <summary>The hash of the row of a list that it is; null for a request of its own.</summary>
    public string? RowHash { get; init; }
}

/// <summary>The file of a video, counted from 0, on one machine.</summary>
internal sealed record SavedFile(int Position, string Machine, string Path, string Sha256, long Bytes);

/// <summary>
/// Everything that the ledger knows of one request key. Transitions return a changed copy, or null when nothing
/// changes.
/// </summary>
internal sealed record RequestRecord
{
    /// <summary>The task as people see it.</summary>
    public required VideoTask Task { get; init; }

    /// <summary>How far the submission is.</summary>
    public required LedgerState State { get; init; }

    /// <summary>What was sent; null for a task that was made elsewhere.</summary>
    public SentRequest? Sent { get; init; }

    /// <summary>The number of the latest attempt, from 1; 0 for a task that was made elsewhere.</summary>
    public int Attempt { get; init; }

    /// <summary>When the request was first sent; a resend of an unknown request keeps it.</summary>
    public DateTimeOffset FirstSentAt { get; init; }

    /// <summary>When the latest attempt began.</summary>
    public DateTimeOffset LastSentAt { get; init; }

    /// <summary>When it was last changed: the request was last sent before that.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The UTC day on which it counts as a purchase; null: on none.</summary>
    public DateOnly? CountedDay { get; init; }

    /// <summary>The name of the submission that is under way.</summary>
    public string? Owner { get; init; }

    /// <summary>When other machines may take the submission for abandoned; null where a lock file shows it.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>The files that its videos were saved to, on all machines.</summary>
    public IReadOnlyList<SavedFile> Files { get; init; } = [];

    /// <summary>How long the provider took to generate the clip.</summary>
    public int? GenerationSeconds { get; init; }

    /// <summary>The ledger's time when this was read.</summary>
    public DateTimeOffset ReadAt { get; init; }

    /// <summary>Whether a provider can no longer be believed about the request key.</summary>
    public bool IsTooOldToSettle => ReadAt - FirstSentAt > LedgerConstants.SettlementWindow;

    /// <summary>Whether a provider may not show yet what it accepted.</summary>
    public bool IsTooNewToSettle => SentAgo < LedgerConstants.ReadDelay;

    /// <summary>How long ago, at least, the request was last sent.</summary>
    public TimeSpan SentAgo => ReadAt - UpdatedAt;

    /// <summary>A request that is about to be sent for the first time.</summary>
    public static RequestRecord Intend(VideoTask task, SentRequest sent) =>
        new() { Task = task, Sent = sent, State = LedgerState.Intended };

    /// <summary>A task that was made elsewhere.</summary>
    public static RequestRecord Adopt(string key, string provider, VideoTaskReport report, DateTimeOffset now) =>
        new RequestRecord
        {
            Task = new()
            {
                RequestKey = key,
                Provider = provider,
                Status = report.Status,
                CreatedAt = report.CreatedAt ?? now,
            },
            State = LedgerState.Accepted,
            FirstSentAt = now,
            LastSentAt = now,
            UpdatedAt = now,
        }.Apply(report);

    /// <summary>Begins an attempt: the first, or the next one of <paramref name="known"/>.</summary>
    public RequestRecord Begin(RequestRecord? known, DateTimeOffset now, string owner, DateTimeOffset? leaseUntil)
    {
        var firstSentAt = known is { State: LedgerState.Unknown } ? known.FirstSentAt : now;
        return this with
        {
            State = LedgerState.Intended,
            Attempt = (known?.Attempt ?? 0) + 1,
            FirstSentAt = firstSentAt,
            LastSentAt = now,
            UpdatedAt = now,
            CountedDay = LedgerDay.GetDay(now),
            Owner = owner,
            LeaseUntil = leaseUntil,
            ReadAt = now,
            Task = Task with { Status = VideoTaskStatus.Submitting, CreatedAt = firstSentAt, Error = null },
        };
    }

    /// <summary>
    /// The provider has the request, or reports on the task. Whatever the state was: an id is never forgotten.
    /// </summary>
    public RequestRecord Apply(VideoTaskReport report)
    {
        // A slower process may report what it saw before the task ended, and a clip that was made stays made.
        var isLate = State == LedgerState.Accepted && Task.Status.IsTerminal()
            && (!report.Status.IsTerminal() || Task.Status == VideoTaskStatus.Completed);
        var task = Task with
        {
            Id = Task.Id ?? report.Id,
            Model = report.Model ?? Task.Model,
            CompletedAt = report.CompletedAt ?? Task.CompletedAt,
            EstimatedSeconds = report.EstimatedSeconds ?? Task.EstimatedSeconds,
            Cost = report.Cost ?? Task.Cost,
            Credits = report.Credits ?? Task.Credits,
            Videos = report.Videos.Count > 0
                ? [.. report.Videos.Select((video, i) => WithFile(video, Task.Videos.ElementAtOrDefault(i)))]
                : Task.Videos,
        };
        return this with
        {
            State = LedgerState.Accepted,
            GenerationSeconds = report is { Status: VideoTaskStatus.Completed }
                && report.CompletedAt - report.CreatedAt is { TotalSeconds: > 0 and < 86_400 } took
                ? (int)Math.Ceiling(took.TotalSeconds)
                : GenerationSeconds,
            Task = isLate ? task
                : task with
                {
                    Status = report.Status,
                    RawStatus = report.RawStatus,
                    Progress = report.Progress ?? Task.Progress,
                    Error = report.Error,
                },
        };
    }

    /// <summary>This attempt was certainly not accepted.</summary>
    public RequestRecord? Reject(int attempt, VideoTaskError error) =>
        Attempt != attempt || State == LedgerState.Accepted
        ? null
        : this with
        {
            State = LedgerState.Rejected,
            Task = Task with { Status = VideoTaskStatus.Failed, Error = error },
        };

    /// <summary>This attempt was sent, and it is not known whether it was accepted.</summary>
    public RequestRecord? LoseOutcome(int attempt, VideoTaskError? reason) =>
        Attempt != attempt || State == LedgerState.Accepted
        ? null
        : this with
        {
            State = LedgerState.Unknown,
            Task = Task with
            {
                Status = VideoTaskStatus.Unknown,
                Error = UnknownOutcome.Describe(Task.Provider, Task.RequestKey, reason),
            },
        };

    /// <summary>The provider never accepted this attempt, whose outcome was unknown.</summary>
    public RequestRecord? SettleAsNeverAccepted(int attempt, VideoTaskError error) =>
        State == LedgerState.Unknown ? Reject(attempt, error) : null;

    /// <summary>The same task, adopted before its acceptance was recorded: what is known of it is kept.</summary>
    public RequestRecord Merge(RequestRecord adopted)
    {
        var merged = this with { Files = [.. Files, .. adopted.Files] };
        return !adopted.Task.Status.IsTerminal() || Task.Status.IsTerminal() ? merged : merged with
        {
            GenerationSeconds = adopted.GenerationSeconds,
            Task = Task with
            {
                Status = adopted.Task.Status,
                RawStatus = adopted.Task.RawStatus,
                Progress = adopted.Task.Progress,
                CompletedAt = adopted.Task.CompletedAt,
                Cost = adopted.Task.Cost,
                Credits = adopted.Task.Credits,
                Videos = adopted.Task.Videos,
                Error = adopted.Task.Error,
            },
        };
    }

    /// <summary>A video was saved; a machine has one file of each.</summary>
    public RequestRecord AddFile(SavedFile file) => this with
    {
        Files = [.. Files.Where(each => (each.Position, each.Machine) != (file.Position, file.Machine)), file],
    };

    /// <summary>Whether nothing has happened to the request since <paramref name="other"/> was read.</summary>
    public bool IsSameAs(RequestRecord other) =>
        (State, Attempt, Task.Id) == (other.State, other.Attempt, other.Task.Id);

    /// <summary>Whether <paramref name="other"/> says more or something else about the task.</summary>
    public bool HasChanges(RequestRecord other)
    {
        var (task, fresh) = (Task, other.Task);
        return State != other.State || task.Status != fresh.Status || task.RawStatus != fresh.RawStatus
            || task.Credits != fresh.Credits
            || task.CompletedAt != fresh.CompletedAt || task.Error != fresh.Error
            || !task.Videos.Select(video => video.Url).SequenceEqual(fresh.Videos.Select(video => video.Url));
    }

    // A fresh URL of a video that was saved does not forget the file.
    private static VideoResult WithFile(VideoResult fresh, VideoResult? old) =>
        old?.SavedPath is null ? fresh
            : fresh with { SavedPath = old.SavedPath, SavedOn = old.SavedOn, Sha256 = old.Sha256 };
}
