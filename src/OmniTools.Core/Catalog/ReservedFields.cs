using System.Text.Json;

namespace OmniTools.Catalog;

/// <summary>
/// Fields that neither options nor a catalog may set, wherever they are in the request: they decide what is bought, how
/// often, how a purchase is found again, and who else hears of it.
/// </summary>
internal static class ReservedFields
{
    private static readonly Dictionary<string, string> Names = new()
    {
        ["model"] = "the model has an argument of its own",
    };

    static ReservedFields()
    {
        foreach (var name in new[] { "n", "num", "count", "samples", "samplecount", "numsamples", "numoutputs",
            "numvideos",
            "numberofvideos", "numresults", "batchsize", "batch", "quantity" })
            Names[name] = "one request is always one clip";
        foreach (var name in new[] { "clientbusinessid", "idempotencykey", "xidempotencykey", "requestkey", "requestid",
            "clientrequestid", "externaltaskid", "clientid" })
            Names[name] = "the request key has an argument of its own";
        foreach (var name in new[] { "webhook", "webhookurl", "webhooks", "callback", "callbackurl", "callbacks",
            "notifyurl",
            "notifyhook", "notifyhookurl", "notificationurl" })
            Names[name] = "results are sent to no other address";
    }

    /// <summary>Why a path cannot be set; null when it can.</summary>
    public static string? FindReason(string path)
    {
        foreach (var part in path.Split('.'))
        {
            if (Names.GetValueOrDefault(Normalize(part)) is { } reason)
                return reason;
        }
        return null;
    }

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
