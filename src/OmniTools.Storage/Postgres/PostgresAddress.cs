using System.Net;
using System.Text.RegularExpressions;
using Npgsql;
using OmniTools.Errors;

namespace OmniTools.Storage.Postgres;

/// <summary>
/// Reads OMNI_LEDGER: Npgsql's keywords, or the address that hosting companies hand out, which Npgsql does not accept.
/// </summary>
internal static partial class PostgresAddress
{
    // The parameters of libpq's URI that have a meaning here, with Npgsql's keywords.
    private static readonly Dictionary<string, string> Keywords = new(StringComparer.Ordinal)
    {
        ["host"] = "Host",
        ["port"] = "Port",
        ["dbname"] = "Database",
        ["user"] = "Username",
        ["password"] = "Password",
        ["passfile"] = "Passfile",
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["channel_binding"] = "Channel Binding",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
    };

    /// <summary>
    /// The connection that a value describes, with a verified certificate unless the value says less or nothing leaves
    /// the machine.
    /// </summary>
    public static NpgsqlConnectionStringBuilder Parse(string value)
    {
        NpgsqlConnectionStringBuilder built;
        try
        {
            built = Address().Match(value) is { Success: true } address ? Translate(address) : new(value);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or KeyNotFoundException)
        {
            // Without the inner error: it may repeat a piece of the password.
            throw Unusable(failure is KeyNotFoundException ? failure.Message
                : "it can be read neither as an address nor as keywords");
        }
        if (string.IsNullOrEmpty(built.Host))
            throw Unusable("it names no host");
        if (string.IsNullOrEmpty(built.Database))
            throw Unusable("it names no database");
        if (!built.ShouldSerialize("SSL Mode"))
            built.SslMode = built.Host.Split(',').All(IsThisMachine) ? SslMode.Prefer : SslMode.VerifyFull;
        built.MaxPoolSize = 4;
        built.PersistSecurityInfo = false;
        built.IncludeErrorDetail = false;
        built.Enlist = false;
        built.ApplicationName ??= "OmniTools";
        return built;
    }

    /// <summary>For people: host, port and database.</summary>
    public static string Describe(NpgsqlConnectionStringBuilder built) =>
        FormattableString.Invariant($"PostgreSQL {built.Host}:{built.Port}/{built.Database}");

    private static NpgsqlConnectionStringBuilder Translate(Match address)
    {
        var built = new NpgsqlConnectionStringBuilder();
        var parameters = address.Groups["parameters"].Value.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(parameter => parameter.Split('=', 2))
            .Select(pair => (Name: pair[0], Value: pair.ElementAtOrDefault(1) ?? ""));
        var parts = Keywords.Keys.Select(name => (Name: name, address.Groups[name].Value))
            .Where(part => part.Value != "");
        foreach (var (name, value) in parts.Concat(parameters))
        {
            if (!Keywords.TryGetValue(name, out var keyword))
                throw new KeyNotFoundException(
                    $"the parameter {ProviderText.Clean(name)} is not one of {string.Join(", ", Keywords.Keys)}");
            var text = Uri.UnescapeDataString(value);
            built[keyword] = name == "sslmode" ? text.Replace("-", "", StringComparison.Ordinal)
                : name == "host" ? text.Trim('[', ']') : text;
        }
        return built;
    }

    // Each part is percent-encoded; an IPv6 address is in brackets.
    [GeneratedRegex("""
        ^postgres(ql)?:// ((?<user>[^:@?]*) (:(?<password>[^?]*))? @)?
        (?<host>\[[^\]]*\] | [^/?]*?) (:(?<port>[^:/?]*))? (/(?<dbname>[^?]*))? (\?(?<parameters>.*))?$
        """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Address();

    private static bool IsThisMachine(string host) =>
        host.StartsWith('/') || host.StartsWith('@') || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static OmniException Unusable(string why) =>
        new(OmniErrorKind.InvalidConfiguration, $"OMNI_LEDGER cannot be used: {why}", new()
        {
            Field = "OMNI_LEDGER",
            // The value itself may hold a password.
            Allowed = "postgresql://user@host:5432/database, or Host=…;Database=…;Username=… with the password "
                + "in PGPASSWORD or the password file; nothing for a file in OMNI_HOME",
            Charged = Charged.No,
            NextStep = "Correct or remove OMNI_LEDGER",
        });
}
