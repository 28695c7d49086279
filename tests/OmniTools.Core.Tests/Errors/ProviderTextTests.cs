using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OmniTools.Errors;
using Xunit;

namespace OmniTools.Core.Tests.Errors;

public sealed class ProviderTextTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData(" \r\n\t ", null)]
    [InlineData("\u202E\u200B", null)]
    [InlineData("余额不足，请充值", "余额不足，请充值")]
    [InlineData("a\r\nb", "a  b")]
    [InlineData("a\u2028b", "a b")]
    [InlineData("\u001b[31mred", "[31mred")]
    [InlineData("evil\u202Egnp.exe", "evilgnp.exe")]
    [InlineData("👍🏽", "👍🏽")]
    public void Text_is_kept_and_what_commands_a_terminal_or_a_reader_is_not(string? text, string? clean) =>
        Assert.Equal(clean, ProviderText.Clean(text));

    [Fact]
    public void A_long_text_ends_with_an_ellipsis()
    {
        var clean = ProviderText.Clean(new string('x', 10_000));
        Assert.Equal(new string('x', ProviderText.MaximumLength) + "…", clean);
        Assert.Equal(new string('x', 500), ProviderText.Clean(new string('x', 500)));
    }

    [Fact]
    public void No_pair_of_surrogates_is_cut_in_half() =>
        Assert.Equal(new string('x', 499) + "…", ProviderText.Clean(new string('x', 499) + "👍"));

    [Fact]
    public void An_unpaired_surrogate_does_no_harm() =>
        Assert.Equal("a b", ProviderText.Clean("a\uD83Db"));

    [Fact]
    public void Whatever_comes_in_the_result_is_short_and_printable() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.ArrayOf(Gen.OneOf(Gen.Choose(0, 0x2FF), Gen.Choose(0x2000, 0x206F), Gen.Choose(0xD7F0, 0xE010),
        Gen.Choose(0xFFF0, 0xFFFF))).ToArbitrary(),
        codes =>
        {
            var clean = ProviderText.Clean(
                new string([.. codes.SelectMany(code => Enumerable.Repeat((char)code, 1 + code % 50))]));
            return clean is null
                || (clean.Length <= ProviderText.MaximumLength + 1 && clean.EnumerateRunes().All(IsPrintable));
        }));

    private static bool IsPrintable(Rune rune) =>
        rune != Rune.ReplacementChar
        && Rune.GetUnicodeCategory(
        rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
