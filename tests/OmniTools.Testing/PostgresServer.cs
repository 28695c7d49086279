using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OmniTools.Testing;

/// <summary>
/// A PostgreSQL server of its own in a temporary folder, on loopback, not run by root. It exists only where the
/// binaries do.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The password of <see cref="User"/>; distinctive, so that a test can look for it everywhere.</summary>
    public const string Password = "s3cret-Pa55/word:@?";

    public const string User = "omni";

    private static readonly string? Binaries = FindBinaries();
    private readonly string folder = Directory.CreateTempSubdirectory("omnitools-postgres-").FullName;
    private int databases;

    private PostgresServer(int port) => Port = port;

    /// <summary>Why no server can be started; null when one can.</summary>
    public static string? Missing =>
        Binaries is null ? "PostgreSQL's server is not installed here (Debian: apt-get install postgresql)." : null;

    public int Port { get; }

    public static async Task<PostgresServer> StartAsync()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var server = new PostgresServer(((IPEndPoint)probe.LocalEndpoint).Port);
        probe.Stop();
        var passwordFile = Path.Combine(server.folder, "password");
        await File.WriteAllTextAsync(passwordFile, Password);
        if (Environment.UserName == "root")
            await RunAsync("chown", "-R", "postgres", server.folder);
        await server.RunBinaryAsync("initdb", "-D", server.Data, "-U", User, "--auth=scram-sha-256",
            "--pwfile=" + passwordFile, "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8");
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts it after <see cref="StopAsync"/>, on the same port.</summary>
    public Task StartAgainAsync() =>
        RunBinaryAsync("pg_ctl", "-D", Data, "-s", "-w", "-t", "60", "-l", Path.Combine(folder, "log"),
        "-o", FormattableString.Invariant($"-p {Port} -c listen_addresses=127.0.0.1 ")
            + $"-c unix_socket_directories={folder} -c max_connections=300 -c fsync=off", "start");

    /// <summary>Stops it as a crash does, without closing connections.</summary>
    public Task StopAsync() => RunBinaryAsync("pg_ctl", "-D", Data, "-s", "-w", "-m", "immediate", "stop");

    /// <summary>
    /// Encrypts connections with a certificate for the name <c>localhost</c>, and returns the file of the authority
    /// that signed it.
    /// </summary>
    public async Task<string> EnableTlsAsync()
    {
        var authority = Path.Combine(folder, "authority.crt");
        await PostgresCertificate.WriteAsync(authority, Path.Combine(Data, "server.crt"),
            Path.Combine(Data, "server.key"));
        if (Environment.UserName == "root")
            await RunAsync("chown", "postgres", Path.Combine(Data, "server.crt"), Path.Combine(Data, "server.key"));
        await QueryAsync("postgres", "ALTER SYSTEM SET ssl = on");
        await StopAsync();
        await StartAgainAsync();
        return authority;
    }

    /// <summary>Creates a database and returns its address for OMNI_LEDGER.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = FormattableString.Invariant($"ledger{Interlocked.Increment(ref databases)}");
        await QueryAsync("postgres", $"CREATE DATABASE {name}");
        return Address(name);
    }

    public string Address(string database, string user = User, string password = Password, string host = "127.0.0.1") =>
        FormattableString.Invariant($"postgresql://{user}:{Uri.EscapeDataString(password)}@{host}:{Port}/{database}");

    /// <summary>Runs SQL as the superuser and returns its rows as text, columns separated by "|".</summary>
    public Task<string> QueryAsync(string database, string sql) =>
        RunAsync("psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql, Address(database));

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    private string Data => Path.Combine(folder, "data");

    private static string? FindBinaries()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).AsEnumerable();
        if (Directory.Exists("/usr/lib/postgresql"))
            folders = folders.Concat(
                Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")));
        // Windows programs under Wine see Linux's, and cannot start them.
        var extension = OperatingSystem.IsWindows() ? ".exe" : "";
        return folders.FirstOrDefault(
            each => File.Exists(Path.Combine(each, "initdb" + extension))
            && File.Exists(Path.Combine(each, "pg_ctl" + extension)));
    }

    // The server refuses to be run by root; Debian's package brings the user postgres.
    private Task<string> RunBinaryAsync(string binary, params string[] arguments) => Environment.UserName == "root"
        ? RunAsync("runuser", ["-u", "postgres", "--", Path.Combine(Binaries!, binary), .. arguments], folder)
        : RunAsync(Path.Combine(Binaries!, binary), arguments, folder);

    private static Task<string> RunAsync(string program, params string[] arguments) =>
        RunAsync(program, arguments, null);

    private static async Task<string> RunAsync(string program, string[] arguments, string? workingFolder)
    {
        // The server outlives pg_ctl and would keep a pipe open: output that it inherits goes to a file.
        var isServer = arguments.Contains("start");
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = !isServer,
            RedirectStandardError = !isServer,
            WorkingDirectory = workingFolder ?? "",
        })!;
        var output = isServer ? Task.FromResult("") : process.StandardOutput.ReadToEndAsync();
        var errors = isServer ? Task.FromResult("") : process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? (await output).Trim()
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}");
    }
}
