namespace OmniTools.Errors;

/// <summary>Whether money was spent on what an error is about.</summary>
public enum Charged
{
    /// <summary>Certainly not billed.</summary>
    No,
    /// <summary>Billed.</summary>
    Yes,
    /// <summary>May have been billed.</summary>
    Unknown,
}
