using System.Globalization;
using OmniTools.Files;

namespace OmniTools.Saving;

/// <summary>
/// The file names of a video in the order of preference: <c>name.mp4</c>, <c>name-2.mp4</c> … Where a template
/// numbers the files, the number is between stem and <see cref="After"/>: <c>name1.mp4</c>, <c>name2.mp4</c> …
/// </summary>
internal sealed record VideoName(string Root, IReadOnlyList<string> Folders, string Stem, string Extension)
{
    /// <summary>The text after the number; null: the first choice has no number.</summary>
    public string? After { get; init; }

    /// <summary>The folder of the file, below the one to save in.</summary>
    public string Folder { get; } = Path.Combine([Path.GetFullPath(Root), .. Folders]);

    /// <summary>The <paramref name="number"/>th choice, from 1.</summary>
    public string GetPath(int number) => Path.Combine(Folder, GetStem(number) + Extension);

    /// <summary>Whether a path is one of the choices.</summary>
    public bool Includes(string path)
    {
        var (first, after) = (GetPath(1), After + Extension);
        var before = After is null ? first[..^after.Length] + "-" : first[..^(after.Length + 1)];
        return IsSamePath(path, first)
            || (path.Length > before.Length + after.Length
                && path.StartsWith(before, PathText.Comparison) && path.EndsWith(after, PathText.Comparison)
                && path.AsSpan(before.Length..^after.Length).IndexOfAnyExceptInRange('0', '9') < 0);
    }

    private string GetStem(int number) => (After, number) switch
    {
        (not null, _) => string.Create(CultureInfo.InvariantCulture, $"{Stem}{number}{After}"),
        (null, 1) => Stem,
        _ => string.Create(CultureInfo.InvariantCulture, $"{Stem}-{number}"),
    };

    /// <summary>Whether two paths are the same.</summary>
    public static bool IsSamePath(string path, string? other) => string.Equals(path, other, PathText.Comparison);

    /// <summary>The sidecar of a file.</summary>
    public static string GetSidecarPath(string path) => Path.ChangeExtension(path, ".json");
}
