Describe 'Outages and rate limits' {
    BeforeAll {
        Import-Module $env:OMNI_TEST_MODULE
        . (Join-Path $PSScriptRoot 'Loopback.ps1')
        $server = Start-Loopback toapis
        Send-Loopback $server 'polls 1' | Out-Null
    }
    BeforeEach {
        $env:OMNI_HOME = Join-Path $TestDrive ([guid]::NewGuid())
        $folder = Join-Path $TestDrive ([guid]::NewGuid())
        $before = (Send-Loopback $server 'creates').creates
    }
    AfterEach { Send-Loopback $server 'forget' | Out-Null }
    AfterAll { Stop-Loopback $server }

    It 'accepts 300 rows in one run against a rate limit, with one message at its beginning and one at its end' {
        Send-Loopback $server 'throttle post 4 4' | Out-Null
        $tasks = 1..300 | ForEach-Object { [pscustomobject]@{ Prompt = "first $_"; RequestKey = "first-$_" } } |
            New-OmniVideo -ErrorVariable problems -WarningVariable warnings -WarningAction SilentlyContinue
        $problems | Should -BeNullOrEmpty
        @($tasks.Id | Select-Object -Unique) | Should -HaveCount 300
        $warnings | Should -HaveCount 2 -Because ($warnings -join ' | ')
        $warnings[0] | Should -Match ('^ToAPIs has not accepted submissions since \d\d:\d\d:\d\d UTC ' +
            '\(.*HTTP 429.*\)\. They are held; next attempt: \d\d:\d\d:\d\d UTC\.$')
        $warnings[1] | Should -Match '^ToAPIs accepts submissions again after \d+ s\.$'
    }

    It 'accepts them again in the same process, and is silent about the next rate limit within a minute' {
        Send-Loopback $server 'throttle post 4 4' | Out-Null
        $tasks = 1..300 | ForEach-Object { [pscustomobject]@{ Prompt = "second $_"; RequestKey = "second-$_" } } |
            New-OmniVideo -ErrorVariable problems -WarningVariable warnings -WarningAction SilentlyContinue
        $problems | Should -BeNullOrEmpty
        @($tasks.Id | Select-Object -Unique) | Should -HaveCount 300
        $warnings | Should -BeNullOrEmpty
    }

    It 'buys and saves every row of a pipeline in whose middle the provider is away' {
        Send-Loopback $server 'trouble all 30 5 reset' | Out-Null
        $rows = 1..100 | ForEach-Object { [pscustomobject]@{ Prompt = "away row $_"; RequestKey = "away-row-$_" } }
        $files = $rows | New-OmniVideo -ErrorVariable submitting | Wait-OmniVideoTask -ErrorVariable waiting |
            Save-OmniVideo -Path $folder -ErrorVariable saving -WarningAction SilentlyContinue
        $submitting + $waiting + $saving | Should -BeNullOrEmpty
        $files | Should -HaveCount 100
        (Send-Loopback $server 'creates').creates - $before | Should -Be 100
    }

    It 'saves a clip whose URL the result host refuses three times' {
        $task = 'a refused clip' | New-OmniVideo | Wait-OmniVideoTask
        Send-Loopback $server 'status file 403 3' | Out-Null
        $task | Save-OmniVideo -Path $folder | Should -HaveCount 1
    }

    # Windows does not rename a file that is open.
    It 'names every clip that was accepted and cannot be recorded' -Skip:$IsWindows {
        $count = (Send-Loopback $server 'requests post').requests + 3
        Send-Loopback $server 'hang post 3' | Out-Null
        $shell = [powershell]::Create()
        try {
            $running = $shell.AddScript({
                    param($module)
                    Import-Module $module
                    try { 1..3 | ForEach-Object { "clip $_" } | New-OmniVideo -ErrorVariable problems 2> $null }
                    catch { $_ }
                    $problems
                }).AddArgument($env:OMNI_TEST_MODULE).BeginInvoke()
            Send-Loopback $server "when post $count" | Out-Null
            $ledger = Join-Path $env:OMNI_HOME 'ledger.db'
            Move-Item $ledger "$ledger.away"
            New-Item -ItemType Directory $ledger | Out-Null
            Send-Loopback $server 'release' | Out-Null
            $ids = $running.AsyncWaitHandle.WaitOne(60000) ? $shell.EndInvoke($running).Exception.TaskId : @()
        }
        finally { $shell.Dispose() }
        $ids | Select-Object -Unique | Should -HaveCount 3
    }

    It 'gives up a single call within seconds' {
        Send-Loopback $server 'throttle post 0 4' | Out-Null
        New-OmniVideo 'a single call' -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.FullyQualifiedErrorId | Should -BeLike 'OmniRateLimited*'
        "$problem" | Should -Match 'Nothing was billed'
    }
}
