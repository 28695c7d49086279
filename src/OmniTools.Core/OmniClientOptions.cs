using OmniTools.Configuration;
using OmniTools.Http;
using OmniTools.Ledger;
using OmniTools.Waiting;

namespace OmniTools;

/// <summary>Replacements for the network, the clock and the random numbers of a client.</summary>
public sealed record OmniClientOptions
{
    /// <summary>Opens the ledger, when it is first used.</summary>
    public required Func<OmniSettings, TimeProvider, ILedgerStore> LedgerFactory { get; init; }

    /// <summary>Answers API calls and downloads alike; null: the network. The sandbox is one.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>The clock. The default is the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Gives numbers from 0 to 1, for delays between attempts. The default is the system's generator.
    /// </summary>
    public Func<double>? Randomizer { get; init; }

    /// <summary>The most polls a second that waits of this client begin at one provider. The default is 10.</summary>
    public int PollsPerSecond { get; init; } = WaitingConstants.MaximumPerSecond;

    /// <summary>The most polls of one provider that are under way at once. The default is 8.</summary>
    public int PollsInFlight { get; init; } = WaitingConstants.MaximumInFlight;

    /// <summary>
    /// The circuit breakers to use. The default is those that the work of this process shares; a client with a handler
    /// or a clock of its own has its own.
    /// </summary>
    internal CircuitBreakers? Breakers { get; init; }
}
