using System.Globalization;
using OmniTools.Catalog;
using OmniTools.Mcp.Protocol;
using OmniTools.Requests;
using OmniTools.Spending;

namespace OmniTools.Mcp.Tools;

/// <summary>
/// Asks the user before each video beyond <c>OMNI_CONFIRM_ABOVE</c> a day. If the client cannot ask, the call is
/// rejected.
/// </summary>
internal static class SpendConfirmation
{
    public static async Task RequireAsync(ToolCall call, VideoRequest request, CancellationToken cancellationToken)
    {
        var setting = call.Session.Settings.ConfirmAbove;
        if (setting is null || (request.RequestKey is { } key
            && await call.Client.FindTaskAsync(key, null, cancellationToken) is not null))
            return;
        if (!int.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out var most))
        {
            throw new OmniException(OmniErrorKind.InvalidConfiguration, "OMNI_CONFIRM_ABOVE is not a number", new()
            {
                Charged = Charged.No, // Nothing was sent.
                Field = "OMNI_CONFIRM_ABOVE",
                Received = ProviderText.Clean(setting),
                Allowed = "a whole number of videos a day",
                NextStep = "Correct it, or unset it so that nobody is asked",
            });
        }
        var spend = await call.Client.GetSpendingAsync(cancellationToken);
        if (spend.Videos < most)
            return;
        var bought = $"{spend.Videos} {(spend.Videos == 1 ? "clip was" : "clips were")} bought today"
            + (spend.IsSandbox ? " in the sandbox" : "");
        if (call.Server.ClientCapabilities?.Elicitation is null)
            throw Refused(
                $"{bought}, and past {most} the user has to be asked, which this client cannot do",
                "Ask the user to raise or unset OMNI_CONFIRM_ABOVE, or wait for the next day (UTC)");
        var plan = await call.Client.PlanSubmissionAsync(request, null, cancellationToken);
        var price = Money.Price(plan.EstimatedCredits, ModelCatalog.Provider(plan.Provider));
        var question = new ElicitRequestParams
        {
            Message = $"Buy one more video at {plan.Provider} ({plan.Model}, {price})? {bought}."
                + (spend.IsSandbox ? " The sandbox takes no money." : ""),
            RequestedSchema = new(),
        };
        if ((await call.Server.ElicitAsync(question, cancellationToken)).Action != "accept")
            throw Refused("The user did not agree to buy this video", "Do not ask again unless the user wants it");
    }

    private static OmniException Refused(string what, string next) =>
        new(OmniErrorKind.LimitReached, what,
            new() { Charged = Charged.No, Field = "OMNI_CONFIRM_ABOVE", NextStep = next });
}
