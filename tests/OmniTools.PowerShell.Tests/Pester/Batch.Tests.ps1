BeforeDiscovery {
    # What a script has put into the background ignores Ctrl+C, and so does all that it starts.
    $ignored = '0'
    if ($IsLinux) { $ignored = (Select-String '^SigIgn:\s*(\w+)' /proc/self/status).Matches[0].Groups[1].Value }
    $ignoresInterrupts = [Convert]::ToInt64($ignored, 16) -band 2
}

Describe 'Invoke-OmniVideoBatch' {
    BeforeAll {
        Import-Module $env:OMNI_TEST_MODULE
        . (Join-Path $PSScriptRoot 'Loopback.ps1')
        $server = Start-Loopback toapis
        Send-Loopback $server 'polls 1' | Out-Null
        function Write-List([int] $rows, [string] $name) {
            $list = Join-Path (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))) "$name.csv"
            1..$rows | ForEach-Object { [pscustomobject]@{ Prompt = "$name $_"; RequestKey = "$name-$_" } } |
                Export-Csv $list
            $list
        }
        # Runs a list in a shell of its own, and returns when two of its requests are at the provider.
        function Start-Batch([string] $list) {
            $posts = (Send-Loopback $server 'requests post').requests
            $script = Join-Path $TestDrive 'batch.ps1'
            "Import-Module '$env:OMNI_TEST_MODULE'; Invoke-OmniVideoBatch '$list' -ThrottleLimit 2" |
                Set-Content $script
            $start = [Diagnostics.ProcessStartInfo]::new('pwsh', [string[]]('-NoProfile', '-File', $script))
            $start.RedirectStandardOutput = $true
            $start.RedirectStandardInput = $true
            $child = [Diagnostics.Process]::Start($start)
            Send-Loopback $server "when post $($posts + 2)" | Out-Null
            $child
        }
        function Wait-Line($child, [string] $pattern) {
            do { $line = $child.StandardOutput.ReadLine() } until ($null -eq $line -or $line -match $pattern)
        }
    }
    BeforeEach {
        $env:OMNI_HOME = Join-Path $TestDrive ([guid]::NewGuid())
        $before = (Send-Loopback $server 'creates').creates
    }
    AfterEach { Send-Loopback $server 'forget' | Out-Null }
    AfterAll { Stop-Loopback $server }

    It 'runs a list, reports it, and has nothing left to do' {
        $list = Write-List 12 'plain'
        $result = Invoke-OmniVideoBatch $list -ErrorVariable problems -WarningVariable lines
        $problems + $lines | Should -BeNullOrEmpty
        $result.ExitCode, $result.Saved, $result.New | Should -Be 0, 12, 12
        $result | Out-String | Should -Match 'plain\.csv: 12 rows · 12 saved \(12 new\) · 0 open'
        @(Import-Csv $result.Report | Where-Object State -eq Saved) | Should -HaveCount 12
        @(Get-ChildItem (Join-Path (Split-Path $list) 'plain.clips') -Filter plain-*.mp4) | Should -HaveCount 12
        $result.Gallery | Should -Exist
        $again = Invoke-OmniVideoBatch $list
        "$again" | Should -Match 'nothing left to do'
        (Send-Loopback $server 'creates').creates - $before | Should -Be 12
        (Get-OmniVideoBatch $list).Saved | Should -Be 12
        (Get-OmniVideoBatch -BatchName plain).Rows | Should -HaveCount 12
        @(Get-OmniVideoBatch).Batch | Should -Be 'plain'
        @(Get-OmniVideoTask -Batch plain) | Should -HaveCount 12
        Export-OmniGallery -Batch plain -Path (Join-Path $TestDrive 'batch.html') -PassThru | Should -Exist
    }

    It 'shows the plan as one screen and as an object, and buys nothing' {
        $list = Write-List 3 'planned'
        Add-Content $list 'planned 4,planned-3'
        $plan = Invoke-OmniVideoBatch $list -WhatIf
        $plan.Videos, $plan.Invalid.Count, $plan.KeyColumn | Should -Be 3, 1, 'RequestKey'
        $screen = $plan | Out-String
        $screen | Should -Match "planned\.csv: 4 rows, delimiter ',', key RequestKey"
        $screen | Should -Match 'To submit +3 +toapis 3'
        $screen | Should -Match 'Invalid +1 +row 4: RequestKey ''planned-3'' is the key of row 3, too'
        (Send-Loopback $server 'creates').creates | Should -Be $before
    }

    It 'sits out a night of short troubles in one run, with few lines' {
        Send-Loopback $server 'trouble post 10 4 429' | Out-Null
        Send-Loopback $server 'trouble get 20 3 502' | Out-Null
        Send-Loopback $server 'trouble file 30 2 403' | Out-Null
        Send-Loopback $server 'trouble all 50 4 reset' | Out-Null
        $list = Write-List 80 'night'
        $screen = Invoke-OmniVideoBatch $list *>&1
        $result = @($screen | Where-Object { $_ -is [OmniTools.Batches.VideoBatchResult] })[0]
        $result.ExitCode, $result.Saved | Should -Be 0, 80 -Because ($screen -join "`n")
        (Send-Loopback $server 'creates').creates - $before | Should -Be 80
        $screen.Count | Should -BeLessThan 30
    }

    It 'refuses a plain number as RetryFor, which PowerShell reads as ticks' {
        $list = Write-List 1 'ticks'
        { Invoke-OmniVideoBatch $list -RetryFor 6 } | Should -Throw '*Parameter: -RetryFor. *Allowed: *6:00:00*'
        (Send-Loopback $server 'creates').creates | Should -Be $before
    }

    It 'buys nothing while a row is invalid, and leaves it out with SkipInvalid' {
        $list = Write-List 2 'invalid'
        Add-Content $list '"bad",',',invalid-4'
        $quiet = @{ ErrorAction = 'SilentlyContinue'; WarningAction = 'SilentlyContinue' }
        $result = Invoke-OmniVideoBatch $list -ErrorVariable problem -WarningVariable lines @quiet
        $result.ExitCode, $result.Invalid | Should -Be 1, 1
        $problem.FullyQualifiedErrorId | Should -BeLike 'OmniBatchIncomplete,*'
        $problem.ErrorDetails.RecommendedAction |
            Should -BeLike 'See *. Correct the invalid rows and run the list again: *'
        $lines | Should -HaveCount 2
        "$($lines[0])" | Should -Match '^Row 4 is invalid: Prompt is missing'
        (Send-Loopback $server 'creates').creates | Should -Be $before
        (Invoke-OmniVideoBatch $list -SkipInvalid @quiet).Saved | Should -Be 3
    }

    It 'takes rows from the pipeline and emits each row with PassThru' {
        $folder = Join-Path $TestDrive 'piped'
        $out = @{ Prompt = 'one'; Duration = 6 }, [pscustomobject]@{ Prompt = 'two'; Duration = 6 } |
            Invoke-OmniVideoBatch -BatchName piped -Destination $folder -PassThru -Confirm:$false -Report (
                Join-Path $TestDrive 'piped.csv')
        @($out | Where-Object { $_ -is [OmniTools.Batches.VideoBatchRow] }).State | Should -Be 'Saved', 'Saved'
        $out[-1].ExitCode | Should -Be 0
        @(Get-ChildItem $folder -Filter *.mp4) | Should -HaveCount 2
    }

    It 'ends with the right error for a list that is none' {
        { Invoke-OmniVideoBatch (Join-Path $TestDrive 'missing.csv') } | Should -Throw '*There is no list missing.csv*'
        $list = Join-Path $TestDrive 'wrong.csv'
        'Promt,Duration', 'a,6' | Set-Content $list
        { Invoke-OmniVideoBatch $list } | Should -Throw '*no column Prompt*'
    }

    It 'gives cron its exit code' {
        $list = Write-List 2 'cron'
        $import = "Import-Module '$env:OMNI_TEST_MODULE'"
        pwsh -NoProfile -NonInteractive -Command "$import; exit (Invoke-OmniVideoBatch '$list').ExitCode" | Out-Null
        $LASTEXITCODE | Should -Be 0
        $run = "Invoke-OmniVideoBatch '$(Write-List 2 'budget')' -MaxVideos 1 -WarningAction SilentlyContinue"
        pwsh -NoProfile -NonInteractive -Command "$import; exit ($run).ExitCode" 2>$null | Out-Null
        $LASTEXITCODE | Should -Be 1
    }

    It 'refuses a second process, which takes over when the first is killed' {
        $list = Write-List 6 'shared'
        Send-Loopback $server 'hang post' | Out-Null
        $posts = (Send-Loopback $server 'requests post').requests
        $first = [Diagnostics.Process]::Start([Diagnostics.ProcessStartInfo]::new('pwsh',
            [string[]]('-NoProfile', '-NonInteractive', '-Command',
            "Import-Module '$env:OMNI_TEST_MODULE'; Invoke-OmniVideoBatch '$list' -ThrottleLimit 1")))
        try {
            Send-Loopback $server "when post $($posts + 1)" | Out-Null
            { Invoke-OmniVideoBatch $list } | Should -Throw "*is being run already*process $($first.Id), since*"
            (Get-OmniVideoBatch $list).RunningOn | Should -Match "process $($first.Id)"
        }
        finally { $first.Kill($true); $first.WaitForExit() }
        Send-Loopback $server 'release' | Out-Null
        (Invoke-OmniVideoBatch $list -WarningAction SilentlyContinue).Saved | Should -Be 6
        (Send-Loopback $server 'creates').creates - $before | Should -Be 6
    }

    It 'stops now on a second Ctrl+C, and buys nothing twice afterwards' -Skip:($IsWindows -or $ignoresInterrupts) {
        $list = Write-List 4 'ended'
        Send-Loopback $server 'hang post 2' | Out-Null
        $child = Start-Batch $list
        try {
            & kill -INT $child.Id
            Wait-Line $child 'Press Ctrl\+C again'
            & kill -INT $child.Id
            # The provider still holds both requests.
            $child.WaitForExit(30000) | Should -BeTrue
        }
        finally { if (-not $child.HasExited) { $child.Kill($true) } }
        @(Get-OmniVideoTask).Status | Should -Be 'Unknown', 'Unknown'
        Send-Loopback $server 'release' | Out-Null
        (Invoke-OmniVideoBatch $list).ExitCode | Should -Be 0
        (Send-Loopback $server 'creates').creates - $before | Should -Be 4
    }

    It 'finishes running requests on Ctrl+C and names the command to resume' -Skip:($IsWindows -or $ignoresInterrupts) {
        $list = Write-List 10 'stopped'
        Send-Loopback $server 'hang post 2' | Out-Null
        $child = Start-Batch $list
        try {
            & kill -INT $child.Id
            Wait-Line $child 'Stopping:'
            Send-Loopback $server 'release' | Out-Null
            $rest = $child.StandardOutput.ReadToEnd() -replace '\s+', ' '
            $child.WaitForExit(30000) | Should -BeTrue
            $rest | Should -Match 'stopped\.csv: 10 rows · .* · 1?\d open · .* · stopped'
            $rest | Should -Match 'Run again: Invoke-OmniVideoBatch'
        }
        finally { if (-not $child.HasExited) { $child.Kill($true) } }
        (Send-Loopback $server 'creates').creates - $before | Should -Be 2
        @(Get-OmniVideoTask).Status | Should -Not -Contain 'Unknown'
        (Invoke-OmniVideoBatch $list).ExitCode | Should -Be 0
        (Send-Loopback $server 'creates').creates - $before | Should -Be 10
    }
}
