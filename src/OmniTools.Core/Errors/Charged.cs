namespace OmniTools.Errors;

/// <summary>
/// Whether the clip that an error is about was billed. The call that failed need not be the one that was paid for: a save, or a
/// wait, of a clip that was bought before is an error about a clip that was billed.
/// </summary>
public enum Charged
{
    /// <summary>Certainly not billed.</summary>
    No,
    /// <summary>Billed.</summary>
    Yes,
    /// <summary>May have been billed.</summary>
    Unknown,
}
