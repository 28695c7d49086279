using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using OmniTools.Requests;

namespace OmniTools.Batches.Lists;

/// <summary>
/// The request keys of rows that have none of their own. They depend on the row's request cells and on nothing else:
/// not on the list's name, the row's place, defaults or the culture.
/// </summary>
internal static partial class BatchKey
{
    // The version of the rule below. A list that was bought under one version has to be found by later programs.
    private const string Prefix = "row1-";

    private const int HashLength = 32;

    /// <summary>
    /// The longest key that a row may have, in characters: a provider takes 191, and the number of a retry is appended.
    /// </summary>
    public const int MaximumLength = 180;

    /// <summary>
    /// The hash of a row: its request cells that are not empty, as written and trimmed, sorted by the column's name.
    /// </summary>
    public static string Hash(BatchList list, BatchListRow row, string keyColumn)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in BatchColumns.GetRequestColumns(keyColumn).Select(column => column.Name)
            .Order(StringComparer.Ordinal))
        {
            var text = list.GetCell(row, name);
            if (text.Length == 0)
                continue;
            Add(name);
            Add(text);
        }
        return Hex(hash.GetHashAndReset());

        // Length first, so that no two lists of cells run together to the same bytes.
        void Add(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
    }

    /// <summary>The key of the <paramref name="number"/>th row, from 1, among those with the same hash.</summary>
    public static string Create(string hash, int number) =>
        FormattableString.Invariant($"{Prefix}{hash[..HashLength]}-{number}");

    /// <summary>A few characters that identify such a key for people.</summary>
    public static string Shorten(string key) =>
        key[Prefix.Length..(Prefix.Length + 8)] + key[(Prefix.Length + HashLength)..];

    /// <summary>The key under which a batch buys a row again that another list bought.</summary>
    public static string CreateNewTake(string key, string batch) =>
        Append(key, ":take-" + Hex(SHA256.HashData(Encoding.UTF8.GetBytes(batch)))[..8]);

    /// <summary>The key of the attempt after the one that a key is of: a row that has failed is tried again.</summary>
    public static string CreateNextRetry(string key)
    {
        var (at, attempt) = (key.LastIndexOf(":retry-", StringComparison.Ordinal), 1);
        if (at >= 0 && int.TryParse(key.AsSpan(at + 7), NumberStyles.None, CultureInfo.InvariantCulture, out attempt))
            key = key[..at];
        return Append(key, FormattableString.Invariant($":retry-{Math.Max(attempt, 1) + 1}"));
    }

    /// <summary>Whether a key looks like one that is made here, so that it could be another row's.</summary>
    public static bool IsReserved(string key) => Reserved().IsMatch(key);

    // A long key is shortened and stays unique.
    private static string Append(string key, string ending)
    {
        if (key.Length + ending.Length > RequestKey.MaximumLength)
        {
            var own = "-" + Hex(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..16];
            key = key[..(RequestKey.MaximumLength - ending.Length - own.Length)] + own;
        }
        return key + ending;
    }

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes).ToLowerInvariant();

    [GeneratedRegex(@":retry-\d+$|:take-[0-9a-f]{8}$|^row\d+-[0-9a-f]{32}-\d+$")]
    private static partial Regex Reserved();
}
