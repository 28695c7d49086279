using OmniTools.PowerShell.Progress;
using OmniTools.VideoTasks;

namespace OmniTools.PowerShell.Tests;

/// <summary>What the progress of a save says.</summary>
public sealed class DownloadProgressTests
{
    private const long Megabyte = 1 << 20;

    private readonly DownloadProgress transfers = new();

    [Fact]
    public void RateAndTimeLeft_AreOfEverythingInTransfer()
    {
        Report("a.mp4", 0, 0, 10);
        Report("b.mp4", 0, 0, 20);
        Report("a.mp4", 2, 4, 10);
        Report("b.mp4", 2, 6, 20);
        Assert.Equal(5 * Megabyte, transfers.Rate);
        Assert.Equal(4, transfers.Summary.SecondsLeft);
        Assert.Equal(33, transfers.Summary.Percent);
        Assert.Equal("2 in transfer, 5 MB/s", transfers.Summary.Status);
        Assert.Contains(new ProgressLine("a.mp4", "4 MB of 10 MB", 40), transfers.Lines);
    }

    [Fact]
    public void WhatWasOnDiskBefore_IsNoRate()
    {
        Report("a.mp4", 0, 90, 100);
        Report("a.mp4", 5, 95, 100);
        Assert.Equal(Megabyte, transfers.Rate);
        Assert.Equal(5, transfers.Summary.SecondsLeft);
    }

    [Fact]
    public void AFileThatIsThrough_StillCountsForTheRate()
    {
        Report("a.mp4", 0, 0, 10);
        Report("a.mp4", 1, 10, 10);
        transfers.End("a.mp4");
        Report("b.mp4", 1, 0, 20);
        Assert.Equal(10 * Megabyte, transfers.Rate);
        Assert.Equal(2, transfers.Summary.SecondsLeft);
    }

    [Fact]
    public void WithoutASize_NoTimeIsPromised()
    {
        Report("a.mp4", 0, 0, null);
        Report("a.mp4", 1, 3, null);
        Assert.Null(transfers.Summary.SecondsLeft);
        Assert.Null(transfers.Summary.Percent);
        Assert.Equal("1 in transfer, 3 MB/s", transfers.Summary.Status);
    }

    [Fact]
    public void TheFirstReport_HasNoRate()
    {
        Report("a.mp4", 3, 5, 10);
        Assert.Null(transfers.Summary.SecondsLeft);
        Assert.Equal("1 in transfer", transfers.Summary.Status);
    }

    private void Report(string path, double at, double received, double? total) =>
        transfers.Report(
            new(
                new VideoTask
                {
                    Id = "task_1",
                    RequestKey = "key_1",
                    Provider = "toapis",
                    Model = "m",
                    Status = VideoTaskStatus.Completed,
                    CreatedAt = DateTimeOffset.UnixEpoch,
                },
                path,
                (long)(received * Megabyte),
                (long?)(total * Megabyte)),
            TimeSpan.FromSeconds(at));
}
