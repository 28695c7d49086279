using OmniTools.Mcp.Commands;

return await CommandLine.RunAsync(args);
