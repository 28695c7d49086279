Describe 'Wait-OmniVideoTask' {
    BeforeAll { Import-Module $env:OMNI_TEST_MODULE }
    BeforeEach {
        $env:OMNI_HOME = Join-Path $TestDrive ([guid]::NewGuid())
        $env:OMNI_SANDBOX_SECONDS = '0.3'
    }

    It 'emits every task once, completed' {
        $tasks = 'a', 'b', 'c' | New-OmniVideo | Wait-OmniVideoTask
        $tasks | Should -HaveCount 3
        ($tasks.Id | Sort-Object -Unique) | Should -HaveCount 3
        $tasks.Status | Sort-Object -Unique | Should -Be 'Completed'
    }

    It 'takes ids, request keys and objects that have them' {
        $task = New-OmniVideo 'a fox' -RequestKey by-key
        (Wait-OmniVideoTask $task.Id).Status | Should -Be 'Completed'
        (Wait-OmniVideoTask -Id by-key).Id | Should -Be $task.Id
        ([pscustomobject]@{ TaskId = $task.Id; Provider = $task.Provider } | Wait-OmniVideoTask).Id |
            Should -Be $task.Id
        ($task.Id | Wait-OmniVideoTask).Id | Should -Be $task.Id
    }

    It 'ends at the timeout with one error that says how to resume' {
        $env:OMNI_SANDBOX_SECONDS = '600'
        $tasks = 'a', 'b' | New-OmniVideo
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $tasks | Wait-OmniVideoTask -Timeout 1 -ErrorVariable trouble -ErrorAction SilentlyContinue |
            Should -BeNullOrEmpty
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 10
        $trouble | Should -HaveCount 1
        $trouble[0].FullyQualifiedErrorId |
            Should -Be 'OmniTimedOut,OmniTools.PowerShell.Commands.WaitOmniVideoTaskCommand'
        foreach ($task in $tasks) { $trouble[0].ErrorDetails.RecommendedAction |
            Should -Match "Wait-OmniVideoTask -Id .*'$($task.Id)'" }
        @($trouble[0].TargetObject) | Should -HaveCount 2
    }

    It 'emits what has ended already even with no time to wait, and names the rest alone' {
        $done = 'a', 'b' | New-OmniVideo | Wait-OmniVideoTask
        $env:OMNI_SANDBOX_SECONDS = '600'
        $slow = New-OmniVideo 'a slow one'
        $ended = $done[0].Id, $done[1].Id | Wait-OmniVideoTask -Timeout 0 -ErrorVariable trouble
        $ended.Id | Sort-Object | Should -Be ($done.Id | Sort-Object)
        $trouble | Should -BeNullOrEmpty
        $ended = $done + $slow | ForEach-Object { $_ } |
            Wait-OmniVideoTask -Timeout 0 -ErrorVariable trouble -ErrorAction SilentlyContinue
        $ended.Id | Sort-Object | Should -Be ($done.Id | Sort-Object)
        $trouble | Should -HaveCount 1
        @($trouble[0].TargetObject).Id | Should -Be $slow.Id
    }

    It 'ends with the first of many under Any' {
        $tasks = 'a', 'b', 'c' | New-OmniVideo
        @($tasks | Wait-OmniVideoTask -Any) | Should -HaveCount 1
    }

    It 'stops at once when the downstream has enough' {
        $done = New-OmniVideo 'a fox' | Wait-OmniVideoTask
        $env:OMNI_SANDBOX_SECONDS = '600'
        $slow = New-OmniVideo 'a slow one'
        $clock = [Diagnostics.Stopwatch]::StartNew()
        ($done, $slow | Wait-OmniVideoTask | Select-Object -First 1).Id | Should -Be $done.Id
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 10
    }

    It 'reports a failed task as an error and as an object' {
        $task = New-OmniVideo 'make this one [fail]' |
            Wait-OmniVideoTask -ErrorVariable trouble -ErrorAction SilentlyContinue
        $task.Status | Should -Be 'Failed'
        $trouble | Should -HaveCount 1
        $trouble[0].TargetObject.Id | Should -Be $task.Id
        $trouble[0].FullyQualifiedErrorId | Should -Match '^Omni'
    }

    It 'reports an id that nobody knows and waits for the others' {
        $task = New-OmniVideo 'a fox'
        $ended = Wait-OmniVideoTask -Id 'no-such-task',
            $task.Id -Provider $task.Provider -ErrorVariable trouble -ErrorAction SilentlyContinue
        $ended.Id | Should -Be $task.Id
        $trouble | Should -HaveCount 1
        $trouble[0].FullyQualifiedErrorId | Should -BeLike 'OmniNotFound,*'
    }
}
