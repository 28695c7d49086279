using System.Globalization;
using System.Net.Http.Headers;

namespace OmniTools.Http;

/// <summary>
/// Reads when to call a server again, in every form that servers use, in any culture.
/// </summary>
internal static class RetryAfter
{
    // RFC 9110, 5.6.7: today's form, and the two old ones that a recipient must still take.
    private static readonly string[] DateFormats = ["r", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];

    /// <summary>From <c>retry-after-ms</c>, else <c>Retry-After</c>; null when neither makes sense.</summary>
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now) =>
        Parse(GetFirstValue(headers, "retry-after-ms"), GetFirstValue(headers, "Retry-After"), now);

    /// <summary>
    /// Milliseconds first, then seconds (whole or decimal), then an HTTP date. NaN, negative and absurd values are
    /// ignored.
    /// </summary>
    public static TimeSpan? Parse(string? milliseconds, string? value, DateTimeOffset now)
    {
        if (ParseNumber(milliseconds) is { } ms && ToDelay(ms / 1000) is { } precise)
            return precise;
        if (ParseNumber(value) is { } seconds)
            return ToDelay(seconds);
        return DateTimeOffset.TryParseExact(value, DateFormats, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out var at)
            ? ToDelay((at - now).TotalSeconds)
            : null;
    }

    private static double? ParseNumber(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite
        | NumberStyles.AllowTrailingWhite | NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture, out var number) ? number : null;

    private static TimeSpan? ToDelay(double seconds) =>
        seconds >= 0 && seconds <= HttpConstants.AbsurdRetryAfter.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;

    private static string? GetFirstValue(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
