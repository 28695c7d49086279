using System.Text.Json;
using System.Text.Json.Nodes;
using OmniTools.Files;
using OmniTools.Mcp.Protocol.Parameters;
using OmniTools.Requests;

namespace OmniTools.Mcp.Protocol;

/// <summary>
/// The corrected call that an error about an argument suggests. It keeps what the caller gave and changes only what was
/// wrong.
/// </summary>
internal static class CorrectedCall
{
    /// <summary>The suggestion; null if the error is not about an argument of the tool.</summary>
    public static async Task<string?> SuggestAsync(ToolCall call, OmniException error)
    {
        var tool = call.Tool;
        var name = ToolErrors.ArgumentName(error.Field);
        if (error.Kind != OmniErrorKind.InvalidRequest
            || error.WasSent
            || tool.Input.Parameters.FirstOrDefault(each => each.Name == name) is not { } parameter)
            return null;
        if (!call.RawArguments.TryGetValue(parameter.Name, out var given) || given.ValueKind == JsonValueKind.Null)
            return parameter.IncludeInExample ? FormatCall(tool, tool.Input.Correct(call.RawArguments, [])) : null;
        if (await FindCorrectionAsync(call, error, parameter) is { } value)
            return FormatCall(tool, InputSchema.Change(call.RawArguments, value));
        // The models that can are the better advice than a call without what was wanted.
        if (error.NextStep?.StartsWith("Models that can", StringComparison.Ordinal) == true)
            return null;
        if (!parameter.AffectsOutput)
            return FormatCall(tool, Without(call, parameter));
        return error.Allowed == "none"
            ? $"Without {parameter.Name}, which makes another clip (ask the user first): "
                + $"{tool.Name} {Without(call, parameter)}"
            : $"Next: the same call with {parameter.Name} corrected; the other arguments can stay";
    }

    /// <summary>Another provider that is ready and can do the request; null when there is none.</summary>
    public static async Task<string?> FindProviderAsync(ToolCall call, string? except)
    {
        foreach (var id in call.Session.Settings.ReadyProviders.Select(spec => spec.Id))
        {
            if (id != except && call.Session.Observations.FindRefusal(id) is null && await IsPossibleAsync(
                call, new() { ["provider"] = id, ["model"] = null, ["request_key"] = null }))
                return id;
        }
        return null;
    }

    private static async Task<Dictionary<string, JsonNode?>?> FindCorrectionAsync(
        ToolCall call, OmniException error, ToolParameter parameter)
    {
        if (parameter.Name == "path" && error.Received is not null)
            return CorrectPath(call.RawArguments["path"].GetString()!) is { } path ? new() { ["path"] = path } : null;
        if (!call.Tool.SpendsMoney)
            return null;
        if (parameter.Name == "request_key")
            return CorrectKey(call.RawArguments["request_key"].GetString()!) is { } key
                ? new() { ["request_key"] = key } : null;
        if (await FindProviderAsync(call, error.Provider) is { } other)
            return call.RawArguments.ContainsKey("model")
                ? new() { ["provider"] = other, ["model"] = null } : new() { ["provider"] = other };
        return parameter.Name == "duration_seconds" ? await FindNearestDurationAsync(call, error) : null;
    }

    private static async Task<Dictionary<string, JsonNode?>?> FindNearestDurationAsync(
        ToolCall call, OmniException error)
    {
        var settings = call.Session.Settings;
        if (settings.Catalog.Providers.FirstOrDefault(spec => spec.Id == error.Provider) is not { } provider
            || !ToolArguments.TryGetInteger(call.RawArguments["duration_seconds"], out var wanted))
            return null;
        var model = call.Arguments.GetString("model") ?? settings.GetProviderSettings(provider).Model;
        foreach (var seconds in (provider.Rules(model ?? provider.DefaultModel, out _).Durations ?? [])
            .OrderBy(seconds => Math.Abs(seconds - wanted)))
        {
            var change = new Dictionary<string, JsonNode?> { ["duration_seconds"] = seconds };
            if (await IsPossibleAsync(call, change))
                return change;
        }
        return null;
    }

    private static async Task<bool> IsPossibleAsync(ToolCall call, Dictionary<string, JsonNode?> changes)
    {
        try
        {
            var values = call.RawArguments
                .Where(each => each.Value.ValueKind != JsonValueKind.Null && !changes.ContainsKey(each.Key))
                .Concat(changes.Where(each => each.Value is not null)
                    .Select(each => KeyValuePair.Create(each.Key, JsonElement.Parse(each.Value!.ToJsonString()))));
            var changed = call with { Arguments = new(new Dictionary<string, JsonElement>(values)) };
            if (changed.Tool.CreateRequest(changed) is not { } request)
                return false;
            await call.Client.PlanSubmissionAsync(request);
            return true;
        }
        catch (OmniException)
        {
            return false;
        }
    }

    // The file name below the root, in characters that every system accepts.
    private static string? CorrectPath(string given)
    {
        var name = given.Split('/', '\\', ':')[^1];
        foreach (var token in new[] { "prompt", "key", "id", "provider", "model", "date", "index", "ext" })
            name = name.Replace("{" + token + "}", $"\u0001{token}\u0002", StringComparison.OrdinalIgnoreCase);
        name = new string([.. name.Where(c =>
            c is '\u0001' or '\u0002' || (!char.IsControl(c) && !"*?\"<>|{}".Contains(c)))])
            .Replace('\u0001', '{').Replace('\u0002', '}').Trim(' ', '.');
        return name.Length == 0 || name == given
            || name.StartsWith('~') || PortableFileName.IsDevice(name) ? null : name;
    }

    private static string? CorrectKey(string given)
    {
        var key = new string([.. given.Select(c =>
            char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '-' ? c : '-')]).TrimStart('.', '_', ':', '-');
        return key.Length == 0 || key == given ? null : key[..Math.Min(key.Length, RequestKey.MaximumLength)];
    }

    private static string Without(ToolCall call, ToolParameter parameter) =>
        InputSchema.Change(call.RawArguments, new Dictionary<string, JsonNode?> { [parameter.Name] = null });

    private static string FormatCall(OmniTool tool, string arguments) =>
        $"A correct call: {tool.Name} {arguments}";
}
