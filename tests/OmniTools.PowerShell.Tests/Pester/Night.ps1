# A bad night in real time: Invoke-OmniVideoBatch over a list of 200 rows, through two minutes of rate limits, a minute
# of failing polls, refused URLs, a limit that is reached and raised, an outage of two minutes, and three kills. After
# each kill the same command goes on.
# Every row must be saved, and bought once. -Scale shortens the troubles, to try this file.
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Provider,
    [double] $Scale = 1
)
$ErrorActionPreference = 'Stop'
$env:OMNI_TEST_PROVIDER = $Provider
. (Join-Path $PSScriptRoot 'Loopback.ps1')
$root = Join-Path ([IO.Path]::GetTempPath()) "omnitools-night-$([guid]::NewGuid())"
$env:OMNI_HOME = Join-Path $root 'home'
New-Item -ItemType Directory $root | Out-Null
$list = Join-Path $root 'shots.csv'
$screen = [Collections.Concurrent.ConcurrentQueue[string]]::new()
$server = Start-Loopback toapis

# Runs the command in a process of its own, kills it when so many clips are bought, and gives its exit code.
function Invoke-Run([int] $killAt, [string] $limit) {
    $env:OMNI_MAX_VIDEOS_PER_DAY = $limit
    $retryFor = if ($limit) { '00:05:00' } else { '12:00:00' }
    $command = "Import-Module '$Module'; `$r = Invoke-OmniVideoBatch '$list' -RetryFor $retryFor; " +
        '$r | Out-String -Stream | Where-Object { $_ }; exit $r.ExitCode'
    $start = [Diagnostics.ProcessStartInfo]::new('pwsh',
        [string[]]('-NoProfile', '-NonInteractive', '-Command', $command))
    $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $run = [Diagnostics.Process]::Start($start)
    $reading = $run.StandardOutput.ReadToEndAsync(), $run.StandardError.ReadToEndAsync()
    while (-not $run.WaitForExit(250)) {
        if ($killAt -and (Send-Loopback $server 'creates').creates -ge $killAt) { $run.Kill(); $run.WaitForExit() }
    }
    foreach ($text in $reading) {
        $text.Result -split "`r?`n" | Where-Object { $_ } | ForEach-Object { $screen.Enqueue($_) }
    }
    $run.ExitCode
}

try {
    function Get-Seconds([int] $seconds) { [int] [math]::Ceiling($seconds * $Scale) }
    Send-Loopback $server 'polls 1' | Out-Null
    Send-Loopback $server "trouble post 20 $(Get-Seconds 120) 429" | Out-Null
    Send-Loopback $server "trouble get 60 $(Get-Seconds 60) 502" | Out-Null
    Send-Loopback $server "trouble file 90 $(Get-Seconds 20) 403" | Out-Null
    Send-Loopback $server "trouble all 120 $(Get-Seconds 120) reset" | Out-Null
    1..200 | ForEach-Object { [pscustomobject]@{ Prompt = "shot $_"; RequestKey = "shot-$_" } } | Export-Csv $list
    $clock = [Diagnostics.Stopwatch]::StartNew()
    foreach ($range in (5, 40), (45, 100), (105, 140)) {
        Invoke-Run (Get-Random -Minimum $range[0] -Maximum $range[1]) | Out-Null
    }
    $limited = Invoke-Run 0 '160'
    $last = Invoke-Run 0
    $again = Invoke-Run 0
    $seconds = $clock.Elapsed.TotalSeconds
    $screen | ForEach-Object { "  $_" }
    $report = @(Import-Csv (Join-Path $root 'shots.report.csv'))
    $saved = @($report | Where-Object { $_.State -eq 'Saved' -and (Test-Path $_.File) })
    $creates = (Send-Loopback $server 'creates').creates
    "Night: $($saved.Count) of 200 rows saved, $creates bought, exit codes $limited (limit), $last, $again, " +
        "$($screen.Count) lines, $([math]::Round($seconds)) s"
    $isBought = $saved.Count -eq 200 -and $creates -eq 200
    if (-not $isBought -or $limited -ne 2 -or $last -ne 0 -or $again -ne 0 -or $screen.Count -ge 100) {
        throw 'The night failed.'
    }
    if ("$($screen.ToArray())" -notmatch 'nothing left to do') { throw 'The last run had something to do.' }
}
finally {
    $env:OMNI_MAX_VIDEOS_PER_DAY = ''
    Stop-Loopback $server
    Remove-Item -Recurse -Force $root -ErrorAction SilentlyContinue
}
