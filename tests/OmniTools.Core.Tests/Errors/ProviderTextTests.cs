using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OmniTools.Errors;

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
    public void ProviderText_Clean_KeepsTextAndRemovesControlCharacters(string? text, string? clean) =>
        Assert.Equal(clean, ProviderText.Clean(text));

    [Fact]
    public void ProviderText_Clean_LongText_EndsWithAnEllipsis()
    {
        var clean = ProviderText.Clean(new string('x', 10_000));
        Assert.Equal(new string('x', ProviderText.MaximumLength) + "…", clean);
        Assert.Equal(new string('x', 500), ProviderText.Clean(new string('x', 500)));
    }

    [Fact]
    public void ProviderText_Clean_CutAtASurrogatePair_KeepsThePairWhole() =>
        Assert.Equal(new string('x', 499) + "…", ProviderText.Clean(new string('x', 499) + "👍"));

    [Fact]
    public void ProviderText_Clean_UnpairedSurrogate_IsHarmless() =>
        Assert.Equal("a b", ProviderText.Clean("a\uD83Db"));

    [Fact]
    public void ProviderText_Clean_AnyText_IsShortAndPrintable() => Check.QuickThrowOnFailure(Prop.ForAll(
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
