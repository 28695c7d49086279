using OmniTools.Errors;
using OmniTools.Providers;
using OmniTools.Tasks;

namespace OmniTools.Ledger;

/// <summary>How far a submission is, by the ledger.</summary>
internal enum LedgerState
{
    /// <summary>Intended, and no outcome recorded.</summary>
    Intended,
    /// <summary>The provider has it.</summary>
    Accepted,
    /// <summary>Certainly not accepted.</summary>
    Rejected,
    /// <summary>Sent, outcome not known.</summary>
    Unknown,
}

/// <summary>Everything the ledger knows of one request key, folded from its records.</summary>
internal sealed record LedgerEntry(LedgerRecord First, LedgerState State, VideoTask Task)
{
    /// <summary>The time of the newest record: a submission was last sent before it.</summary>
    public DateTimeOffset LastAt { get; init; }

    /// <summary>Folds the records of one key, oldest first. <paramref name="isAlive"/> tells whether its submission is still under way.</summary>
    public static LedgerEntry Fold(IReadOnlyList<LedgerRecord> records, bool isSandbox, Func<string?, bool> isAlive)
    {
        var first = records[0];
        var task = new VideoTask
        {
            RequestKey = first.Key,
            Provider = first.Provider ?? "",
            Model = first.Model,
            Prompt = first.Prompt,
            AspectRatio = first.AspectRatio,
            Duration = first.Duration,
            Resolution = first.Resolution,
            CreatedAt = first.CreatedAt ?? first.FirstAt,
            Status = VideoTaskStatus.Submitting,
            IsSandbox = isSandbox,
        };
        var state = LedgerState.Intended;
        foreach (var record in records)
        {
            // An id is never forgotten again: a slower process may still report a doubt that has been settled.
            if (state == LedgerState.Accepted && record.Id is null && record.Event is LedgerEvent.Rejected or LedgerEvent.Unknown or LedgerEvent.Settled)
                continue;
            state = record.Event switch
            {
                // Whatever the line: the one that gave the id may be damaged.
                _ when record.Id is not null => LedgerState.Accepted,
                LedgerEvent.Rejected or LedgerEvent.Settled => LedgerState.Rejected,
                LedgerEvent.Unknown => LedgerState.Unknown,
                _ => state,
            };
            task = record.Event == LedgerEvent.Saved ? Saved(task, record) : Told(task, record);
        }
        if (state == LedgerState.Intended && !isAlive(first.Owner))
            state = LedgerState.Unknown;
        return new(first, state, state switch
        {
            LedgerState.Unknown => task with { Status = VideoTaskStatus.Unknown, Error = UnknownOutcome.Describe(task.Provider, task.RequestKey, task.Error) },
            LedgerState.Rejected => task with { Status = VideoTaskStatus.Failed },
            _ => task,
        })
        {
            LastAt = records[^1].At,
        };
    }

    /// <summary>Whether it is still the same sending of the request: an answer about an earlier one says nothing about a later one.</summary>
    public bool IsSameAttempt(LedgerEntry other) =>
        (First.At, First.Owner, First.Again) == (other.First.At, other.First.Owner, other.First.Again);

    /// <summary>A task after what a record tells of it; what the record leaves out stays as it was.</summary>
    public static VideoTask Told(VideoTask task, LedgerRecord record)
    {
        var told = task with
        {
            Id = task.Id ?? record.Id,
            Model = record.Model ?? task.Model,
            CompletedAt = record.CompletedAt ?? task.CompletedAt,
            EstimatedSeconds = record.EstimatedSeconds ?? task.EstimatedSeconds,
            Cost = record.Cost ?? task.Cost,
            Credits = record.Credits ?? task.Credits,
            Videos = record.Videos is { } videos ? Keep(task.Videos, videos) : task.Videos,
        };
        var isWord = VideoTaskStatusWords.TryParse(record.Status, out var status);
        return isWord && IsLate(task, status) ? told : told with
        {
            Status = isWord ? status : task.Status,
            RawStatus = isWord ? record.RawStatus : task.RawStatus,
            Progress = record.Progress ?? task.Progress,
            Error = record.Error,
        };
    }

    // Whether a status was seen before a task ended, and is told only now, by somebody slower.
    private static bool IsLate(VideoTask task, VideoTaskStatus status) => task.Id is not null && task.Status.IsFinal() && !status.IsFinal();

    // A fresh URL of a video that has a file already does not forget the file.
    private static IReadOnlyList<VideoResult> Keep(IReadOnlyList<VideoResult> old, IReadOnlyList<VideoResult> fresh) =>
        [.. fresh.Select((video, i) => i < old.Count && old[i].SavedPath is not null ? video with { SavedPath = old[i].SavedPath, Sha256 = old[i].Sha256 } : video)];

    private static VideoTask Saved(VideoTask task, LedgerRecord record) => task with
    {
        Videos = [.. task.Videos.Select((video, i) => i == record.Index ? video with { SavedPath = record.Path, Sha256 = record.Sha256 } : video)],
    };
}

/// <summary>
/// The words for a submission with an unknown outcome: one next step per provider, which never buys a second clip.
/// </summary>
public static class UnknownOutcome
{
    internal static TaskError Describe(string provider, string key, TaskError? reason = null) => new()
    {
        Kind = OmniErrorKind.OutcomeUnknown,
        Code = reason?.Code,
        Message = $"The request was sent and no answer was recorded: it may have been billed. {NextStep(provider, key)}."
            + (reason is null ? "" : $" Reason: \"{reason.Message.TrimEnd('.')}\""),
        Charged = Charged.Unknown,
    };

    /// <summary>
    /// The one next step. What the provider is documented to do is said to be that, and no more is promised.
    /// </summary>
    public static string NextStep(string provider, string key) => Catalog.Providers.FirstOrDefault(spec => spec.Id == provider) switch
    {
        { ReadsByRequestKey: true } => $"Ask for the task by its request key '{key}': that settles it and buys nothing",
        var spec => $"Repeat this exact request with the request key '{key}': by {spec?.Name ?? "the provider"}'s documentation it returns the existing task. " +
            "Asking for the task cannot settle it",
    };
}
