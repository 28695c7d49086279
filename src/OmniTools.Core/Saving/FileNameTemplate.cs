using System.Globalization;
using System.Text;
using OmniTools.Errors;
using OmniTools.Files;
using OmniTools.VideoTasks;

namespace OmniTools.Saving;

/// <summary>
/// Turns a template and a task into a file name below a folder. The task's id is the only part that a provider chooses;
/// it is cleaned as all others are.
/// </summary>
internal static class FileNameTemplate
{
    /// <summary>The template of a file name, unless the user gives another.</summary>
    public const string Default = "{date}-{prompt}-{id:8}.{ext}";

    private const string Extension = "mp4";
    private static readonly string[] Extensions = [".mp4", ".m4v", ".mov"];
    private const string Index = "{index}";
    private static readonly string[] Tokens = ["key", "prompt", "provider", "model", "date", "id", "index", "ext"];

    /// <summary>Whether a name in braces is replaced by a part of the task.</summary>
    public static bool IsToken(string name) => Tokens.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The name of one video of a task. <c>{index}</c> is the first number that no other video has in the folder.
    /// Without it, several videos of a task are numbered from 1.
    /// </summary>
    public static VideoName Expand(string template, string folder, VideoTask task, int index)
    {
        if (!Path.IsPathFullyQualified(folder))
            throw CreateError("The folder to save in is not absolute", folder, "an absolute path");
        if (OperatingSystem.IsWindows() && WindowsPath.GetProblem(folder) is { } problem)
            throw CreateError($"Windows cannot keep files in this folder: {problem}", folder,
                @"a folder like C:\clips or \\server\share\clips");
        var parts = template.Replace('\\', '/').Split('/');
        if (template.Length == 0 || parts[0].Length == 0 || parts[0].EndsWith(':')
            || parts.Any(part => part.Trim() is ".." or "." || part.Trim().Length == 0))
            throw CreateError("This name template leads out of the folder, or nowhere", template,
                "a name, or names with / between, each below the other");
        var folders = parts[..^1]
            .Select(part => OrElse(PortableFileName.Create(Fill(part, task), SavingConstants.MaximumStemBytes)))
            .ToList();
        var at = parts[^1].IndexOf(Index, StringComparison.OrdinalIgnoreCase);
        var (before, after) = at < 0 ? (parts[^1], null) : (parts[^1][..at], parts[^1][(at + Index.Length)..]);
        var (last, ending) = SplitExtension(PortableFileName.Clean(Fill(after ?? before, task)).TrimEnd('.', ' '));
        if (after is not null)
            return WithNumber(
                new(folder, folders, PortableFileName.Clean(Fill(before, task)), ending) { After = last });
        var number = task.Videos.Count < 2 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{index + 1}");
        var stem = OrElse(PortableFileName.Create(last, SavingConstants.MaximumStemBytes - number.Length));
        return new(folder, folders, stem + number, ending);
    }

    private static (string Stem, string Extension) SplitExtension(string name)
    {
        var ending = Extensions.FirstOrDefault(known => name.EndsWith(known, StringComparison.OrdinalIgnoreCase));
        return ending is null ? (name, "." + Extension) : (name[..^ending.Length], ending);
    }

    // The number is never cut off, because all names would be the same. Where the first name would be a device's
    // (COM1), all of them get a prefix.
    private static VideoName WithNumber(VideoName name)
    {
        const int most = (SavingConstants.MaximumStemBytes - SavingConstants.MaximumNumberDigits) / 2;
        var before = PortableFileName.Truncate(name.Stem.TrimStart(), most - 1);
        var after = PortableFileName.Truncate(name.After!, most).TrimEnd('.', ' ');
        var first = $"{before}1{after}";
        var isLegal = PortableFileName.Create(first, SavingConstants.MaximumStemBytes) == first;
        return name with { Stem = isLegal ? before : "_" + before, After = after };
    }

    private static string Fill(string part, VideoTask task)
    {
        var text = new StringBuilder();
        for (var at = 0; at < part.Length;)
        {
            var open = part.IndexOf('{', at);
            var close = open < 0 ? -1 : part.IndexOf('}', open);
            if (close < 0)
                return text.Append(part, at, part.Length - at).ToString();
            var token = part[(open + 1)..close];
            if (token.Equals("index", StringComparison.OrdinalIgnoreCase))
                throw CreateError("{index} cannot number files in this place", part,
                    "{index} once, in the file's name");
            var value = GetValue(token.ToLowerInvariant(), task)
                ?? throw CreateError("The name template has an unknown token", $"{{{token}}}",
                "{" + string.Join("}, {", Tokens) + "}");
            text.Append(part, at, open - at).Append(PortableFileName.Clean(value));
            at = close + 1;
        }
        return text.ToString();
    }

    private static string? GetValue(string token, VideoTask task) => token switch
    {
        "prompt" => Slug.FromPrompt(task.Prompt),
        "key" => Shorten(task.RequestKey),
        "id" => Shorten(task.Reference),
        SavingConstants.ShortIdToken => TakeLast(Shorten(task.Reference), SavingConstants.ShortId),
        "provider" => task.Provider,
        "model" => Shorten(task.Model ?? "model"),
        "date" => task.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        "ext" => Extension,
        _ => null,
    };

    private static string Shorten(string id) => PortableFileName.Create(id, 80);

    // Without a separator at the beginning, where the id was cut beside one.
    private static string TakeLast(string id, int length) =>
        id.Length <= length ? id : id[^length..].TrimStart('-', '_', '.');

    private static string OrElse(string name) => name.Length == 0 ? "video" : name;

    private static OmniException CreateError(string what, string received, string allowed) =>
        new(OmniErrorKind.InvalidRequest, what, new()
        {
            Charged = Charged.No, // Nothing was sent.
            Field = "path",
            Received = ProviderText.Clean(received) ?? "an empty text",
            Allowed = allowed,
        });
}
