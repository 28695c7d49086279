using OmniTools.Mcp.Protocol;

namespace OmniTools.Mcp.Commands;

/// <summary>How MCP clients and the demo start this server.</summary>
internal static class ClientConfigSnippet
{
    /// <summary>The command that starts this program, and the arguments before its own.</summary>
    public static (string Command, IReadOnlyList<string> Arguments) OwnCommand
    {
        get
        {
            var library = Path.Combine(AppContext.BaseDirectory, "OmniTools.Mcp.dll");
            var process = Environment.ProcessPath ?? "dotnet";
            // Not GetFileNameWithoutExtension, which would remove ".Mcp".
            return Path.GetFileName(process)
                is "OmniTools.Mcp" or "OmniTools.Mcp.exe" or "omnitools-mcp" or "omnitools-mcp.exe"
                ? (process, [])
                : ("dotnet", [library]);
        }
    }

    /// <summary>The shell command that runs this program with arguments.</summary>
    public static string FormatCommand(string arguments)
    {
        var (command, before) = OwnCommand;
        var words = before.Prepend(command).Select(word => word.Contains(' ') ? $"\"{word}\"" : word);
        return string.Join(' ', [.. words, arguments]);
    }

    /// <summary>The lines for a client's configuration file.</summary>
    public static string Text
    {
        get
        {
            var (command, arguments) = OwnCommand;
            var args = arguments.Count == 0 ? ""
                : $", \"args\": [{string.Join(", ", arguments.Select(SuggestedCall.QuoteJson))}]";
            return "To attach it to an MCP client, put this into the client's configuration (one key is enough):\n"
                + $"  {{\"mcpServers\": {{\"omnitools\": {{\"command\": {SuggestedCall.QuoteJson(command)}{args}, "
                + """
                "env": {"TOAPIS_API_KEY": "your key", "OMNI_MAX_VIDEOS_PER_DAY": "10"}}}}
                """;
        }
    }
}
