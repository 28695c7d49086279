using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using OmniTools.Errors;
using OmniTools.Ledger;
using Xunit;

namespace OmniTools.Core.Tests.Ledger;

public sealed class RecordFormatTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly LedgerRecord Full = new()
    {
        At = Noon,
        Event = LedgerEvent.State,
        Key = "omni_1",
        Id = "task_1",
        Provider = "toapis",
        Model = "gemini_omni_flash",
        Prompt = "Ein Leuchtturm, 灯台, \"marked\" \\ 😀\n",
        AspectRatio = "16:9",
        Duration = 8,
        Resolution = "720p",
        Images = ["https://example.com/a.png", "b.png"],
        Video = "https://example.com/v.mp4",
        ExtendFrom = "task_0",
        Content = "c0",
        Body = "b0",
        Owner = "o0",
        Base = "https://toapis.com",
        Account = "0123abcd",
        Estimate = 10.5m,
        Again = true,
        Since = Noon.AddDays(-1),
        Status = "completed",
        RawStatus = "SUCCEEDED",
        Progress = 100,
        CreatedAt = Noon.AddMinutes(-2),
        CompletedAt = Noon.AddMinutes(-1),
        EstimatedSeconds = 90,
        Cost = 0.07m,
        Credits = 10m,
        Videos = [new() { Url = "https://example.com/r.mp4", ExpiresAt = Noon.AddHours(24), SavedPath = "/clips/r.mp4", Sha256 = "e3" }, new() { Url = "https://example.com/s.mp4" }],
        Error = new() { Kind = OmniErrorKind.ContentRejected, Code = "content_policy", Message = "No.", Charged = Charged.No },
        Index = 1,
        Path = "/clips/s.mp4",
        Sha256 = "f4",
        Bytes = 4_200_000_000,
    };

    [Fact]
    public void The_format_of_a_line_is_what_earlier_versions_wrote()
    {
        Assert.Equal(
            """{"v":1,"at":"2026-11-21T12:00:00+00:00","event":"state","key":"omni_1","id":"task_1","provider":"toapis","model":"gemini_omni_flash","prompt":"Ein Leuchtturm, 灯台, \"marked\" \\ \uD83D\uDE00\n","aspect_ratio":"16:9","duration":8,"resolution":"720p","images":["https://example.com/a.png","b.png"],"video":"https://example.com/v.mp4","extend_from":"task_0","content":"c0","body":"b0","owner":"o0","base":"https://toapis.com","account":"0123abcd","estimate":10.5,"again":true,"since":"2026-11-20T12:00:00+00:00","status":"completed","raw_status":"SUCCEEDED","progress":100,"created_at":"2026-11-21T11:58:00+00:00","completed_at":"2026-11-21T11:59:00+00:00","estimated_seconds":90,"cost":0.07,"credits":10,"videos":[{"url":"https://example.com/r.mp4","expires_at":"2026-11-22T12:00:00+00:00","saved_path":"/clips/r.mp4","sha256":"e3"},{"url":"https://example.com/s.mp4"}],"error":{"kind":"ContentRejected","code":"content_policy","message":"No.","charged":"No"},"index":1,"path":"/clips/s.mp4","sha256":"f4","bytes":4200000000}""" + "\n",
            Line(Full));
    }

    [Fact]
    public void What_a_record_has_none_of_is_left_out()
    {
        Assert.Equal("""{"v":1,"at":"2026-11-21T12:00:00+00:00","event":"accepted","key":"k"}""" + "\n", Line(new() { At = Noon, Event = LedgerEvent.Accepted, Key = "k" }));
    }

    [Fact]
    public void A_full_record_comes_back_as_it_was() => Assert.Equal(Line(Full), Line(RecordReader.Read(Encoding.UTF8.GetBytes(Line(Full)))!));

    [Fact]
    public void Any_text_and_any_number_come_back_as_they_were()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<string?>(), ArbMap.Default.ArbFor<DateTimeOffset>(), ArbMap.Default.ArbFor<decimal?>(), (text, at, number) =>
        {
            // Half a surrogate pair is no text and is replaced when it is written.
            var readable = text is null ? null : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            var record = new LedgerRecord { At = at, Event = "e", Key = "k", Prompt = text, Credits = number, CreatedAt = at };
            var read = RecordReader.Read(RecordWriter.Line(record).Span)!;
            Assert.Equal((at, readable, number, at), (read.At, read.Prompt, read.Credits, read.CreatedAt));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Theory]
    [InlineData("""{"v":1,"event":"e","key":"k","id":null,"duration":null,"videos":null,"error":null}""")]
    [InlineData("""{"v":1,"event":"e","key":"k","colour":"red","layers":[{"a":[1]}],"deep":{"event":"other"}}""")]
    [InlineData("""{"v":1,"event":"e","key":"k","a_name_that_is_longer_than_any_of_ours_is":"x"}""")]
    [InlineData("""{ "key" : "k" , "event":"e" }""")]
    [InlineData("""{"event":"e","key":"k","a":{"b":[{"key":"l"}]},"c":[1,[2]]}""")]
    public void Null_and_unknown_fields_are_passed_over(string line)
    {
        Assert.Equal("""{"v":1,"at":"0001-01-01T00:00:00+00:00","event":"e","key":"k"}""" + "\n", Line(RecordReader.Read(Encoding.UTF8.GetBytes(line))!));
    }

    [Fact]
    public void Unknown_fields_inside_a_video_or_an_error_are_passed_over_too()
    {
        var record = RecordReader.Read("""{"event":"e","key":"k","videos":[{"frames":[{"url":"x"}],"url":"u","more":{"url":"y"}},{"url":"w"}],"error":{"inner":{"message":"x"},"kind":"TaskFailed","message":"m","charged":"Yes"},"path":"p"}"""u8)!;
        Assert.Equal(["u", "w"], record.Videos!.Select(video => video.Url));
        Assert.Equal((OmniErrorKind.TaskFailed, "m", Charged.Yes, "p"), (record.Error!.Kind, record.Error.Message, record.Error.Charged, record.Path));
    }

    [Theory]
    [InlineData("""{"kind":"OfTomorrow","message":"m","charged":"No"}""", OmniErrorKind.TaskFailed, Charged.No)]
    [InlineData("""{"kind":"NoVideo","message":"m","charged":"InPart"}""", OmniErrorKind.NoVideo, Charged.Unknown)]
    [InlineData("""{"kind":"999","message":"m","charged":"7"}""", OmniErrorKind.TaskFailed, Charged.Unknown)]
    [InlineData("""{"message":"m"}""", OmniErrorKind.TaskFailed, Charged.Unknown)]
    public void An_error_in_words_of_a_later_version_takes_nothing_else_of_its_record_with_it(string error, OmniErrorKind kind, Charged charged)
    {
        var record = RecordReader.Read(Encoding.UTF8.GetBytes($$"""{"v":1,"event":"settled","key":"k","id":"id-1","error":{{error}}}"""))!;
        Assert.Equal(("id-1", kind, "m", charged), (record.Id, record.Error!.Kind, record.Error.Message, record.Error.Charged));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("\"key\"")]
    [InlineData("""{"event":"e","key":"k"}{}""")]
    [InlineData("""{"event":"e","key":"k" """)]
    [InlineData("""{"event":1,"key":"k"}""")]
    [InlineData("""{"event":"e","key":"k","duration":"8"}""")]
    [InlineData("""{"event":"e","key":"k","duration":8.5}""")]
    [InlineData("""{"event":"e","key":"k","at":"yesterday"}""")]
    [InlineData("""{"event":"e","key":"k","images":"a.png"}""")]
    [InlineData("""{"event":"e","key":"k","videos":["a.mp4"]}""")]
    [InlineData("""{"event":"e","key":"k","error":"no"}""")]
    public void A_line_of_another_shape_is_no_record(string line) => Assert.Null(RecordReader.Read(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void Whatever_happens_to_a_byte_or_a_value_it_is_a_record_or_none()
    {
        var line = Encoding.UTF8.GetBytes(Line(Full));
        for (var i = 0; i < line.Length; i++)
        {
            foreach (var other in "0\"\\{]\0\u00FF"u8.ToArray().Append((byte)0xFF))
                Read([.. line[..i], other, .. line[(i + 1)..]]);
            Read(line[..i]);
        }
        var values = Regex.Matches(Line(Full), """(?<=":)("([^"\\]|\\.)*"|[^"\[{,}\]]+)""");
        Assert.True(values.Count > 40);
        foreach (var value in values.Reverse())
        {
            foreach (var other in (string[])["null", "[]", "{}", "\"\"", "\"\\ud800\"", "1e999", "-1", "0.5", "99999999999999999999999999999", "true", "\"9999-12-31T23:59:59.9999999-14:00\""])
                Read(Encoding.UTF8.GetBytes(Line(Full)[..value.Index] + other + Line(Full)[(value.Index + value.Length)..]));
        }

        static void Read(byte[] bytes)
        {
            if (LedgerReader.Parse(bytes, out _) is not { } record)
                return;
            var summary = new LedgerSummary();
            summary.Apply(record with { Event = LedgerEvent.Intent });
            summary.Apply(record);
            _ = summary.Today(record.At);
            _ = LedgerEntry.Fold([record with { Event = LedgerEvent.Intent }, record], false, _ => false).Task.IsUnsaved;
        }
    }

    private static string Line(LedgerRecord record) => Encoding.UTF8.GetString(RecordWriter.Line(record).Span);
}
