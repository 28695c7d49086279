using System.ComponentModel;
using System.Management.Automation;
using OmniTools.Diagnostics;
using OmniTools.Errors;
using OmniTools.PowerShell.Progress;
using OmniTools.PowerShell.Session;

namespace OmniTools.PowerShell.Pipeline;

/// <summary>
/// The ground of every cmdlet: work runs on the pool, the pipeline's thread writes what it brings. Stopping cancels, and so
/// does a downstream that wants no more; nothing that was begun outlives the cmdlet.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class OmniCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly PipelineQueue queue = new();
    private Timer? ticker;
    private ClientLease? lease;
    private IDisposable? observation;
    private bool disposed;
    private bool stopsNext;

    private protected static OmniSession Session => OmniSession.Current;

    private protected OmniClient Client => (lease ??= TakeLease()).Client;

    private protected int Running => queue.Running;

    /// <summary>The cmdlet's progress; taken away however the cmdlet ends.</summary>
    private protected ProgressBars? Progress { get; private set; }

    /// <summary>Whether work in flight is cancelled when a downstream wants no more or another work fails for good. A stop by the user always cancels.</summary>
    private protected virtual bool CancelsWhenAbandoned => true;

    /// <summary>
    /// How long a call is held while its provider is unavailable: ten minutes in a pipeline, whose list an outage would use up. A single
    /// call gives up after seconds, for somebody waits for it.
    /// </summary>
    private protected TimeSpan HoldFor =>
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
        observation?.Dispose();
    });

    /// <inheritdoc/>
    protected override void StopProcessing() => stopping.Cancel();

    private protected virtual void Begin()
    {
    }

    private protected abstract void Process();

    private protected virtual void End()
    {
    }

    /// <summary>Shows progress from now on; <paramref name="draw"/> is called every second, for time passes also while nothing is heard.</summary>
    private protected void ShowProgress(string activity, Action draw)
    {
        Progress = new(this, activity);
        ticker = new(_ => Post(draw), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>Begins work on the pool, heard by -Verbose and -Debug.</summary>
    private protected void Start(Func<CancellationToken, Task> work)
    {
        queue.Start(async () =>
        {
            using (ListenToTrace())
                await work(stopping.Token).ConfigureAwait(false);
        });
    }

    /// <summary>Begins work on one item: what goes wrong with it is an error of that item, and the others go on.</summary>
    /// <param name="item">What the error record gives as its target.</param>
    /// <param name="work">The work.</param>
    /// <param name="about">Gives the item in words, on the pipeline's thread.</param>
    private protected void Start(
        object? item, Func<CancellationToken, Task> work, Func<OmniException, string?> about) => Start(async cancellationToken =>
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

    /// <summary>Does on the pipeline's thread what concerns one item; what goes wrong with it is an error of that item.</summary>
    private protected void RunForItem(object? item, Func<OmniException, string?> about, Action step)
    {
        try
        {
            using (ListenToTrace())
                step();
        }
        catch (OmniException problem) when (!EndsCommand(problem))
        {
            Fail(problem, item, about(problem));
        }
    }

    /// <summary>Whether an error ends the cmdlet because no other item could fare better.</summary>
    private protected virtual bool EndsCommand(OmniException problem) => ErrorRecords.IsFatal(problem.Kind);

    /// <summary>Takes the error of one item, on the pipeline's thread.</summary>
    private protected virtual void Fail(OmniException problem, object? item, string? about) =>
        WriteItemError(ErrorRecords.Create(problem, item, about));

    /// <summary>Writes an error. Under -ErrorAction Stop it is the last thing written, so what is paid for comes first.</summary>
    private protected void WriteItemError(ErrorRecord record)
    {
        if (stopsNext)
        {
            WriteDetail($"Another error: {record}");
            return;
        }
        if (this.StopsOnErrors())
        {
            stopsNext = true;
            DrainReady();
            DrainRest();
        }
        WriteError(record);
    }

    private protected void WriteTask(VideoTasks.VideoTask task) => Show(Views.Shown(task));

    /// <summary>Writes an object of ours, which the first one's views are loaded for: no request waits for them.</summary>
    private protected void Show(object item)
    {
        Views.Load(MyInvocation.MyCommand.Module);
        WriteObject(item);
    }

    private protected void Post(Action write) => queue.Post(write);

    private protected void DrainReady() => queue.DrainReady();

    private protected void DrainUntil(int running) => queue.DrainUntil(running, finishes: !CancelsWhenAbandoned);

    private protected IDisposable ListenToTrace() => OmniTrace.Listen((level, line) =>
        Post(level == TraceLevel.Debug ? () => WriteDebug(line) : () => WriteDetail(line)));

    /// <summary>A line for -Verbose. Under -Debug the engine asks before every such line whether to go on; as debug lines they are just shown.</summary>
    private protected void WriteDetail(string line)
    {
        if (MyInvocation.BoundParameters.ContainsKey("Debug"))
            WriteDebug(line);
        else
            WriteVerbose(line);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends what was begun. Reached on every path, an upstream's failure included, where EndProcessing is not.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || disposed)
            return;
        disposed = true;
        ticker?.Dispose();
        observation?.Dispose();
        Abandon();
        queue.Dispose();
        lease?.Dispose();
        stopping.Dispose();
    }

    private void Abandon()
    {
        if (CancelsWhenAbandoned)
            stopping.Cancel();
        queue.Abandon();
    }

    // Everything a Write call throws is flow control (a stop, Select-Object -First, -ErrorAction Stop): it must go on its way,
    // but not before the work it ends has ended.
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

    // The client is made once and serves many commands: each begins its own story with whom it asks, and as whom.
    private ClientLease TakeLease()
    {
        var taken = Session.Lease();
        foreach (var line in OmniProvider.DescribeProviders(taken.Client.Settings))
            WriteDetail(line);
        if (HoldFor > TimeSpan.Zero)
            observation = taken.Client.ObserveProviderHealth(notice => Post(() => OutageNotices.Write(this, notice)));
        return taken;
    }

    // What goes on although the cmdlet fails is still shown.
    private void DrainRest()
    {
        try
        {
            if (!CancelsWhenAbandoned)
                queue.DrainUntil(0, finishes: true);
        }
        catch (OmniException)
        {
            // The failure that is on its way already came first.
        }
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
            // A stopping pipeline takes no more records; the host clears its progress itself.
        }
    }
}
