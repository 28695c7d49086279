Describe 'Progress' {
    BeforeAll {
        Import-Module $env:OMNI_TEST_MODULE
        . (Join-Path $PSScriptRoot 'Loopback.ps1')
        $server = Start-Loopback apimart

        # Runs a script in a runspace of its own, whose bars can be looked at while it runs.
        function Start-Shell([string] $script, [object[]] $arguments) {
            $shell = [powershell]::Create().AddScript("param(`$bars, `$a, `$b) `$ProgressPreference = 'Continue'; " +
                "Import-Module '$env:OMNI_TEST_MODULE'; try { $script } finally { `$bars.Complete() }")
            foreach ($argument in @(, $shell.Streams.Progress) + $arguments) { $shell.AddArgument($argument) |
                Out-Null }
            $shell.Streams.Progress.BlockingEnumerator = $true
            [pscustomobject]@{ Shell = $shell; Run = $shell.BeginInvoke() }
        }
        # Reads bars until one is as asked for.
        function Wait-Bar($started, [scriptblock] $isWanted) {
            foreach ($bar in $started.Shell.Streams.Progress) { if ($bar | Where-Object $isWanted) { return $bar } }
            throw "The command ended before: $isWanted`n$($started.Shell.Streams.Progress -join "`n")"
        }
        function Get-Bar($started) { @($started.Shell.Streams.Progress |
            Where-Object { $_.Activity -ne 'Preparing modules for first use.' }) }
        function Confirm-Gone([object[]] $bars) {
            $bars | Should -Not -BeNullOrEmpty
            foreach ($id in $bars.ActivityId | Sort-Object -Unique) { ($bars |
                Where-Object ActivityId -eq $id)[-1].RecordType | Should -Be 'Completed' }
        }
    }
    BeforeEach {
        $env:OMNI_HOME = Join-Path $TestDrive ([guid]::NewGuid())
        Send-Loopback $server 'polls 1' | Out-Null
    }
    AfterAll { Stop-Loopback $server }

    It 'shows of a wait how many have ended and, of a few, status, percentage, age and estimate' {
        Send-Loopback $server 'polls 2' | Out-Null
        $tasks = 1..6 | ForEach-Object { "a fox, take $_" } | New-OmniVideo
        $wait = Start-Shell 'Wait-OmniVideoTask $a' (, $tasks.Id)
        try {
            Wait-Bar $wait { $_.StatusDescription -like 'apimart: in_progress,*' -and $_.PercentComplete -eq 50 } |
                Out-Null
            $wait.Shell.EndInvoke($wait.Run) | Should -HaveCount 6
            $bars = Get-Bar $wait
        }
        finally { $wait.Shell.Dispose() }
        $parents = @($bars | Where-Object ParentActivityId -eq -1)
        $parents.Activity | Sort-Object -Unique | Should -Be 'Waiting for videos'
        $parents.ActivityId | Sort-Object -Unique | Should -HaveCount 1
        $parents[0].StatusDescription | Should -Match '^0 of \d ended$'
        $parents.StatusDescription -match '^[1-6] of 6 ended$' | Should -Not -BeNullOrEmpty
        $parents.SecondsRemaining | Where-Object { $_ -gt 0 } | Should -Not -BeNullOrEmpty
        $children = @($bars | Where-Object ParentActivityId -ne -1)
        $children.ParentActivityId | Sort-Object -Unique | Should -Be $parents[0].ActivityId
        $children.ActivityId | Sort-Object -Unique | Should -HaveCount 4
        foreach ($child in $children | Where-Object RecordType -eq 'Processing') {
            $child.Activity | Should -BeIn $tasks.Id
            $child.StatusDescription | Should -Match '^apimart: (queued|in_progress), \d+ s of about 60 s$'
            $child.SecondsRemaining | Should -BeGreaterThan 0
        }
        Confirm-Gone $bars
    }

    It 'lets the age of a waited task grow while nothing is heard of it, and takes the bars away at the timeout' {
        Send-Loopback $server 'polls never' | Out-Null
        $task = New-OmniVideo 'a fox'
        $wait = Start-Shell 'Wait-OmniVideoTask $a -Timeout 4 -ErrorAction Ignore' $task.Id
        try {
            $youngest = [int]((Wait-Bar $wait { $_.StatusDescription -match ', (\d+) s of' }).StatusDescription -replace
                '.*, (\d+) s of.*', '$1')
            $arrived = (Send-Loopback $server 'requests get').requests
            Wait-Bar $wait { $_.StatusDescription -match ', (\d+) s of' -and [int]$Matches[1] -gt $youngest } | Out-Null
            (Send-Loopback $server 'requests get').requests | Should -Be $arrived
            $wait.Shell.EndInvoke($wait.Run) | Should -BeNullOrEmpty
            Confirm-Gone (Get-Bar $wait)
        }
        finally { $wait.Shell.Dispose() }
    }

    It 'shows of a save how much has come, how fast, and how long it will take' {
        $task = New-OmniVideo 'a fox' | Get-OmniVideoTask
        $task.Status | Should -Be 'Completed'
        Send-Loopback $server 'drip file 4000' | Out-Null
        $save = Start-Shell 'Save-OmniVideo $a -Path $b' $task.Id, (Join-Path $TestDrive 'bars')
        try {
            $bar = Wait-Bar $save { $_.ParentActivityId -eq -1 -and $_.StatusDescription -match
                '^1 in transfer, [\d.]+ [KM]B/s$' }
            $bar.SecondsRemaining | Should -BeGreaterThan 0
            $bar.PercentComplete | Should -BeIn (0..99)
            $child = Wait-Bar $save { $_.ParentActivityId -ne -1 }
            $child.Activity | Should -BeLike '*.mp4'
            $child.StatusDescription | Should -Match '^[\d.]+ KB of [\d.]+ [KM]B$'
            Send-Loopback $server 'release' | Out-Null
            $save.Shell.EndInvoke($save.Run) | Should -HaveCount 1
            Confirm-Gone (Get-Bar $save)
        }
        finally { $save.Shell.Dispose() }
    }

    It 'shows of a save two files of one name in two folders' {
        $tasks = 'a fox', 'an owl' | New-OmniVideo | Get-OmniVideoTask
        1..2 | ForEach-Object { Send-Loopback $server 'drip file 4000' | Out-Null }
        $save = Start-Shell '$a | Save-OmniVideo -Path "$b/{key}/clip.mp4"' $tasks, (Join-Path $TestDrive 'bars')
        try {
            Wait-Bar $save { $_.StatusDescription -match '^2 in transfer, ' } | Out-Null
            Send-Loopback $server 'release' | Out-Null
            $save.Shell.EndInvoke($save.Run) | Should -HaveCount 2
        }
        finally { $save.Shell.Dispose() }
    }
}
