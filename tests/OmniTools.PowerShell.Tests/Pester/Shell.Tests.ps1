Describe 'In the shell' {
    BeforeAll {
        Import-Module $env:OMNI_TEST_MODULE
        function Complete([string] $line) { (TabExpansion2 $line $line.Length).CompletionMatches }
    }
    BeforeEach { $env:OMNI_HOME = Join-Path $TestDrive ([guid]::NewGuid()) }

    It 'completes providers and the models of the chosen one' {
        (Complete 'New-OmniVideo -Provider a').CompletionText | Should -Be 'apimart'
        (Complete 'New-OmniVideo -Provider apimart -Model ').CompletionText | Should -Be 'gemini-omni-flash-preview'
    }

    It 'completes ratios, durations and resolutions of the model' {
        (Complete 'New-OmniVideo -Provider toapis -AspectRatio ').ListItemText | Should -Be '16:9', '9:16'
        (Complete 'New-OmniVideo -Provider toapis -Duration ').ListItemText | Should -Be '6', '10'
        (Complete 'New-OmniVideo -Provider apimart -Resolution ').ListItemText | Should -Be '720p'
    }

    It 'completes task ids with status and prompt beside them' {
        $task = New-OmniVideo 'a fox in the snow'
        $offer = Complete 'Wait-OmniVideoTask -Id '
        $offer.ListItemText | Should -Contain $task.Id
        $offer[0].ToolTip | Should -Match 'a fox in the snow'
    }

    It 'completes statuses' {
        (Complete 'Get-OmniVideoTask -Status Comp').CompletionText | Should -Be 'Completed'
    }

    It 'shows tasks in a table of at most 100 columns' {
        New-OmniVideo ('a very long prompt ' * 20) | Wait-OmniVideoTask | Out-Null
        $lines = (Get-OmniVideoTask | Format-Table | Out-String -Width 100) -split '\r?\n'
        ($lines | ForEach-Object { ($_ -replace '\x1b\[[0-9;]*m').Length } | Measure-Object -Maximum).Maximum | Should -BeLessOrEqual 100
        $text = ($lines -join "`n") -replace '\x1b\[[0-9;]*m'
        $text | Should -Match 'Id\s+Provider\s+Status\s+%\s+Age\s+Cost\s+Prompt'
        $text | Should -Match 'completed\s+100'
    }

    It 'shows everything in a list' {
        $task = New-OmniVideo 'a fox' | Wait-OmniVideoTask
        $text = ($task | Format-List | Out-String -Width 200) -replace '\x1b\[[0-9;]*m'
        foreach ($name in 'Id', 'RequestKey', 'RawStatus', 'Videos', 'SavedPath', 'IsSandbox') { $text | Should -Match "(?m)^$name\s+:" }
        $text | Should -Match ([regex]::Escape($task.Id))
    }

    It 'shows providers and models in tables of at most 100 columns' {
        $lines = ((Get-OmniProvider | Format-Table | Out-String -Width 100) + ((Get-OmniProvider).Models | Format-Table | Out-String -Width 100)) -split '\r?\n' -replace '\x1b\[[0-9;]*m'
        ($lines | Measure-Object -Property Length -Maximum).Maximum | Should -BeLessOrEqual 100
        $lines -join "`n" | Should -Match 'apimart\s+yes\s+the sandbox'
    }

    It 'tells under Verbose what it does, and no key' {
        $said = New-OmniVideo 'a fox' -RequestKey told -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        $said | Should -Not -BeNullOrEmpty
        "$said" | Should -Match 'told'
    }

    It 'tells about HTTP under Debug' {
        $said = New-OmniVideo 'a fox' -Debug -Confirm:$false 5>&1 | Where-Object { $_ -is [System.Management.Automation.DebugRecord] }
        "$said" | Should -Match 'POST'
    }

    It 'has the aliases of a task' {
        $task = New-OmniVideo 'a fox' -AspectRatio 9:16
        $task.TaskId | Should -Be $task.Id
        $task.Ratio | Should -Be '9:16'
    }
}
