using OmniTools.Batches.Lists;
using OmniTools.Errors;
using OmniTools.Files;
using OmniTools.Saving;

namespace OmniTools.Batches;

/// <summary>Which list to run, and how.</summary>
public sealed record BatchOptions
{
    /// <summary>
    /// The list, an absolute path: <c>.csv</c>, <c>.json</c> or <c>.jsonl</c>. Null: <see cref="Rows"/> are the list.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>The rows of a list that is not a file: name and text of each cell. The default is none.</summary>
    public IReadOnlyList<IReadOnlyList<KeyValuePair<string, string>>> Rows { get; init; } = [];

    /// <summary>The batch. The default is the list's name without its extension; rows need one.</summary>
    public string? Name { get; init; }

    /// <summary>The folder of the files, absolute. The default is <c>NAME.clips</c> beside the list.</summary>
    public string? Destination { get; init; }

    /// <summary>
    /// Names the files: the tokens of <see cref="SaveOptions.Template"/> and the columns of the list in braces.
    /// A row's column Name or Path comes first. The default is <c>{key}</c>, and the prompt's words for a row without a
    /// key of its own.
    /// </summary>
    public string? FileName { get; init; }

    /// <summary>The column of the request keys. The default is <c>RequestKey</c>, where the list has it.</summary>
    public string? KeyColumn { get; init; }

    /// <summary>The delimiter of a CSV file. The default is to detect comma, semicolon or tab.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Submissions under way at once, per provider. The default is 4.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <summary>The most clips that are bought for the list, over all its runs; null: no limit.</summary>
    public int? MaxVideos { get; init; }

    /// <summary>The most credits (10 are $1) that are spent for the list, over all its runs; null: no limit.</summary>
    public decimal? MaxCredits { get; init; }

    /// <summary>The most US dollars that are spent for the list, over all its runs; null: no limit.</summary>
    public decimal? MaxUsd { get; init; }

    /// <summary>
    /// How long the batch is held by one condition, counted from its beginning: a second to 30 days. The default is 12
    /// hours.
    /// </summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Whether rows that have failed are submitted again, under a key of their own.</summary>
    public bool RetryFailed { get; init; }

    /// <summary>Whether rows that another list bought are bought again.</summary>
    public bool NewTakes { get; init; }

    /// <summary>
    /// Whether rows that cannot be submitted are left out; otherwise nothing is bought while there is one.
    /// </summary>
    public bool SkipInvalid { get; init; }

    /// <summary>The report, an absolute path. The default is <c>NAME.report.csv</c> beside the list.</summary>
    public string? Report { get; init; }

    /// <summary>Whether no gallery page is written into <see cref="Destination"/>.</summary>
    public bool NoGallery { get; init; }

    /// <summary>
    /// The folder that a list which is no file is in: the session's location. The default is the process's.
    /// </summary>
    public string BaseFolder { get; init; } = Environment.CurrentDirectory;

    /// <summary>The command that runs the batch again, for people.</summary>
    public string Command { get; init; } = "";

    /// <summary>The folder of the list.</summary>
    internal string ListFolder => System.IO.Path.GetDirectoryName(Path) ?? BaseFolder;

    /// <summary>The same options with the name of the batch and every default path filled in.</summary>
    /// <exception cref="OmniException">The batch has no name, or cannot be held for so long.</exception>
    internal BatchOptions WithDefaults()
    {
        var name = Name?.Trim() ?? System.IO.Path.GetFileNameWithoutExtension(Path) ?? "";
        if (name.Length is 0 or > BatchConstants.MaximumNameLength || name.Any(char.IsControl))
            throw ParameterError.Create(OmniErrorKind.InvalidRequest, "The batch needs a name", "BatchName",
                ProviderText.Clean(name) ?? "nothing", $"1 to {BatchConstants.MaximumNameLength} characters",
                "Give the batch a name of its own");
        if (RetryFor < BatchConstants.ShortestRetryFor || RetryFor > BatchConstants.LongestRetryFor)
            throw ParameterError.Create(OmniErrorKind.InvalidRequest, "The batch cannot be held for this time",
                "RetryFor", $"{RetryFor}", "hours, minutes and seconds, such as 6:00:00, and at most 30 days",
                "Correct the time");
        var stem = System.IO.Path.Combine(ListFolder,
            PortableFileName.Create(Path is null ? name : System.IO.Path.GetFileNameWithoutExtension(Path), 120));
        return this with
        {
            Name = name,
            Destination = Destination ?? stem + ".clips",
            Report = Report ?? stem + ".report.csv",
        };
    }
}
