using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OmniTools.Ledger;
using OmniTools.Testing;
using Xunit;

namespace OmniTools.Core.Tests.Ledger;

public sealed class SegmentLinesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Read_backward_any_lines_come_out_in_reverse_whole_and_once()
    {
        // Lengths around the block size of the reader and far below it.
        var length = Gen.Frequency((8, Gen.Choose(1, 400)), (1, Gen.Choose(200_000, 300_000)));
        Prop.ForAll(length.ListOf().ToArbitrary(), Gen.Elements(true, false).ToArbitrary(), (lengths, finished) =>
        {
            var lines = lengths.Select((size, i) => $"{i}:" + new string((char)('a' + (i % 26)), size)).ToList();
            var path = Write(lines, finished);
            var read = SegmentLines.Backward(path).Select(line => (Text: Encoding.UTF8.GetString(line.Bytes.Span), line.IsUnfinished)).ToList();
            Assert.Equal(Enumerable.Reverse(lines), read.Select(line => line.Text));
            Assert.Equal(!finished && lines.Count > 0, read.Any(line => line.IsUnfinished));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));
    }

    [Fact]
    public void A_file_that_becomes_shorter_while_it_is_read_is_an_error_and_not_lines_of_nothing()
    {
        var path = Write([.. Enumerable.Repeat(new string('x', 999), 200)], finished: true);
        using var lines = SegmentLines.Backward(path).GetEnumerator();
        Assert.True(lines.MoveNext());
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(0);
        Assert.Throws<EndOfStreamException>(() =>
        {
            while (lines.MoveNext())
            {
            }
        });
    }

    [Fact]
    public void With_a_needle_exactly_the_lines_that_contain_it_come_out()
    {
        Prop.ForAll(Gen.Choose(0, 9).ListOf().ToArbitrary(), digits =>
        {
            var lines = digits.Select((digit, i) => $"{{\"n\":{i},\"key\":\"k{digit}\",\"pad\":\"{new string('x', digit * 20_000)}\"}}").ToList();
            var path = Write(lines, finished: true);
            var needle = "\"k7\""u8.ToArray();
            var read = SegmentSearch.Backward(path, () => needle).Select(line => Encoding.UTF8.GetString(line.Bytes.Span)).ToList();
            Assert.Equal(Enumerable.Reverse(lines).Where(line => line.Contains("\"k7\"", StringComparison.Ordinal)), read);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));
    }

    [Fact]
    public void A_line_that_holds_the_needle_twice_or_begins_with_it_comes_out_once()
    {
        var path = Write(["\"k7\" and \"k7\"", "other", "x \"k7\"\"k7\"", "\"k7\""], finished: true);
        var needle = "\"k7\""u8.ToArray();
        Assert.Equal(["\"k7\"", "x \"k7\"\"k7\"", "\"k7\" and \"k7\""], SegmentSearch.Backward(path, () => needle).Select(line => Encoding.UTF8.GetString(line.Bytes.Span)));
    }

    [Fact]
    public void A_line_comes_out_whole_however_far_from_its_ends_the_needle_is_and_says_whether_it_is_finished()
    {
        var (before, behind) = (new string('x', 9_000) + "\"k7\"", "\"k7\"" + new string('y', 9_000));
        var path = Write([before, "other", behind, "\"k7\" tor"], finished: false);
        var needle = "\"k7\""u8.ToArray();
        var read = SegmentSearch.Backward(path, () => needle).Select(line => (Encoding.UTF8.GetString(line.Bytes.Span), line.IsUnfinished)).ToList();
        Assert.Equal([("\"k7\" tor", true), (behind, false), (before, false)], read);
    }

    [Fact]
    public void What_goes_wrong_in_a_search_is_an_error_and_not_nothing_found()
    {
        var path = Write(["\"k7\""], finished: true);
        Assert.Throws<NullReferenceException>(() => SegmentSearch.Backward(path, () => null!).Count());
    }

    [Fact]
    public void A_needle_that_changes_is_sought_in_all_lines_before_and_the_old_one_in_none()
    {
        Prop.ForAll(Gen.Choose(0, 5).ListOf().ToArbitrary(), digits =>
        {
            var lines = digits.Select((digit, i) => $"{{\"n\":{i},\"key\":\"k{digit}\",\"pad\":\"{new string('x', digit * 20_000)}\"}}").ToList();
            var path = Write(lines, finished: true);
            byte[] first = "\"k1\""u8.ToArray(), then = "\"k2\""u8.ToArray();
            var needle = first;
            var read = new List<string>();
            foreach (var line in SegmentSearch.Backward(path, () => needle))
            {
                read.Add(Encoding.UTF8.GetString(line.Bytes.Span));
                needle = then;
            }
            var at = lines.FindLastIndex(line => line.Contains("\"k1\"", StringComparison.Ordinal));
            var before = Enumerable.Reverse(lines.Take(Math.Max(at, 0))).Where(line => line.Contains("\"k2\"", StringComparison.Ordinal));
            Assert.Equal(at < 0 ? [] : [lines[at], .. before], read);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));
    }

    [Fact]
    public void Read_forward_an_unfinished_line_is_left_for_later()
    {
        var path = Write(["one", "two", "", "thr"], finished: false);
        var read = SegmentLines.Forward(path, 4).Select(line => (Encoding.UTF8.GetString(line.Bytes.Span), line.Next)).ToList();
        Assert.Equal([("two", 8L), ("", 9L)], read);
    }

    private string Write(List<string> lines, bool finished)
    {
        var path = folder["segment.jsonl"];
        File.WriteAllText(path, string.Join('\n', lines) + (finished && lines.Count > 0 ? "\n" : ""));
        return path;
    }
}
