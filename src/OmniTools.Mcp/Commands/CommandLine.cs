namespace OmniTools.Mcp.Commands;

/// <summary>Runs the command that the arguments name.</summary>
internal static class CommandLine
{
    private const string Usage =
        """
        omnitools-mcp                    serve MCP on stdin and stdout (what an MCP client starts)
        omnitools-mcp --debug            the same, and log to stderr (no key, no prompt)
        omnitools-mcp demo ["prompt"]    play an assistant against this server, in the sandbox: no key, no money
        omnitools-mcp check              show what is configured, what works and what to set
        omnitools-mcp ledger upgrade     bring a ledger that machines share up to the version of this program
        omnitools-mcp --version          show the version
        omnitools-mcp --help             show this, the variables and the configuration for an MCP client
        """;

    /// <summary>The commands, the variables and how a client is configured.</summary>
    public static string Help =>
        $"""
        OmniTools MCP server {Product.Version}:
        describe a clip, get a file; never pay twice, never lose what was paid for.

        {Usage}

        Variables: TOAPIS_API_KEY or APIMART_API_KEY; TOAPIS_BASE_URL, APIMART_BASE_URL, TOAPIS_MODEL, APIMART_MODEL,
        OMNI_PROVIDER, OMNI_SANDBOX=1, OMNI_HOME, OMNI_LEDGER, OMNI_CATALOG, OMNI_OUTPUT_ROOT,
        OMNI_MAX_VIDEOS_PER_DAY, OMNI_MAX_CREDITS_PER_DAY, OMNI_MAX_USD_PER_DAY, OMNI_CONFIRM_ABOVE.

        {ClientConfigSnippet.Text}
        """;

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        if (args is [] or ["--debug"])
            return await ServeCommand.RunAsync(isDebug: args.Count > 0);
        using var console = new Utf8Console();
        switch (args)
        {
            case ["demo"]:
                return await DemoCommand.RunAsync(DemoCommand.DefaultPrompt);
            case ["demo", var prompt] when !prompt.StartsWith('-') && !string.IsNullOrWhiteSpace(prompt):
                return await DemoCommand.RunAsync(prompt);
            case ["check"]:
                return await CheckCommand.RunAsync();
            case ["ledger", "upgrade"]:
                return await LedgerUpgradeCommand.RunAsync();
            case ["--version"]:
                await Console.Out.WriteLineAsync(Product.Version);
                return 0;
            case ["--help" or "-h" or "-?"]:
                await Console.Out.WriteLineAsync(Help);
                return 0;
            default:
                await Console.Error.WriteLineAsync($"Unknown arguments: {string.Join(' ', args)}\n\n{Usage}");
                return 2;
        }
    }
}
