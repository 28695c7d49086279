using System.Text.Json.Nodes;
using OmniTools.Catalog;
using OmniTools.Sandbox.Protocol;
using OmniTools.Sandbox.Storage;

namespace OmniTools.Sandbox.Providers;

/// <summary>The differences between the providers: their fields, responses and words.</summary>
internal interface ISandboxProvider
{
    /// <summary>Its entry in the catalog.</summary>
    ProviderSpec Spec { get; }

    /// <summary>How its task ids begin.</summary>
    string IdPrefix { get; }

    /// <summary>Where a task is read: this and the id.</summary>
    string TaskPath { get; }

    /// <summary>Whether a task can be read by its key.</summary>
    bool FindsByKey { get; }

    /// <summary>Whether a repeated submission is said to be one, in a header.</summary>
    bool MarksReplays { get; }

    /// <summary>Its balance endpoints.</summary>
    IReadOnlyList<string> BalancePaths { get; }

    /// <summary>Its upload endpoints and the kind of file each takes.</summary>
    IReadOnlyDictionary<string, UploadKind> Uploads { get; }

    /// <summary>The content policy's refusal.</summary>
    SandboxHttpException CreateModerationError();

    /// <summary>The error of an insufficient balance.</summary>
    SandboxHttpException CreateBalanceError();

    /// <summary>Reads a submission, or refuses it.</summary>
    SandboxSubmission ReadSubmission(HttpRequestMessage request, BodyFields body);

    /// <summary>The answer to a submission; the same one whenever it is repeated.</summary>
    JsonObject WriteAccepted(SandboxTask task);

    /// <summary>The state of a task.</summary>
    JsonObject WriteState(SandboxTask task, SandboxTaskState state);

    /// <summary>The answer to the request for a list of models.</summary>
    JsonObject Models(IEnumerable<string> ids, Uri address);

    /// <summary>The answer to an upload.</summary>
    JsonObject WriteUploaded(string id, string url, string mediaType, UploadedFile file, DateTimeOffset now);
}
