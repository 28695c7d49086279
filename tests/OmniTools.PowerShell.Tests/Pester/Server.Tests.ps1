Describe 'Against a server' {
    BeforeAll {
        Import-Module $env:OMNI_TEST_MODULE
        . (Join-Path $PSScriptRoot 'Loopback.ps1')
        $server = Start-Loopback toapis
        $env:OMNI_HOME = Join-Path $TestDrive 'omni'
        $runspace = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
        $runspace.Open()
        $shell = [powershell]::Create($runspace)
        $shell.AddScript("Import-Module '$env:OMNI_TEST_MODULE'").Invoke() | Out-Null
        $shell.Dispose()

        # Runs a script until a request of a kind hangs at the server, stops it, and gives the milliseconds that took.
        function Stop-AtServer([string] $kind, [string] $script, [object[]] $arguments) {
            $arrived = (Send-Loopback $server "requests $kind").requests
            Send-Loopback $server "hang $kind 64" | Out-Null
            $shell = [powershell]::Create($runspace).AddScript($script)
            foreach ($argument in $arguments) { $shell.AddArgument($argument) | Out-Null }
            try {
                $shell.BeginInvoke() | Out-Null
                Send-Loopback $server "when $kind $($arrived + 1)" | Out-Null
                $clock = [Diagnostics.Stopwatch]::StartNew()
                $shell.Stop()
                $clock.Elapsed.TotalMilliseconds
            }
            finally {
                $shell.Dispose()
                Send-Loopback $server 'forget' | Out-Null
            }
        }

        # The slowest of fifty stops, in milliseconds.
        function Measure-Stop([scriptblock] $stop) {
            1..50 | ForEach-Object {
                & $stop
                (Send-Loopback $server 'idle').in_flight | Should -Be 0
            } | Measure-Object -Maximum | ForEach-Object Maximum
        }
    }
    BeforeEach { Send-Loopback $server 'polls 1' | Out-Null }
    AfterAll {
        $runspace.Dispose()
        Stop-Loopback $server
    }

    It 'leaves no request running after fifty times Select-Object -First 1 behind a get and a save' {
        $tasks = 1..4 | ForEach-Object { "a cat, take $_" } | New-OmniVideo | Get-OmniVideoTask
        foreach ($round in 1..50) {
            Send-Loopback $server 'hang get 3' | Out-Null
            $tasks.Id | Get-OmniVideoTask | Select-Object -First 1 | Should -HaveCount 1
            (Send-Loopback $server 'idle').in_flight | Should -Be 0
            Send-Loopback $server 'forget' | Out-Null
            Send-Loopback $server 'hang file 3' | Out-Null
            $tasks | Save-OmniVideo -Path (Join-Path $TestDrive "round$round") | Select-Object -First 1 |
                Should -HaveCount 1
            (Send-Loopback $server 'idle').in_flight | Should -Be 0
            Send-Loopback $server 'forget' | Out-Null
        }
        @(Get-ChildItem $TestDrive -Recurse -Filter *.mp4).Count | Should -BeGreaterOrEqual 50
    }

    It 'leaves no request running after fifty times Select-Object -First 1 behind a wait' {
        $tasks = 1..150 | ForEach-Object { "an owl, take $_" } | New-OmniVideo -ThrottleLimit 16
        foreach ($round in 0..49) {
            $three = $tasks[(3 * $round)..(3 * $round + 2)]
            # Two of three polls hang, so one task ends while the others are asked about.
            $arrived = (Send-Loopback $server 'requests get').requests
            Send-Loopback $server 'hang get 2' | Out-Null
            $three | Wait-OmniVideoTask | Select-Object -First 1 | Should -HaveCount 1
            (Send-Loopback $server 'requests get').requests | Should -BeGreaterThan $arrived
            (Send-Loopback $server 'idle').in_flight | Should -Be 0
            Send-Loopback $server 'forget' | Out-Null
        }
    }

    It 'buys what it says it bought when the downstream has enough fifty times' {
        $before = (Send-Loopback $server 'creates').creates
        $known = @(Get-OmniVideoTask).Count
        foreach ($round in 1..50) {
            1..6 | ForEach-Object { "a dog, round $round, take $_" } | New-OmniVideo -ThrottleLimit 2 |
                Select-Object -First 1 | Should -HaveCount 1
        }
        $bought = Send-Loopback $server 'idle'
        $bought.in_flight | Should -Be 0
        $bought.creates - $before | Should -Be (@(Get-OmniVideoTask).Count - $known)
        @(Get-OmniVideoTask).Status | Should -Not -Contain 'Unknown'
    }

    It 'ends fifty submissions within two seconds of Stop and leaves no request running' {
        Measure-Stop { Stop-AtServer post 'param($prompt) New-OmniVideo $prompt' "a bird, round $_" } |
            Should -BeLessThan 2000
    }

    It 'ends fifty waits within two seconds of Stop and leaves no request running' {
        $task = New-OmniVideo 'a bird'
        Measure-Stop { Stop-AtServer get 'param($id) Wait-OmniVideoTask $id' $task.Id } | Should -BeLessThan 2000
    }

    It 'ends fifty saves within two seconds of Stop and leaves no request running' {
        $task = New-OmniVideo 'a bird to keep' | Get-OmniVideoTask
        Measure-Stop { Stop-AtServer file 'param($id, $out) Save-OmniVideo $id -Path $out' $task.Id,
            (Join-Path $TestDrive "stopped$_") } | Should -BeLessThan 2000
        @(Get-ChildItem (Join-Path $TestDrive 'stopped*') -Recurse -Filter *.mp4) | Should -BeNullOrEmpty
    }

    It 'ends a submission within two seconds of Stop and keeps what may have been bought' {
        Stop-AtServer post 'New-OmniVideo "a whale" -RequestKey stopped' | Should -BeLessThan 2000
        (Send-Loopback $server 'idle').in_flight | Should -Be 0
        (Get-OmniVideoTask -First 1).Status | Should -Be 'Unknown'
        $before = (Send-Loopback $server 'creates').creates
        (New-OmniVideo 'a whale' -RequestKey stopped).Id | Should -Not -BeNullOrEmpty
        (Send-Loopback $server 'creates').creates | Should -Be $before
    }

    It 'ends a wait within two seconds of Stop' {
        Send-Loopback $server 'polls never' | Out-Null
        $task = New-OmniVideo 'a horse'
        Stop-AtServer get 'param($id) Wait-OmniVideoTask $id' $task.Id | Should -BeLessThan 2000
        (Send-Loopback $server 'idle').in_flight | Should -Be 0
    }

    It 'ends a save within two seconds of Stop, with nothing under the final name' {
        $task = New-OmniVideo 'a mouse' | Get-OmniVideoTask
        $task.Status | Should -Be 'Completed'
        $out = Join-Path $TestDrive 'stopped'
        Stop-AtServer file 'param($id, $out) Save-OmniVideo $id -Path $out' $task.Id, $out | Should -BeLessThan 2000
        (Send-Loopback $server 'idle').in_flight | Should -Be 0
        @(Get-ChildItem $out -Filter *.mp4 -ErrorAction Ignore) | Should -BeNullOrEmpty
        $task | Save-OmniVideo -Path $out | Should -HaveCount 1
    }

    It 'writes to Verbose the provider, where its key is from, the request key, retries and polls' {
        Send-Loopback $server 'status post 429' | Out-Null
        $output = New-OmniVideo 'a toad' -RequestKey verbose-1 -Verbose 4>&1
        $task = $output[-1]
        $verbose = "$($output[0..($output.Count - 2)])"
        $verbose | Should -Match 'ToAPIs at http://127\.0\.0\.1:\d+, key from TOAPIS_API_KEY'
        $verbose | Should -Match 'Submitting to toapis, model gemini_omni_flash, request key verbose-1'
        $verbose | Should -Match '429.*attempt 2 of \d+ in [\d.]+ s'
        $verbose | Should -Match "accepted request key verbose-1 as task $($task.Id)"
        $verbose | Should -Not -Match ([regex]::Escape($server.ApiKey))
        "$(Wait-OmniVideoTask $task.Id -Verbose 4>&1)" |
            Should -Match "key from TOAPIS_API_KEY.*toapis $($task.Id): completed"
    }

    It 'sends the key to the server in its header and nowhere else' {
        $shown = (Get-OmniProvider toapis | Format-List * |
            Out-String) + (New-OmniVideo 'a snail' -Verbose -Debug -Confirm:$false *>&1 | Out-String)
        $shown | Should -Match 'POST'
        $shown | Should -Not -Match ([regex]::Escape($server.ApiKey))
    }
}
