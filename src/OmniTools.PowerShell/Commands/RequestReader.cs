using OmniTools.PowerShell.Binding;
using OmniTools.Requests;

namespace OmniTools.PowerShell.Commands;

/// <summary>Reads a request from the parameters of New-OmniVideo, typed or bound from a row.</summary>
internal sealed class RequestReader(NewOmniVideoCommand command, RowList rows)
{
    /// <summary>The duration as it was given; null for none.</summary>
    public string? Duration => Given(command.Duration, nameof(command.Duration));

    /// <summary>The request without the values that can fail to parse, so that errors can describe the row.</summary>
    public VideoRequest Draft() => new()
    {
        Prompt = Given(command.Prompt, nameof(command.Prompt)) ?? WithoutLineEnd(PipedText),
        Provider = Given(command.Provider, nameof(command.Provider)),
        Model = Given(command.Model, nameof(command.Model)),
        AspectRatio = Given(command.AspectRatio, nameof(command.AspectRatio)),
        Resolution = Given(command.Resolution, nameof(command.Resolution)),
        NegativePrompt = Given(command.NegativePrompt, nameof(command.NegativePrompt)),
        ExtendFrom = command.ExtendFrom?.Handle,
        RequestKey = Given(command.RequestKey, nameof(command.RequestKey)),
    };

    /// <summary>The whole request.</summary>
    public VideoRequest Read() => Draft() with
    {
        Duration = CellValue.ParseSeconds(Duration),
        Images = References(command.Image, nameof(command.Image)),
        FirstFrame = Frame(command.FirstFrame, nameof(command.FirstFrame)),
        LastFrame = Frame(command.LastFrame, nameof(command.LastFrame)),
        Videos = References(command.Video, nameof(command.Video)),
        Audio = CellValue.ParseSwitch(Given(command.Audio, nameof(command.Audio))),
        Seed = CellValue.ParseSeed(Given(command.Seed, nameof(command.Seed))),
        Options = IsMeant(nameof(command.Option)) ? OptionValue.Read(command.Option) : RequestOptions.None,
    };

    private string? PipedText =>
        rows.IsTyped(nameof(command.Prompt)) ? null : command.InputObject?.BaseObject as string;

    private IReadOnlyList<string> References(string[]? given, string name) => IsMeant(name)
        ? [.. CellValue.SplitReferences(given, isCell: !rows.IsTyped(name))
            .Select(reference => PathResolver.ResolveReference(command, reference, name))]
        : [];

    private string? Frame(string? given, string name) =>
        Given(given, name)?.Trim() is { } frame ? PathResolver.ResolveReference(command, frame, name) : null;

    // An empty cell of a CSV file is a value not given.
    private string? Given(string? text, string name) =>
        string.IsNullOrWhiteSpace(text) || !IsMeant(name) ? null : WithoutLineEnd(text);

    // A list with Windows' line ends that was split at "\n" leaves "\r" at the end of each line.
    private static string? WithoutLineEnd(string? text) => text?.TrimEnd('\r', '\n');

    // The binder offers a piped task's properties to both sets, for ExtendFrom is in both. They describe the clip that
    // was made, not the one that is wanted: only what was typed counts then.
    private bool IsMeant(string name) => command.ExtendFrom is not { IsTask: true } || rows.IsTyped(name);
}
