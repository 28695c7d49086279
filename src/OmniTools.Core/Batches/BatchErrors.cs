using OmniTools.Errors;
using OmniTools.Ledger;

namespace OmniTools.Batches;

/// <summary>What keeps a batch from being run or shown.</summary>
internal static class BatchErrors
{
    /// <summary>
    /// Refuses a folder that cannot be written to, before anything is bought that could not be saved.
    /// </summary>
    public static void CheckDestination(string folder)
    {
        var probe = Path.Combine(folder, $".omnitools-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(probe, new byte[1]);
            File.Delete(probe);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            try
            {
                File.Delete(probe);
            }
            catch (Exception again) when (again is IOException or UnauthorizedAccessException)
            {
                // The first failure says what is wrong.
            }
            throw new OmniException(OmniErrorKind.OutputRefused,
                $"The clips cannot be saved there: {failure.Message.TrimEnd('.')}", new()
                {
                    Charged = Charged.No, // Nothing was sent.
                    Field = "-Destination",
                    Received = folder,
                    Allowed = "a folder that can be written to, with room on its disk",
                    NextStep = "Make room or make it writable, or give another folder with -Destination",
                }, failure);
        }
    }

    /// <summary>A run in words.</summary>
    public static string Describe(BatchOwner owner) =>
        FormattableString.Invariant(
        $"{owner.Machine}, process {owner.ProcessId}, since {owner.StartedAt:yyyy-MM-dd HH:mm:ss} UTC");

    /// <summary>Another process runs the batch.</summary>
    public static OmniException IsRunning(string name, BatchOwner owner) =>
        new(OmniErrorKind.DuplicateRequest, $"The batch {name} is being run already", new()
        {
            Charged = Charged.No, // Nothing was sent.
            Field = "-BatchName",
            Received = $"{name}, which runs on {Describe(owner)}",
            NextStep = "Wait for its end, or follow it with Get-OmniVideoBatch. "
            + "If that process is gone, its hold on the batch "
            + FormattableString.Invariant($"ends at {owner.LeaseUntil:HH:mm:ss} UTC"),
        });

    /// <summary>No request of such a batch was ever sent.</summary>
    public static OmniException NotKnown(string name) =>
        new(OmniErrorKind.NotFound, $"The ledger knows no batch {name}", new()
        {
            Charged = Charged.No, // Nothing was sent.
            Field = "-BatchName",
            Received = ProviderText.Clean(name),
            NextStep = "List the batches with Get-OmniVideoBatch",
        });
}
