using Npgsql;
using OmniTools.Configuration;
using OmniTools.Errors;
using OmniTools.Storage.Postgres;

namespace OmniTools.Storage.Tests;

/// <summary>What OMNI_LEDGER may say.</summary>
public sealed class PostgresAddressTests
{
    [Theory]
    [InlineData("postgresql://omni@db.example/ledger", "db.example", 5432, "ledger", "omni", null, SslMode.VerifyFull)]
    [InlineData("postgres://o%40mni:p%3A%2Fw%40@db.example:6543/le%20dger?sslmode=require&channel_binding=require",
        "db.example", 6543, "le dger", "o@mni", "p:/w@", SslMode.Require)]
    [InlineData("postgresql://omni:p@w@db.example/ledger?sslmode=verify-ca", "db.example", 5432, "ledger", "omni",
        "p@w", SslMode.VerifyCA)]
    [InlineData("postgresql://omni@[::1]:5433/ledger", "::1", 5433, "ledger", "omni", null, SslMode.Prefer)]
    [InlineData("postgresql://omni@[2001:db8::1]/ledger", "2001:db8::1", 5432, "ledger", "omni", null,
        SslMode.VerifyFull)]
    [InlineData("postgresql://localhost/ledger?user=omni&password=x", "localhost", 5432, "ledger", "omni", "x",
        SslMode.Prefer)]
    [InlineData("postgresql:///ledger?host=/var/run/postgresql", "/var/run/postgresql", 5432, "ledger", null, null,
        SslMode.Prefer)]
    [InlineData("postgresql://omni@%2Fvar%2Frun/ledger", "/var/run", 5432, "ledger", "omni", null, SslMode.Prefer)]
    [InlineData("Host=db;Database=omni;Username=omni", "db", 5432, "omni", "omni", null, SslMode.VerifyFull)]
    [InlineData("Host=db;Database=omni;Username=omni;SSL Mode=Disable", "db", 5432, "omni", "omni", null,
        SslMode.Disable)]
    [InlineData("postgresql://omni:%5Bp%5D@db.example/ledger", "db.example", 5432, "ledger", "omni", "[p]",
        SslMode.VerifyFull)]
    [InlineData("Host=localhost,db;Database=omni", "localhost,db", 5432, "omni", null, null, SslMode.VerifyFull)]
    [InlineData("Host=127.0.0.1;Port=9;Database=omni", "127.0.0.1", 9, "omni", null, null, SslMode.Prefer)]
    public void Parse_AddressOrKeywords_IsUnderstood(string value, string host, int port, string database, string? user,
    string? password, SslMode sslMode)
    {
        var built = PostgresAddress.Parse(value);
        Assert.Equal((host, port, database, user, password, sslMode),
            (built.Host, built.Port, built.Database, built.Username, built.Password, built.SslMode));
        Assert.Equal(4, built.MaxPoolSize);
        Assert.Equal($"PostgreSQL {host}:{port}/{database}", PostgresAddress.Describe(built));
    }

    [Fact]
    public void Parse_AnyValue_KeepsThePasswordFromErrorsAndNamesTheProgram()
    {
        var built = PostgresAddress.Parse(
            "Host=db;Database=omni;Persist Security Info=true;Include Error Detail=true;Enlist=true");
        Assert.Equal((false, false, false, "OmniTools"),
            (built.PersistSecurityInfo, built.IncludeErrorDetail, built.Enlist, built.ApplicationName));
    }

    [Fact]
    public void Parse_ParametersOfAnAddress_AreNpgsqlsKeywords()
    {
        var built = PostgresAddress.Parse("postgresql://omni@db/ledger?passfile=/p&sslrootcert=/r&sslcert=/c&sslkey=/k"
            + "&connect_timeout=7&application_name=night");
        Assert.Equal(("/p", "/r", "/c", "/k", 7, "night"),
            (built.Passfile, built.RootCertificate, built.SslCertificate, built.SslKey, built.Timeout,
            built.ApplicationName));
    }

    [Fact]
    public void Parse_NeitherForm_ShowsBoth()
    {
        var error = Assert.Throws<OmniException>(() => PostgresAddress.Parse("ledger.db"));
        Assert.Equal("OMNI_LEDGER cannot be used: it can be read neither as an address nor as keywords. Field: "
            + "OMNI_LEDGER. Allowed: postgresql://user@host:5432/database, or Host=…;Database=…;Username=… with "
            + "the password in PGPASSWORD or the password file; nothing for a file in OMNI_HOME. Nothing was sent or "
            + "billed. Correct or remove OMNI_LEDGER.", error.Message);
    }

    [Theory]
    [InlineData("ledger.db", "neither as an address nor as keywords")]
    [InlineData("/home/me/s3cret.db", "neither")]
    [InlineData("mysql://omni:s3cret@db/ledger", "neither")]
    [InlineData("Host=db;Database=omni;Sesame=s3cret", "neither")]
    [InlineData("Database=omni;Password=s3cret", "it names no host")]
    [InlineData("postgresql://omni:s3cret@db", "it names no database")]
    [InlineData("postgresql://omni:s3cret@db:port/ledger", "neither")]
    [InlineData("postgresql://omni:s3cret@db/ledger?sslmode=perhaps", "neither")]
    [InlineData("postgresql://omni:s3cret@db/ledger?target=s3cret", "the parameter target is not one of host, port")]
    public void Parse_AnythingElse_IsRefusedWithoutRepeatingIt(string value, string why)
    {
        var error = Assert.Throws<OmniException>(() => PostgresAddress.Parse(value));
        Assert.Equal((OmniErrorKind.InvalidConfiguration, "OMNI_LEDGER", Charged.No),
            (error.Kind, error.Field, error.Charged));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void FromEnvironment_OmniLedger_IsIgnoredInTheSandboxAndShownNowhere()
    {
        var settings =
            OmniSettings.FromEnvironment(name => name == "OMNI_LEDGER" ? "postgresql://omni:s3cret@db/ledger" : null);
        Assert.Equal("postgresql://omni:s3cret@db/ledger", settings.Ledger!.Value);
        Assert.DoesNotContain("s3cret", settings.ToString(), StringComparison.Ordinal);
        Assert.Null(OmniSettings.FromEnvironment(name => name is "OMNI_LEDGER" or "OMNI_SANDBOX" ? "1" : null).Ledger);
    }
}
