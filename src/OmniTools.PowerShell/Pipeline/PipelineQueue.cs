using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace OmniTools.PowerShell.Pipeline;

/// <summary>
/// Carries what background work has to say to the pipeline's one thread. Unbounded: a bounded queue deadlocks when the
/// pipeline's thread waits for the work that waits for room.
/// </summary>
internal sealed class PipelineQueue : IDisposable
{
    private readonly record struct Message(Action? Write, bool EndsWork);

    private readonly BlockingCollection<Message> messages = [];
    private readonly object gate = new();
    private ExceptionDispatchInfo? failure;
    private bool closed;

    /// <summary>Works begun and not ended, as the pipeline's thread has seen it.</summary>
    public int Running { get; private set; }

    /// <summary>Begins work on the pool. An exception it ends with is thrown by <see cref="DrainUntil"/>.</summary>
    public void Start(Func<Task> work)
    {
        Running++;
        _ = Task.Run(async () =>
        {
            Action? fail = null;
            try
            {
                await work().ConfigureAwait(false);
            }
            catch (Exception caught)
            {
                // The first failure is the cause; cancellations that follow it are its consequence.
                var info = ExceptionDispatchInfo.Capture(caught);
                fail = () =>
                    failure = failure is null or { SourceException: OperationCanceledException } ? info : failure;
            }
            Add(new(fail, EndsWork: true));
        });
    }

    /// <summary>
    /// Queues <paramref name="write"/> for the pipeline thread; ignored after the cmdlet has ended. Thread safe.
    /// </summary>
    public void Post(Action write) => Add(new(write, EndsWork: false));

    /// <summary>Writes what is there, without waiting.</summary>
    public void DrainReady()
    {
        while (messages.TryTake(out var message))
            Handle(message);
    }

    /// <summary>Writes until no more than <paramref name="running"/> works are left.</summary>
    /// <param name="running">How many may go on.</param>
    /// <param name="finishes">
    /// Whether a failure is thrown only after all other work has ended and its output is written.
    /// </param>
    public void DrainUntil(int running, bool finishes)
    {
        DrainReady();
        while (failure is null ? Running > running : finishes && Running > 0)
            Handle(messages.Take());
        failure?.Throw();
    }

    /// <summary>Writes the output of all work after a failure that is already being thrown.</summary>
    public void DrainRest()
    {
        try
        {
            DrainUntil(0, finishes: true);
        }
        catch (OmniException)
        {
            // Only the first failure is thrown.
        }
    }

    /// <summary>Waits for all work that was started, and writes nothing of it.</summary>
    public void Abandon()
    {
        while (Running > 0)
        {
            if (messages.Take().EndsWork)
                Running--;
        }
    }

    /// <summary>Drops what comes from now on.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            messages.Dispose();
        }
    }

    private void Add(Message message)
    {
        lock (gate)
        {
            if (!closed)
                messages.Add(message);
        }
    }

    private void Handle(Message message)
    {
        if (message.EndsWork)
            Running--;
        message.Write?.Invoke();
    }
}
