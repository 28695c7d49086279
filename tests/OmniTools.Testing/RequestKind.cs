namespace OmniTools.Testing;

/// <summary>Which requests a fault waits for.</summary>
public enum RequestKind
{
    /// <summary>A submission or an upload.</summary>
    Post,
    /// <summary>A read of a task or the balance.</summary>
    Get,
    /// <summary>A result file, GET or HEAD.</summary>
    File,
}
