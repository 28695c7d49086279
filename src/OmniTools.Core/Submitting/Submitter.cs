using System.Collections.Concurrent;
using System.Text;
using OmniTools.Errors;
using OmniTools.Http;
using OmniTools.Ledger;
using OmniTools.Providers;
using OmniTools.Requests;
using OmniTools.Spending;
using OmniTools.Tasks;

namespace OmniTools.Submitting;

/// <summary>From a request to an accepted task: checked, within the limits, recorded before it is sent, bought at most once.</summary>
internal sealed class Submitter(TaskLedger ledger, Func<ProviderSpec, IVideoProvider> providers, OmniSettings settings, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (string Content, Lazy<Task<VideoTask>> Work)> running = new();

    /// <summary>Checks everything and says what would be sent.</summary>
    public SubmitPlan Plan(VideoRequest request)
    {
        var check = Check(request);
        var key = request.RequestKey ?? RequestKey.Mint(time);
        var summary = ledger.Look();
        return new()
        {
            Provider = check.Provider.Id,
            Model = check.Request.Model!,
            RequestKey = key,
            Body = Encoding.UTF8.GetString(providers(check.Provider).WriteSubmit(check.Request, key).Body!.Value.Span),
            Seconds = check.Request.Duration ?? check.Model.DefaultDuration,
            EstimatedCredits = Estimate(summary, check),
            Spend = SpendLimits.Read(settings).Report(summary.Today(time.GetUtcNow()), time.GetUtcNow()),
            Warnings = check.Warnings,
        };
    }

    /// <summary>Submits; the same key at the same time in this process is one submission.</summary>
    public Task<VideoTask> SubmitAsync(VideoRequest request, SubmitOptions options, CancellationToken stop)
    {
        var check = Check(request);
        providers(check.Provider).Transport.RequireKey();
        var content = ContentHash.Of(check);
        var key = request.RequestKey ?? RequestKey.Mint(time);
        var isOwnKey = request.RequestKey is not null;
        var mine = (content, new Lazy<Task<VideoTask>>(() => RunAsync(check, content, key, isOwnKey, options, stop)));
        var (runningContent, work) = running.GetOrAdd(key, mine);
        if (runningContent != content)
            throw Refusal.OtherContent(key, check.Provider);
        return work.Value;
    }

    private async Task<VideoTask> RunAsync(CheckedRequest check, string content, string key, bool isOwnKey, SubmitOptions options, CancellationToken stop)
    {
        try
        {
            foreach (var warning in check.Warnings)
                OmniTrace.Verbose(warning);
            var known = isOwnKey ? ledger.Find(key, null) : null;
            if (known is not null && (known.First.Content != content || known.First.Provider != check.Provider.Id))
                throw Refusal.OtherContent(key, check.Provider);
            if (known is { State: LedgerState.Accepted or LedgerState.Intended })
                return known.Task;
            var provider = providers(check.Provider);
            return known is { State: LedgerState.Unknown }
                ? await ResumeAsync(provider, check, known, stop)
                : await BeginAsync(provider, check, content, key, isOwnKey, options, known is not null, stop);
        }
        finally
        {
            running.TryRemove(key, out _);
        }
    }

    private async Task<VideoTask> BeginAsync(
        IVideoProvider provider, CheckedRequest check, string content, string key, bool isOwnKey, SubmitOptions options, bool again, CancellationToken stop)
    {
        var limits = SpendLimits.Read(settings);
        Precheck(ledger.Look());
        var request = await WireReferences.ResolveAsync(provider, check.Request, null, stop);
        var post = provider.WriteSubmit(request, key);
        var owner = ledger.ClaimOwner();
        stop.ThrowIfCancellationRequested();
        var intent = (await ledger.AppendAsync(summary =>
        {
            Precheck(summary);
            return new()
            {
                Event = LedgerEvent.Intent,
                Key = key,
                Provider = provider.Spec.Id,
                Model = request.Model,
                Prompt = request.Prompt,
                AspectRatio = request.AspectRatio ?? check.Model.DefaultAspectRatio,
                Duration = request.Duration ?? check.Model.DefaultDuration,
                Resolution = request.Resolution ?? check.Model.DefaultResolution,
                Images = request.Images.Count > 0 ? request.Images : null,
                Video = request.Video is { } video ? Reference.Shown(video) : null,
                ExtendFrom = request.ExtendFrom,
                Content = content,
                Body = ContentHash.Of(post.Body!.Value),
                Owner = owner,
                Estimate = Estimate(summary, check),
                Again = again ? true : null,
            };
        }))!;
        options.Recorded?.Invoke(key);
        OmniTrace.Verbose($"Submitting to {provider.Spec.Id}, model {request.Model}, request key {key}");
        return await FinishAsync(provider, intent, post, isUnknown: false, stop);

        void Precheck(LedgerSummary summary)
        {
            Refusal.CheckLedger(summary, ledger.Folder, time.GetUtcNow());
            if (!options.Force && !isOwnKey && summary.Twin(content, ledger.IsAlive) is { } twin)
                throw Refusal.Twin(twin, provider.Spec);
            limits.Check(summary.Today(time.GetUtcNow()), Estimate(summary, check), time.GetUtcNow());
        }
    }

    // The same key again after an unknown outcome: the same bytes, and only while the provider can be expected to know the key.
    private async Task<VideoTask> ResumeAsync(IVideoProvider provider, CheckedRequest check, LedgerEntry known, CancellationToken stop)
    {
        var key = known.First.Key;
        var request = await WireReferences.ResolveAsync(provider, check.Request, known.First.Images, stop);
        var post = provider.WriteSubmit(request, key);
        if (!provider.Spec.ReadsByRequestKey && (ContentHash.Of(post.Body!.Value) != known.First.Body || time.GetUtcNow() - known.First.At > SubmittingConstants.ReplayWindow))
        {
            throw Refusal.TooLate(key, provider.Spec);
        }
        OmniTrace.Verbose($"Settling request key {key} at {provider.Spec.Id}");
        return await FinishAsync(provider, known.First, post, isUnknown: true, stop);
    }

    private async Task<VideoTask> FinishAsync(IVideoProvider provider, LedgerRecord intent, WireRequest post, bool isUnknown, CancellationToken stop)
    {
        var outcome = await new PaidPost(provider, post, intent.Key).SendAsync(isUnknown, stop);
        var failed = outcome switch
        {
            SubmitOutcome.Rejected rejected => Refusal.WithKey(rejected.Reason, intent.Key),
            SubmitOutcome.Unknown unknown => unknown.Reason,
            _ => null,
        };
        var record = outcome switch
        {
            SubmitOutcome.Accepted accepted => TaskLedger.Report(isUnknown ? LedgerEvent.Settled : LedgerEvent.Accepted, intent.Key, provider.Spec, intent.Model, accepted.Report),
            SubmitOutcome.Rejected => Failed(isUnknown ? LedgerEvent.Settled : LedgerEvent.Rejected, intent.Key, failed!),
            _ => Failed(LedgerEvent.Unknown, intent.Key, failed!),
        };
        try
        {
            await ledger.AppendAsync(record);
        }
        catch (OmniException failure) when (record.Id is { } id)
        {
            throw Refusal.Unrecorded(id, intent.Key, provider.Spec, failure);
        }
        catch (OmniException) when (failed is not null)
        {
            // What came of the request matters more than that it could not be noted: without a record the intent is read as unknown.
            throw failed;
        }
        if (outcome is SubmitOutcome.Accepted)
        {
            OmniTrace.Verbose($"{provider.Spec.Name} accepted request key {intent.Key} as task {ProviderText.Clean(record.Id)}");
            return LedgerEntry.Fold([intent, record], settings.IsSandbox, ledger.IsAlive).Task;
        }
        throw failed!;
    }

    private CheckedRequest Check(VideoRequest request)
    {
        var spec = settings.ChooseProvider(request.Provider);
        var model = string.IsNullOrWhiteSpace(request.Model) ? settings.For(spec).Model ?? spec.DefaultModel : request.Model.Trim();
        return CatalogCheck.Check(request, spec, model);
    }

    private static decimal? Estimate(LedgerSummary summary, CheckedRequest check) =>
        summary.Price(check.Provider.Id, check.Request.Model) ?? check.Model.EstimatedCredits;

    private static LedgerRecord Failed(string what, string key, OmniException reason) => new()
    {
        Event = what,
        Key = key,
        Error = new() { Kind = reason.Kind, Code = reason.ProviderCode, Message = reason.ProviderMessage ?? reason.What, Charged = reason.Charged },
    };
}
