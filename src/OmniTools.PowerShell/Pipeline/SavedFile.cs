using OmniTools.Saving;

namespace OmniTools.PowerShell.Pipeline;

/// <summary>The output for a saved file: a FileInfo with the properties of its clip and a view of its own.</summary>
internal static class SavedFile
{
    /// <summary>The type name that the view is selected by.</summary>
    public const string TypeName = "OmniTools.SavedFile";

    public static PSObject From(SavedVideo video)
    {
        var file = new PSObject(new FileInfo(video.Path));
        file.TypeNames.Insert(0, TypeName);
        // As the files of Get-ChildItem have it: by it they bind to -LiteralPath.
        Add("PSPath", @"Microsoft.PowerShell.Core\FileSystem::" + video.Path);
        Add("RequestKey", video.Task.RequestKey);
        Add("TaskId", video.Task.Id);
        Add("Provider", video.Task.Provider);
        Add("State", video.WasAlreadySaved ? "kept" : "saved");
        Add("Seconds", video.Task.Duration);
        return file;

        void Add(string name, object? value) => file.Properties.Add(new PSNoteProperty(name, value));
    }
}
