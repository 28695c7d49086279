using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace OmniTools.Mcp.Prompts;

/// <summary>Prompts that help to write good prompts. None spends money; each ends with the user's decision.</summary>
internal static class PromptHandlers
{
    private sealed record Entry(
        string Name, string Title, string Description, PromptArgument? Argument, Func<string, string> Text);

    private static readonly Entry[] Entries =
    [
        new(
            "shape_clip",
            "Shape one clip",
            "Turn an idea into one good prompt for a clip of a few seconds. Spends nothing.",
            new() { Name = "idea", Description = "What the clip is about.", Required = true },
            idea =>
                $"""
                Shape this idea into one prompt for a video clip of 6 to 10 seconds with sound: "{idea}"

                One subject, one action that fits the length, one place, one light, one camera move, and what is
                heard. Present tense, plain words, no lists, under 80 words. Say what is seen, not what is meant.
                Choose 16:9 for screens, 9:16 for phones. Shots: the model likes to cut, so ask for
                "one continuous shot" in these words; where cuts are wanted give each its timecode, like
                "[0-3s] ... [3-6s] ...". Sound is made with the picture: name it (ambience, effects, music or
                "no music"), and put speech in quotes with who says it. References (list_models shows which models
                take them): name each in the prompt by its number and role, like "the woman of image 1 in the street
                of image 2", and "the video" for a clip to edit. Show me the prompt and the choices, then check them
                with generate_video and dry_run=true and tell me the price, or that it is unknown.
                Submit only after I agree: every accepted clip costs money, and a submitted clip cannot be cancelled
                or refunded.
                """),
        new(
            "plan_sequence",
            "Plan a sequence",
            "Plan several clips that continue each other (apimart, extend_from_task_id). Spends nothing.",
            new() { Name = "story", Description = "What happens over the whole sequence.", Required = true },
            story =>
                $"""
                Plan a sequence of at most 4 clips for this story: "{story}"

                Each clip continues the one before: give it the same subject, clothes, place, light and sound in the
                same words, and one new action that starts where the last one ended; ask for "one continuous shot"
                in each, or for timecodes where it shall cut. Number the clips, one prompt each. The first is made
                with generate_video and provider apimart, every further one with extend_from_task_id set to the task
                id of the one before, after wait_video_task says that one is completed. Give each a request_key of
                its own, and save all of them with one save_video and task_ids. Show me the plan with the price of
                the whole against the balance (dry_run=true says what one clip costs, get_provider_status what the
                balance is enough for) and wait for my agreement before the first.
                """),
        new(
            "review_clips",
            "Review what was made",
            "See which paid clips have no file yet and what became of uncertain submissions. Spends nothing.",
            Argument: null,
            _ =>
                """
                Call get_provider_status, then list_video_tasks with unsaved=true, and then with status=unknown.
                Tell me which paid clips have no file yet and when their URLs expire, and offer to save them with
                one save_video and task_ids. For each unknown submission call get_video_task once and tell me what
                came of it, and what its next step is. Submit nothing.
                """),
    ];

    public static ValueTask<ListPromptsResult> ListAsync(
        RequestContext<ListPromptsRequestParams> request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new ListPromptsResult
        {
            Prompts = [.. Entries.Select(entry => new Prompt
            {
                Name = entry.Name,
                Title = entry.Title,
                Description = entry.Description,
                Arguments = entry.Argument is null ? null : [entry.Argument],
            })],
        });

    public static ValueTask<GetPromptResult> GetAsync(
        RequestContext<GetPromptRequestParams> request, CancellationToken cancellationToken)
    {
        if (Entries.FirstOrDefault(each => each.Name == request.Params.Name) is not { } entry)
            throw new McpProtocolException(
                $"There is no prompt '{ProviderText.Clean(request.Params.Name)}'. The prompts: "
                + $"{string.Join(", ", Entries.Select(each => each.Name))}.",
                McpErrorCode.InvalidParams);
        var argument = entry.Argument?.Name;
        var given = argument is not null && request.Params.Arguments?.TryGetValue(argument, out var value) == true
            ? value.ToString() : null;
        if (argument is not null && string.IsNullOrWhiteSpace(given))
            throw new McpProtocolException(
                $"The prompt '{entry.Name}' needs the argument '{argument}'. Received: nothing. Allowed: a string.",
                McpErrorCode.InvalidParams);
        var content = new TextContentBlock { Text = entry.Text(given ?? "") };
        return ValueTask.FromResult(new GetPromptResult
        {
            Description = entry.Description,
            Messages = [new() { Role = Role.User, Content = content }],
        });
    }
}
