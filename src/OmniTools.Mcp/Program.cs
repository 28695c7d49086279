using System.Globalization;
using OmniTools.Mcp.Commands;

// Everything that is written is for programs and English readers, so interpolated strings need no culture of their own.
CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
return await CommandLine.RunAsync(args);
