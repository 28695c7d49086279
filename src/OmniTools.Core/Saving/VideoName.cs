using System.Globalization;

namespace OmniTools.Saving;

/// <summary>The name a video shall have, and the ones it gets when others have that already: <c>name.mp4</c>, <c>name-2.mp4</c> …</summary>
internal sealed record VideoName(string Root, IReadOnlyList<string> Folders, string Stem, string Extension)
{
    private static readonly StringComparison Case = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    /// <summary>The folder of the file, below the one to save in.</summary>
    public string Folder { get; } = Path.Combine([Path.GetFullPath(Root), .. Folders]);

    /// <summary>The <paramref name="number"/>th choice, from 1.</summary>
    public string Choice(int number) =>
        Path.Combine(Folder, number == 1 ? Stem + Extension : string.Create(CultureInfo.InvariantCulture, $"{Stem}-{number}{Extension}"));

    /// <summary>Whether a path is one of the choices.</summary>
    public bool Includes(string path)
    {
        if (!string.Equals(Path.GetDirectoryName(path), Folder, Case) || !string.Equals(Path.GetExtension(path), Extension, Case))
            return false;
        var stem = Path.GetFileNameWithoutExtension(path);
        return string.Equals(stem, Stem, Case)
            || (stem.Length > Stem.Length + 1 && stem.StartsWith(Stem + "-", Case) && stem.AsSpan(Stem.Length + 1).IndexOfAnyExceptInRange('0', '9') < 0);
    }

    /// <summary>Whether two paths are the same.</summary>
    public static bool Same(string path, string? other) => string.Equals(path, other, Case);

    /// <summary>The sidecar of a file.</summary>
    public static string SidecarOf(string path) => Path.ChangeExtension(path, ".json");
}
