using OmniTools.Batches.Lists;
using OmniTools.Errors;
using OmniTools.Ledger;

namespace OmniTools.Batches;

/// <summary>What keeps a batch from being run or shown. Nothing was sent for it.</summary>
internal static class BatchErrors
{
    /// <summary>
    /// Refuses a folder that cannot be written to, before anything is bought that could not be saved.
    /// </summary>
    public static void CheckDestination(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using var probe = new FileStream(Path.Combine(folder, $".omnitools-{Guid.NewGuid():N}"), FileMode.CreateNew,
                FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            probe.WriteByte(0);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw ParameterError.Create(OmniErrorKind.OutputRefused,
                $"The clips cannot be saved there: {failure.Message.TrimEnd('.')}", "Destination", folder,
                "a folder that can be written to, with room on its disk",
                "Make room or make it writable, or give another folder with -Destination", failure);
        }
    }

    /// <summary>Another process runs the batch.</summary>
    public static OmniException IsRunning(string name, BatchOwner owner) =>
        ParameterError.Create(OmniErrorKind.DuplicateRequest, $"The batch {name} is being run already", "BatchName",
            $"{name}, which runs on {Describe(owner)}", null,
            "Wait for its end, or follow it with Get-OmniVideoBatch. If that process is gone, its hold on the batch "
            + FormattableString.Invariant($"ends at {owner.LeaseUntil:HH:mm:ss} UTC"));

    /// <summary>No request of such a batch was ever sent.</summary>
    public static OmniException NotKnown(string name, string parameter = "BatchName") =>
        ParameterError.Create(OmniErrorKind.NotFound, $"The ledger knows no batch {name}", parameter,
            ProviderText.Clean(name), null, "List the batches with Get-OmniVideoBatch");

    /// <summary>The process that runs a batch, in words.</summary>
    public static string Describe(BatchOwner owner) => FormattableString.Invariant(
        $"{owner.Machine}, process {owner.ProcessId}, since {owner.StartedAt:yyyy-MM-dd HH:mm:ss} UTC");
}
