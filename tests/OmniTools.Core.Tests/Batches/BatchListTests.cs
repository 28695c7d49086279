using System.Text;
using OmniTools.Batches;
using OmniTools.Batches.Lists;
using OmniTools.Errors;

namespace OmniTools.Core.Tests.Batches;

/// <summary>Reading lists: formats, delimiters, encodings, and what cannot be read.</summary>
public sealed class BatchListTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("Prompt,Duration\na cat,6\n", ',')]
    [InlineData("Prompt;Duration\r\na cat;6\r\n", ';')]
    [InlineData("Prompt\tDuration\na cat\t6", '\t')]
    [InlineData("sep=;\r\nPrompt;Duration\r\na cat;6", ';')]
    [InlineData("Prompt;A, B, C and D;Duration\na cat;x;6", ';')]
    public void Read_Csv_DetectsItsDelimiter(string text, char delimiter)
    {
        var list = Read(text);
        Assert.Equal(delimiter, list.Delimiter);
        var row = Assert.Single(list.Rows);
        Assert.Equal(("a cat", "6"), (list.GetCell(row, "prompt"), list.GetCell(row, "Duration")));
    }

    [Fact]
    public void Read_CellsInQuotes_KeepDelimitersQuotesAndLineBreaks()
    {
        var list = Read("Prompt,RequestKey\n\"a \"\"big\"\" cat,\nasleep\" , k1\n\n  \nplain,k2\n");
        Assert.Equal(["a \"big\" cat,\nasleep", "plain"], list.Rows.Select(row => list.GetCell(row, "Prompt")));
        Assert.Equal([1, 2], list.Rows.Select(row => row.Number));
        var text = new StringBuilder();
        CsvText.Write(text, ["a \"b\"", "c;d", "e\nf", " g", "h"], ';');
        Assert.Equal("\"a \"\"b\"\"\";\"c;d\";\"e\nf\";\" g\";h\r\n", text.ToString());
        Assert.Equal(["a \"b\"", "c;d", "e\nf", " g", "h"], CsvText.Read(text.ToString(), ';').Single());
    }

    [Theory]
    [InlineData("utf-8", true, null)]
    [InlineData("utf-8", false, null)]
    [InlineData("utf-16", true, "UTF-16")]
    [InlineData("utf-16", false, "UTF-16")]
    [InlineData("utf-16BE", true, "UTF-16")]
    [InlineData("utf-16BE", false, "UTF-16")]
    [InlineData("windows-1252", false, "Windows-1252")]
    public void Read_EveryEncoding_GivesTheSameText(string name, bool hasMark, string? expected)
    {
        var encoding = name == "windows-1252"
            ? CodePagesEncodingProvider.Instance.GetEncoding(1252)!
            : Encoding.GetEncoding(name);
        byte[] mark = hasMark ? encoding.GetPreamble() : [];
        var list = Read([.. mark, .. encoding.GetBytes("Prompt,RequestKey\nein Käse für 5 €,k1\n")]);
        Assert.Equal(("ein Käse für 5 €", expected), (list.GetCell(list.Rows[0], "Prompt"), list.Encoding));
    }

    [Theory]
    [InlineData("shots.json", """[{"Prompt":"a cat","Duration":6,"Image":["a","b"]},{"prompt":"a dog","Seed":null}]""")]
    [InlineData("shots.jsonl",
        "{\"Prompt\":\"a cat\",\"Duration\":6,\"Image\":[\"a\",\"b\"]}\n\n{\"prompt\":\"a dog\",\"Seed\":null}\n")]
    public void Read_Json_HasTheColumnsOfAllObjects(string name, string text)
    {
        var list = Read(text, name);
        Assert.Equal(["Prompt", "Duration", "Image", "Seed"], list.Columns);
        Assert.Equal(["a cat", "a dog"], list.Rows.Select(row => list.GetCell(row, "Prompt")));
        Assert.Equal(("6", "a|b", ""),
            (list.GetCell(list.Rows[0], "Duration"), list.GetCell(list.Rows[0], "Image"),
            list.GetCell(list.Rows[1], "Duration")));
        Assert.Null(list.Delimiter);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("\r\n\r\n", "is empty")]
    [InlineData("Prompt,Duration\n", "has a header and no rows")]
    [InlineData("a cat,6\na dog,10\n", "has no column Prompt", "Is the first row the header?")]
    [InlineData("Promt,Duration\na cat,6\n", "has no column Prompt", "Is Prompt meant by 'Promt'?")]
    [InlineData("Prompt|Duration\na cat|6\n", "has no column Prompt", "Is the delimiter '|'?")]
    [InlineData("Prompt,Duration,prompt\na,6,b\n", "has the column Prompt twice")]
    [InlineData("Prompt,Duration\n\"a cat,6\n", "the quote that is opened in line 2 is never closed")]
    public void Read_UnusableList_SaysWhatIsWrong(string text, string what, string? nextStep = null)
    {
        var error = Assert.Throws<OmniException>(() => Read(text));
        Assert.Equal((OmniErrorKind.InvalidRequest, Charged.No), (error.Kind, error.Charged));
        Assert.Contains(what, error.Message);
        Assert.Contains(nextStep ?? "", error.Message);
    }

    [Fact]
    public void Read_BrokenJsonOrUnknownFile_SaysWhatIsWrong()
    {
        Assert.Contains("line 2 is no valid JSON",
            Assert.Throws<OmniException>(() => Read("[\n{\"Prompt\":]\n", "shots.json")).Message);
        Assert.Contains("line 2 is no valid JSON",
            Assert.Throws<OmniException>(() => Read("{\"Prompt\":\"a\"}\nno\n", "shots.jsonl")).Message);
        Assert.Contains("value 2 has an escape that is not a character",
            Assert.Throws<OmniException>(() => Read("[{\"Prompt\":\"a\"},{\"Prompt\":\"\\ud800\"}]", "shots.json"))
                .Message);
        Assert.Contains("no list nothing.csv",
            Assert.Throws<OmniException>(() => BatchListReader.Read(folder["nothing.csv"])).Message);
        Assert.Contains("format that is not known",
            Assert.Throws<OmniException>(() => Read("Prompt\na", "shots.xlsx")).Message);
    }

    [Fact]
    public void Read_ListThatAnotherProgramHolds_SaysSo()
    {
        File.WriteAllText(folder["shots.csv"], "Prompt\na cat");
        using var held = new FileStream(folder["shots.csv"], FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var error = Assert.Throws<OmniException>(() => BatchListReader.Read(folder["shots.csv"]));
        Assert.Contains("Close the program that has it open", error.Message);
    }

    [Fact]
    public void Read_RowWithMoreCellsThanColumns_IsInvalid() =>
        Assert.Contains("has to be in quotes", Read("Prompt,Duration\na cat, asleep,6\n").Rows[0].Problem);

    [Fact]
    public void CreateAll_BadCells_AreNamedWithTheirColumn()
    {
        var list = Read("""
            Prompt,Duration,RequestKey,Audio,Seed,Option,Path
            a,ten,k1,,,,
            b,6,k 2,,,,
            c,6,k3,loud,,,
            d,6,k3,,,,
            e,6,k4,,1.5,,
            f,6,k5,,,no,
            g,6,k6,,,,../x.mp4
            h,6,shot:retry-2,,,,
            i,6,k7,On,5,"{""steps"":3}",sub/x
            """);
        var items = BatchItemFactory.CreateAll(list, new BatchOptions { Path = folder["shots.csv"] }.WithDefaults());
        string[] expected =
        [
            "Duration 'ten' is not a whole number", "RequestKey 'k 2' cannot be a key",
                "Audio 'loud' is neither On nor Off",
            "RequestKey 'k3' is the key of row 3, too", "Seed '1.5' is not a whole number",
                "Option no, allowed a JSON object",
            "Path '../x.mp4' cannot name a file", "RequestKey 'shot:retry-2' looks like a key that is made",
        ];
        Assert.All(expected.Zip(items), pair => Assert.StartsWith(pair.First, pair.Second.Reason));
        Assert.Null(items[8].Reason);
        Assert.Equal((true, 5L, "sub/x"), (items[8].Request!.Audio, items[8].Request!.Seed, items[8].File.Template));
    }

    [Fact]
    public void FindUnusedColumns_NamesEachOnceAndWhatWasMeant()
    {
        var options = new BatchOptions { Path = folder["shots.csv"], FileName = "{Scene}-{key}" };
        var list = Read("Prompt,Ratio,Scene,Note\na,16:9,s1,x\n");
        Assert.Equal(["The column 'Ratio' is not used. Did you mean AspectRatio?", "The column 'Note' is not used."],
            BatchItemFactory.FindUnusedColumns(list, options));
        Assert.Equal("s1-", BatchItemFactory.CreateAll(list, options.WithDefaults())[0].File.Template[..3]);
    }

    public void Dispose() => folder.Dispose();

    private BatchList Read(string text, string name = "shots.csv") => Read(Encoding.UTF8.GetBytes(text), name);

    private BatchList Read(byte[] bytes, string name = "shots.csv")
    {
        File.WriteAllBytes(folder[name], bytes);
        return BatchListReader.Read(folder[name]);
    }
}
