using System.Text.Json;

namespace OmniTools.Catalog;

/// <summary>
/// Fields that neither options nor a catalog may set, wherever they are in the request: they decide what is bought, how
/// often, how a purchase is found again, and where results are sent.
/// </summary>
internal static class ReservedFields
{
    private static readonly (string Reason, string[] Names)[] Groups =
    [
        ("the model has an argument of its own", ["model"]),
        ("one request is always one clip",
            ["n", "num", "count", "samples", "samplecount", "numsamples", "numoutputs", "numvideos", "numberofvideos",
                "numresults", "batchsize", "batch", "quantity"]),
        ("the request key has an argument of its own",
            ["clientbusinessid", "idempotencykey", "xidempotencykey", "requestkey", "requestid", "clientrequestid",
                "externaltaskid", "clientid"]),
        ("results are sent to no other address",
            ["webhook", "webhookurl", "webhooks", "callback", "callbackurl", "callbacks", "notifyurl", "notifyhook",
                "notifyhookurl", "notificationurl"]),
    ];

    /// <summary>Why a path cannot be set; null when it can.</summary>
    public static string? FindReason(string path) => path.Split('.').Select(Normalize)
        .Select(name => Array.Find(Groups, group => group.Names.Contains(name)).Reason)
        .FirstOrDefault(reason => reason is not null);

    /// <summary>The first reserved name inside a value, with its reason; null when there is none.</summary>
    public static (string Name, string Reason)? FindInside(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject()
            .Select(field => FindReason(field.Name) is { } reason ? (field.Name, reason) : FindInside(field.Value))
            .FirstOrDefault(found => found is not null),
        JsonValueKind.Array => value.EnumerateArray().Select(FindInside).FirstOrDefault(found => found is not null),
        _ => null,
    };

    // Idempotency-Key, idempotency_key and idempotencyKey are one name.
    private static string Normalize(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
