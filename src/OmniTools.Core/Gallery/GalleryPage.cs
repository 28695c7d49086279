using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OmniTools.Catalog;
using OmniTools.Spending;

namespace OmniTools.Gallery;

/// <summary>
/// The page that shows clips: one HTML document without a framework, which loads nothing but the videos beside it. It
/// is a file for a person, and the view in an assistant's conversation.
/// </summary>
internal static class GalleryPage
{
    private const string ResourcePrefix = "gallery/";
    private const string Data = "{{clips}}";

    private static readonly Lazy<string> File = new(() => Template("'self' file:"));
    private static readonly Lazy<string> Chat = new(() => Template("data:"));

    /// <summary>The page of these clips. It belongs into the folder that their files are relative to.</summary>
    public static string ForFile(IReadOnlyList<GalleryClip> clips) => Fill(File.Value, NewData("file", clips));

    /// <summary>The view in a conversation; its clips come from the host.</summary>
    public static string ForChat() => Fill(Chat.Value, NewData("chat", []) with
    {
        Extending = [.. ModelCatalog.Providers.Where(spec => spec.Models.Any(model => model.CanExtend))
            .Select(spec => spec.Id)],
    });

    private static GalleryData NewData(string view, IReadOnlyList<GalleryClip> clips) => new()
    {
        View = view,
        Version = typeof(GalleryPage).Assembly.GetName().Version!.ToString(3),
        CreditsPerDollar = Money.CreditsPerDollar,
        Clips = clips,
    };

    private static string Fill(string template, GalleryData data)
    {
        var at = template.IndexOf(Data, StringComparison.Ordinal);
        return string.Concat(template.AsSpan(0, at), JsonSerializer.Serialize(data, GalleryJson.Default.GalleryData),
            template.AsSpan(at + Data.Length));
    }

    // Style and script are allowed by their hashes, so that no script in a prompt can run.
    private static string Template(string media)
    {
        var names = typeof(GalleryPage).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal));
        var script = string.Concat(
            names.Where(name => name.EndsWith(".js", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(Read));
        var style = Read(ResourcePrefix + "page.css");
        var policy =
            $"default-src 'none'; script-src '{Hash(script)}'; style-src '{Hash(style)}'; media-src {media}; "
            + "base-uri 'none'; form-action 'none'";
        return Read(ResourcePrefix + "page.html")
            .Replace("{{policy}}", policy, StringComparison.Ordinal)
            .Replace("{{style}}", style, StringComparison.Ordinal)
            .Replace("{{script}}", script, StringComparison.Ordinal);
    }

    private static string Hash(string text) =>
        "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    // The hashes are of the text with the line ends that a browser sees.
    private static string Read(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
