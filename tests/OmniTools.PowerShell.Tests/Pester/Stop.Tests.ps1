BeforeDiscovery {
    # What a script has put into the background ignores Ctrl+C, and so does all that it starts.
    $ignored = '0'
    if ($IsLinux) { $ignored = (Select-String '^SigIgn:\s*(\w+)' /proc/self/status).Matches[0].Groups[1].Value }
    $ignoresInterrupts = [Convert]::ToInt64($ignored, 16) -band 2
}

Describe 'Stopping' {
    BeforeAll { Import-Module $env:OMNI_TEST_MODULE }
    BeforeEach {
        $env:OMNI_HOME = Join-Path $TestDrive ([guid]::NewGuid())
        $env:OMNI_SANDBOX_SECONDS = '0.1'
    }

    It 'ends cleanly fifty times when the downstream has enough' {
        $done = 'a', 'b', 'c' | New-OmniVideo | Wait-OmniVideoTask
        foreach ($round in 1..50) {
            $done | Wait-OmniVideoTask | Select-Object -First 1 | Should -HaveCount 1
            $done.Id | Get-OmniVideoTask | Select-Object -First 1 | Should -HaveCount 1
        }
    }

    It 'ends cleanly when the downstream throws' {
        { 'a', 'b', 'c' | New-OmniVideo | ForEach-Object { throw 'enough' } } | Should -Throw 'enough'
        @(Get-OmniVideoTask).Status | Should -Not -Contain 'Unknown'
    }

    It 'ends cleanly when an upstream throws while a wait is under way' {
        $env:OMNI_SANDBOX_SECONDS = '600'
        $clock = [Diagnostics.Stopwatch]::StartNew()
        { & { New-OmniVideo 'slow'; throw 'enough' } | Wait-OmniVideoTask } | Should -Throw 'enough'
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 10
    }

    It 'turns the first bad row into the end under ErrorAction Stop' {
        $rows = [pscustomobject]@{ Prompt = 'bad'; Duration = 99 }, [pscustomobject]@{ Prompt = 'good'; Duration = 6 }
        $caught = $null
        try { $rows | New-OmniVideo -Provider toapis -ErrorAction Stop } catch { $caught = $_ }
        $caught.FullyQualifiedErrorId | Should -BeLike 'OmniInvalidRequest,*'
    }

    It 'ends a stopped wait in a runspace of its own at once' {
        $env:OMNI_SANDBOX_SECONDS = '600'
        $task = New-OmniVideo 'slow'
        $shell = [powershell]::Create()
        $shell.AddScript('param($module, $id) Import-Module $module; Wait-OmniVideoTask $id -Verbose') | Out-Null
        $shell.AddArgument($env:OMNI_TEST_MODULE).AddArgument($task.Id) | Out-Null
        try {
            $lines = $shell.Streams.Verbose
            $lines.BlockingEnumerator = $true
            $shell.BeginInvoke() | Out-Null
            foreach ($line in $lines) { break }
            $shell.Stop()
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        }
        finally { $shell.Dispose() }
        (Get-OmniVideoTask $task.Id).Status | Should -BeIn 'Queued', 'InProgress'
    }

    It 'names on Ctrl+C what is still running and how to resume' -Skip:($IsWindows -or $ignoresInterrupts) {
        $env:OMNI_SANDBOX_SECONDS = '600'
        $script = Join-Path $TestDrive 'wait.ps1'
        ("Import-Module '$env:OMNI_TEST_MODULE'; `$task = New-OmniVideo 'slow'; `$task.Id; " +
            "Wait-OmniVideoTask `$task.Id -Verbose") | Set-Content $script
        $start = [Diagnostics.ProcessStartInfo]::new('pwsh', [string[]]('-NoProfile', '-File', $script))
        $start.RedirectStandardOutput = $true
        $start.RedirectStandardInput = $true
        $child = [Diagnostics.Process]::Start($start)
        try {
            $id = $child.StandardOutput.ReadLine()
            do { $line = $child.StandardOutput.ReadLine() } until ($null -eq $line -or $line -match "VERBOSE.*$id")
            & kill -INT $child.Id
            $rest = $child.StandardOutput.ReadToEnd()
            $child.WaitForExit(30000) | Should -BeTrue
            $rest -replace '\s+', ' ' | Should -Match "Stopped waiting; $id \('slow'\) go on at the provider"
            $rest -replace '\s+', ' ' | Should -Match "Wait-OmniVideoTask -Id '$id'"
        }
        finally { if (-not $child.HasExited) { $child.Kill($true) } }
    }
}
