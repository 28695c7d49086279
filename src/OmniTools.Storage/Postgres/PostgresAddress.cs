using System.Net;
using Npgsql;
using OmniTools.Errors;

namespace OmniTools.Storage.Postgres;

/// <summary>
/// Reads OMNI_LEDGER: Npgsql's keywords, or the address that hosting companies hand out, which Npgsql does not accept.
/// </summary>
internal static class PostgresAddress
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
        var isAddress = value.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase)
            || value.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase);
        NpgsqlConnectionStringBuilder built;
        try
        {
            built = isAddress ? Translate(value[(value.IndexOf("://", StringComparison.Ordinal) + 3)..]) : new(value);
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

    // user:password@host:port/database?parameters, each part percent-encoded.
    private static NpgsqlConnectionStringBuilder Translate(string address)
    {
        var built = new NpgsqlConnectionStringBuilder();
        var query = address.IndexOf('?', StringComparison.Ordinal);
        var (place, parameters) = query < 0 ? (address, "") : (address[..query], address[(query + 1)..]);
        var slash = place.LastIndexOf('@') is var at && place.IndexOf('/', at + 1) is var found && found < 0
            ? place.Length : found;
        if (at > 0)
        {
            var user = place[..at].Split(':', 2);
            built.Username = Uri.UnescapeDataString(user[0]);
            if (user.Length > 1)
                built.Password = Uri.UnescapeDataString(user[1]);
        }
        var host = place[(at + 1)..slash];
        var colon = host.LastIndexOf(':');
        if (colon > host.LastIndexOf(']'))
        {
            built.Port = int.Parse(host[(colon + 1)..], System.Globalization.CultureInfo.InvariantCulture);
            host = host[..colon];
        }
        if (host.Length > 0)
            built.Host = Uri.UnescapeDataString(host).Trim('[', ']');
        if (slash < place.Length - 1)
            built.Database = Uri.UnescapeDataString(place[(slash + 1)..]);
        foreach (var parameter in parameters.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = parameter.Split('=', 2);
            if (!Keywords.TryGetValue(pair[0], out var keyword))
                throw new KeyNotFoundException(
                    $"the parameter {ProviderText.Clean(pair[0])} is not one of {string.Join(", ", Keywords.Keys)}");
            var text = Uri.UnescapeDataString(pair.ElementAtOrDefault(1) ?? "");
            built[keyword] = pair[0] is "sslmode" or "channel_binding"
                ? text.Replace("-", "", StringComparison.Ordinal) : text;
        }
        return built;
    }

    private static bool IsThisMachine(string host) =>
        host.StartsWith('/') || host.StartsWith('@') || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static OmniException Unusable(string why) =>
        new(OmniErrorKind.InvalidConfiguration, $"OMNI_LEDGER cannot be used: {why}", new()
        {
            Field = "OMNI_LEDGER",
            // The value itself may hold a password.
            Allowed = "postgresql://user@host:5432/database, or Host=…;Database=…;Username=… with the password in " +
            "PGPASSWORD or the passfile; nothing for a file in OMNI_HOME",
            Charged = Charged.No,
            NextStep = "Correct or remove OMNI_LEDGER",
        });
}
