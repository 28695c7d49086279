namespace OmniTools.Sandbox.Providers;

/// <summary>What an upload endpoint takes.</summary>
internal enum UploadKind
{
    /// <summary>JPEG or PNG, up to 20 MB.</summary>
    Image,
    /// <summary>MP4, MOV or WebM, up to 50 MB.</summary>
    Video,
}
