# A bad night in real time: the pipeline of the README over a list of 200 rows, through two minutes of rate limits, a
# minute of failing
# polls, cut downloads, refused URLs and an outage of two minutes. Every row must be saved by one run, and bought once.
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Provider
)
$ErrorActionPreference = 'Stop'
$env:OMNI_TEST_PROVIDER = $Provider
. (Join-Path $PSScriptRoot 'Loopback.ps1')
$root = Join-Path ([IO.Path]::GetTempPath()) "omnitools-night-$([guid]::NewGuid())"
$env:OMNI_HOME = Join-Path $root 'home'
New-Item -ItemType Directory $root | Out-Null
Import-Module $Module
$server = Start-Loopback toapis
try {
    Send-Loopback $server 'polls 1' | Out-Null
    Send-Loopback $server 'trouble post 20 120 429' | Out-Null
    Send-Loopback $server 'trouble get 60 60 502' | Out-Null
    Send-Loopback $server 'trouble file 90 20 403' | Out-Null
    Send-Loopback $server 'trouble all 120 120 reset' | Out-Null
    1..200 | ForEach-Object { [pscustomobject]@{ Prompt = "shot $_"; RequestKey = "shot-$_" } } |
        Export-Csv (Join-Path $root 'shots.csv')
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $screen = Import-Csv (Join-Path $root 'shots.csv') | New-OmniVideo | Wait-OmniVideoTask |
        Save-OmniVideo -Path (Join-Path $root 'clips') *>&1
    $seconds = $clock.Elapsed.TotalSeconds
    $files = @($screen | Where-Object { $_ -is [IO.FileInfo] })
    $lines = @($screen | Where-Object { $_ -isnot [IO.FileInfo] })
    $lines | ForEach-Object { "  $_" }
    $creates = (Send-Loopback $server 'creates').creates
    "Night: $($files.Count) of 200 rows saved, $creates bought, $($lines.Count) messages, $([math]::Round($seconds)) s"
    if ($files.Count -ne 200 -or $creates -ne 200 -or $lines.Count -gt 20) { throw 'The night failed.' }
}
finally {
    Stop-Loopback $server
    Remove-Item -Recurse -Force $root -ErrorAction SilentlyContinue
}
