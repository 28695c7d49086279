namespace OmniTools.Gallery;

/// <summary>A saved video as the page links to it.</summary>
internal sealed record GalleryFile
{
    /// <summary>The address of the file, relative to the page where that is possible.</summary>
    public required string Src { get; init; }

    /// <summary>The file's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its size in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Of a file that exists. <paramref name="folder"/> is the page's.</summary>
    public static GalleryFile From(string path, string folder)
    {
        var relative = Path.GetRelativePath(folder, path);
        return new()
        {
            // On another drive of Windows no path leads from the page to the file.
            Src = Path.IsPathRooted(relative)
                ? new Uri(path).AbsoluteUri
                : "./" + string.Join('/', relative.Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString)),
            Name = Path.GetFileName(path),
            Bytes = new FileInfo(path).Length,
        };
    }
}
