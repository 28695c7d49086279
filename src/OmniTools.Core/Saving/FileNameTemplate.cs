using System.Globalization;
using System.Text;
using OmniTools.Errors;
using OmniTools.Tasks;

namespace OmniTools.Saving;

/// <summary>Turns a template and a task into a name below a folder. Nothing of it comes from the remote but the task's id, made harmless.</summary>
internal static class FileNameTemplate
{
    private const string Extension = "mp4";
    private static readonly string[] Extensions = [".mp4", ".m4v", ".mov"];
    private static readonly string[] Tokens = ["prompt", "id", "provider", "model", "date", "index", "ext"];

    /// <summary>The name of one video of a task. Several videos of a task are numbered from 1 when the template does not do it.</summary>
    public static VideoName Expand(string template, string folder, VideoTask task, int index)
    {
        if (!Path.IsPathFullyQualified(folder))
            throw Refused("The folder to save in is not absolute", folder, "an absolute path");
        var parts = template.Replace('\\', '/').Split('/');
        if (template.Length == 0 || parts[0].Length == 0 || parts[0].EndsWith(':') || parts.Any(part => part.Trim() is ".." or "." || part.Trim().Length == 0))
            throw Refused("This name template leads out of the folder, or nowhere", template, "a name, or names with / between, each below the other");
        var hasIndex = false;
        var names = parts.Select(part => Fill(part, task, index, ref hasIndex)).ToList();
        var folders = names[..^1].Select(name => OrElse(Slug.Name(name, SavingConstants.MaximumStemBytes))).ToList();
        var last = Slug.Clean(names[^1]).TrimEnd('.', ' ');
        var ending = Extensions.FirstOrDefault(known => last.EndsWith(known, StringComparison.OrdinalIgnoreCase));
        var stem = ending is null ? last : last[..^ending.Length];
        var number = hasIndex || task.Videos.Count < 2 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{index + 1}");
        return new(folder, folders, OrElse(Slug.Name(stem, SavingConstants.MaximumStemBytes - number.Length)) + number, ending ?? "." + Extension);
    }

    private static string Fill(string part, VideoTask task, int index, ref bool hasIndex)
    {
        var text = new StringBuilder();
        for (var at = 0; at < part.Length;)
        {
            var open = part.IndexOf('{', at);
            var close = open < 0 ? -1 : part.IndexOf('}', open);
            if (close < 0)
                return text.Append(part, at, part.Length - at).ToString();
            var token = part[(open + 1)..close];
            text.Append(part, at, open - at).Append(Slug.Clean(Value(token.ToLowerInvariant(), task, index) ?? throw Refused("The name template has an unknown token", "{" + token + "}", "{" + string.Join("}, {", Tokens) + "}")));
            hasIndex |= token.Equals("index", StringComparison.OrdinalIgnoreCase);
            at = close + 1;
        }
        return text.ToString();
    }

    private static string? Value(string token, VideoTask task, int index) => token switch
    {
        "prompt" => Slug.OfPrompt(task.Prompt),
        "id" => Short(task.Handle),
        "provider" => task.Provider,
        "model" => Short(task.Model ?? "model"),
        "date" => task.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        "index" => (index + 1).ToString(CultureInfo.InvariantCulture),
        "ext" => Extension,
        _ => null,
    };

    private static string Short(string id) => Slug.Name(id, 80);

    private static string OrElse(string name) => name.Length == 0 ? "video" : name;

    private static OmniException Refused(string what, string received, string allowed) => new(OmniErrorKind.InvalidRequest, what)
    {
        Charged = Charged.No, // Nothing was sent.
        Field = "path",
        Received = ProviderText.Clean(received) ?? "an empty text",
        Allowed = allowed,
    };
}
