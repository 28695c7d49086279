using OmniTools.Errors;

namespace OmniTools.Core.Tests.Errors;

public sealed class OmniExceptionTests
{
    [Fact]
    public void The_message_says_what_happened_received_allowed_billed_and_next_in_this_order()
    {
        var error = new OmniException(OmniErrorKind.InvalidRequest, "It failed.", new()
        {
            Charged = Charged.No,
            Received = "A",
            Allowed = "B",
            ProviderMessage = "余额不足",
            NextStep = "Do this.",
        });
        Assert.Equal(
            "It failed. Received: A. Allowed: B. The provider says: \"余额不足\". Nothing was sent or billed. Do this.",
            error.Message);
        Assert.Equal("It failed.", error.Summary);
    }

    [Fact]
    public void An_error_that_does_not_say_whether_it_was_billed_says_that_it_may_have_been()
    {
        var error = new OmniException(OmniErrorKind.TaskFailed, "It failed");
        Assert.Equal((Charged.Unknown, "It failed. It may have been billed."), (error.Charged, error.Message));
    }

    [Theory]
    [InlineData(Charged.No, false, "Nothing was sent or billed.")]
    [InlineData(Charged.No, true, "Nothing was billed.")]
    [InlineData(Charged.Unknown, true, "It may have been billed.")]
    [InlineData(Charged.Yes, true, "This was billed.")]
    public void Every_message_says_whether_money_was_spent(Charged charged, bool wasSent, string sentence) =>
        Assert.Equal("It failed. " + sentence,
            new OmniException(OmniErrorKind.TaskFailed, "It failed",
                new() { Charged = charged, WasSent = wasSent }).Message);
}
