using System.ComponentModel;
using OmniTools.PowerShell.Progress;
using OmniTools.PowerShell.Session;

namespace OmniTools.PowerShell.Pipeline;

/// <summary>
/// Base class of all cmdlets: work runs on the thread pool, output is written on the pipeline thread. Stopping cancels
/// the work, as does a downstream command that needs no more output. No work outlives the cmdlet.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class OmniCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly PipelineQueue queue = new();
    private readonly CommandTrace trace;
    private readonly ItemErrors errors;
    private readonly CommandClient client;
    private Timer? ticker;
    private bool disposed;
    private bool wasAbandoned;

    private protected OmniCmdlet()
    {
        trace = new(this, queue);
        client = new(this, trace, queue);
        errors = new(this, trace, () =>
        {
            DrainReady();
            DrainRest();
        });
    }

    private protected static OmniSession Session => OmniSession.Current;

    private protected OmniClient Client => client.Get(isHeld: HoldFor > TimeSpan.Zero);

    private protected int Running => queue.Running;

    /// <summary>The progress bars; removed however the cmdlet ends.</summary>
    private protected ProgressBars? Progress { get; private set; }

    /// <summary>
    /// Whether running work is cancelled when a downstream command needs no more output or other work fails fatally. A
    /// stop by the user always cancels.
    /// </summary>
    private protected virtual bool CancelsWhenAbandoned => true;

    /// <summary>
    /// How long a call is held while its provider is unavailable: ten minutes in a pipeline, so that an outage does not
    /// fail the whole list. A single call fails after seconds, because somebody waits for it.
    /// </summary>
    private protected virtual TimeSpan HoldFor =>
        MyInvocation.ExpectingInput || MyInvocation.PipelineLength > 1 ? TimeSpan.FromMinutes(10) : TimeSpan.Zero;

    /// <inheritdoc/>
    protected sealed override void BeginProcessing() => Guard(Begin);

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Guard(Process);

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Guard(() =>
    {
        End();
        DrainUntil(0);
        Progress?.Complete();
        client.EndObservation();
    });

    /// <inheritdoc/>
    protected override void StopProcessing() => stopping.Cancel();

    private protected abstract void Process();

    private protected virtual void Begin()
    {
    }

    private protected virtual void End()
    {
    }

    /// <summary>Shows progress bars and calls <paramref name="draw"/> every second to update the times.</summary>
    private protected void ShowProgress(string activity, Action draw)
    {
        Progress = new(this, activity);
        ticker = new(_ => Post(draw), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>Starts work on the thread pool and traces it for -Verbose and -Debug.</summary>
    private protected void Start(Func<CancellationToken, Task> work) => queue.Start(async () =>
    {
        using (EnterTrace())
            await work(stopping.Token).ConfigureAwait(false);
    });

    /// <summary>Starts work on one item. Its failure is an error of that item; the others continue.</summary>
    /// <param name="item">The target of the error record.</param>
    /// <param name="work">The work.</param>
    /// <param name="about">Describes the item; called on the pipeline thread.</param>
    private protected void Start(object? item, Func<CancellationToken, Task> work,
        Func<OmniException, string?> about) => Start(async cancellationToken =>
    {
        try
        {
            await work(cancellationToken).ConfigureAwait(false);
        }
        catch (OmniException problem) when (!EndsCommand(problem) && !cancellationToken.IsCancellationRequested)
        {
            Post(() => Fail(problem, item, about(problem)));
        }
    });

    /// <summary>Runs work and writes all output until it has ended; null if there is no result.</summary>
    private protected T? RunAndDrain<T>(Func<OmniClient, CancellationToken, Task<T>> work)
        where T : class
    {
        T? result = null;
        var current = Client;
        Start(async cancellationToken => result = await work(current, cancellationToken).ConfigureAwait(false));
        DrainUntil(0);
        return result;
    }

    /// <summary>Runs work on the thread pool and waits for its result. A stop cancels it.</summary>
    private protected T Run<T>(Func<CancellationToken, Task<T>> work) =>
        Task.Run(() => work(stopping.Token)).GetAwaiter().GetResult();

    /// <summary>Reads items one by one, and waits for each. A stop cancels it.</summary>
    private protected IEnumerable<T> Run<T>(IAsyncEnumerable<T> items) => items.ToBlockingEnumerable(stopping.Token);

    /// <summary>Runs a step for one item on the pipeline thread. Its failure is an error of that item.</summary>
    private protected void RunForItem(object? item, Func<OmniException, string?> about, Action step)
    {
        try
        {
            using (EnterTrace())
                step();
        }
        catch (OmniException problem) when (!EndsCommand(problem))
        {
            Fail(problem, item, about(problem));
        }
    }

    /// <summary>Whether an error ends the cmdlet because every other item would fail too.</summary>
    private protected virtual bool EndsCommand(OmniException problem) => ErrorRecords.IsFatal(problem.Kind);

    /// <summary>Handles the error of one item, on the pipeline thread.</summary>
    private protected virtual void Fail(OmniException problem, object? item, string? about) =>
        WriteItemError(ErrorRecords.Create(problem, item, about));

    /// <inheritdoc cref="ItemErrors.Write"/>
    private protected void WriteItemError(ErrorRecord record) => errors.Write(record);

    private protected void Post(Action write) => queue.Post(write);

    private protected void DrainReady() => queue.DrainReady();

    private protected void DrainUntil(int running) => queue.DrainUntil(running, finishes: !CancelsWhenAbandoned);

    private protected IDisposable EnterTrace() => trace.Enter();

    /// <summary>Writes a line for -Verbose.</summary>
    private protected void WriteDetail(string line) => trace.Write(line);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends all work. Called on every path, also if an upstream command fails, unlike EndProcessing.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || disposed)
            return;
        disposed = true;
        ticker?.Dispose();
        client.EndObservation();
        Abandon();
        queue.Dispose();
        trace.Dispose();
        client.Dispose();
        stopping.Dispose();
    }

    /// <summary>Called when nobody wants more of what is under way.</summary>
    private protected virtual void OnAbandoned()
    {
    }

    private void Abandon()
    {
        if (!wasAbandoned && queue.Running > 0)
            OnAbandoned();
        wasAbandoned = true;
        if (CancelsWhenAbandoned)
            stopping.Cancel();
        queue.Abandon();
    }

    // Exceptions of Write calls are flow control (a stop, Select-Object -First, -ErrorAction Stop). They are rethrown
    // after the work that they end has ended.
    private void Guard(Action step)
    {
        try
        {
            step();
        }
        catch when (stopping.IsCancellationRequested)
        {
            EndWork();
            throw new PipelineStoppedException();
        }
        catch (OmniException problem)
        {
            DrainRest();
            EndWork();
            ThrowTerminatingError(ErrorRecords.Create(problem, null));
        }
        catch
        {
            EndWork();
            throw;
        }
    }

    // Writes the output of work that continues although the cmdlet fails.
    private void DrainRest()
    {
        if (!CancelsWhenAbandoned)
            queue.DrainRest();
    }

    private void EndWork()
    {
        Abandon();
        try
        {
            Progress?.Complete();
        }
        catch (PipelineStoppedException)
        {
            // A stopping pipeline accepts no records; the host clears the progress itself.
        }
    }
}
