namespace OmniTools.Diagnostics;

/// <summary>How much detail a trace line is.</summary>
public enum TraceLevel
{
    /// <summary>What a person follows: provider, key source, request key, polls, retries with their reasons.</summary>
    Verbose,
    /// <summary>HTTP exchanges, without secrets and bodies.</summary>
    Debug,
}
