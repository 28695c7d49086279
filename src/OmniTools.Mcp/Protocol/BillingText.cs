namespace OmniTools.Mcp.Protocol;

/// <summary>Whether something that failed was billed, and whether its request key may be used again.</summary>
internal static class BillingText
{
    /// <summary>The request was refused here.</summary>
    public const string NothingSent = "Nothing was sent; the same request_key is fine.";

    /// <summary>Something was sent, and the request never became known to the ledger.</summary>
    public const string SameKey = "Nothing was bought; the same request_key is fine.";

    /// <summary>The provider refused it: the ledger knows the key with this content.</summary>
    public const string UnchangedRequest =
        "Nothing was bought; the same request_key is fine for the unchanged request, a changed one needs another.";

    /// <summary>The key belongs to a task.</summary>
    public const string AnotherClip = "Another clip needs another request_key.";

    /// <summary><c>no</c>, <c>yes</c> or <c>unknown</c>.</summary>
    public static string Billed(Charged charged) =>
        charged switch { Charged.No => "no", Charged.Yes => "yes", _ => "unknown" };
}
