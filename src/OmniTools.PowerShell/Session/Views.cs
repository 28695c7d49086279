using System.Management.Automation;
using OmniTools.VideoTasks;

namespace OmniTools.PowerShell.Session;

/// <summary>
/// How objects look. The engine takes longer to load a format file, however small, than to import the rest of the module, so
/// the first object of a runspace loads it and not the import. Nested in our module, the views go when it goes.
/// </summary>
internal static class Views
{
    private const string Name = "OmniTools.Views";
    private const string Import = "param($path) Microsoft.PowerShell.Core\\Import-Module -Name $path -Verbose:$false -Debug:$false -ErrorAction SilentlyContinue";

    /// <summary>Loads the views, unless they are there.</summary>
    public static void Load(PSModuleInfo? module)
    {
        if (module is null || module.NestedModules.Any(nested => nested.Name == Name))
            return;
        try
        {
            module.Invoke(ScriptBlock.Create(Import), Path.Combine(module.ModuleBase, Name + ".psd1"));
        }
        catch (RuntimeException)
        {
            // A session that may not import anything gets plain lists of properties.
        }
    }

    /// <summary>
    /// The task with what is shown of it where no views are: in a runspace that runs no command of ours and gets its tasks from
    /// others that do, through ForEach-Object -Parallel or Start-ThreadJob.
    /// </summary>
    public static PSObject Shown(VideoTask task)
    {
        var shown = new PSObject(task);
        shown.Members.Add(new PSMemberSet("PSStandardMembers", [new PSPropertySet("DefaultDisplayPropertySet", [nameof(task.Id), nameof(task.Provider), nameof(task.Status), nameof(task.Prompt)])]));
        return shown;
    }
}
