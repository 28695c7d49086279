namespace OmniTools.Batches;

/// <summary>How far a row is.</summary>
/// <remarks>64 bits wide, because ConvertTo-Json writes such enums as words and others as numbers.</remarks>
public enum VideoBatchRowState : long
{
    /// <summary>Not submitted yet.</summary>
    ToSubmit,
    /// <summary>Submitted, and it may have been accepted: its outcome is not known.</summary>
    Unknown,
    /// <summary>The provider is working on it.</summary>
    Running,
    /// <summary>The clip is made and has no file yet.</summary>
    ToDownload,
    /// <summary>The clip has a file.</summary>
    Saved,
    /// <summary>Refused by the provider, or its generation failed, or its clip is lost: it is not tried again by itself.</summary>
    Failed,
    /// <summary>The row cannot be submitted as it is.</summary>
    Invalid,
}
