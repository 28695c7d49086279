Describe 'In the shell' {
    BeforeAll {
        Import-Module $env:OMNI_TEST_MODULE
        function Complete([string] $line) { (TabExpansion2 $line $line.Length).CompletionMatches }
    }
    BeforeEach { $env:OMNI_HOME = Join-Path $TestDrive ([guid]::NewGuid()) }

    It 'completes providers and the models of the chosen one' {
        (Complete 'New-OmniVideo -Provider a').CompletionText | Should -Be 'apimart'
        (Complete 'New-OmniVideo -Provider apimart -Model gemini-omni-f').CompletionText |
            Should -Be 'gemini-omni-flash-preview'
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
        ($lines | ForEach-Object { ($_ -replace '\x1b\[[0-9;]*m').Length } | Measure-Object -Maximum).Maximum |
            Should -BeLessOrEqual 100
        $text = ($lines -join "`n") -replace '\x1b\[[0-9;]*m'
        $text | Should -Match 'Id\s+Provider\s+Status\s+%\s+Age\s+Cost\s+Prompt'
        $text | Should -Match 'completed\s+100'
    }

    It 'shows everything in a list' {
        $task = New-OmniVideo 'a fox' | Wait-OmniVideoTask
        $text = ($task | Format-List | Out-String -Width 200) -replace '\x1b\[[0-9;]*m'
        foreach ($name in 'Id', 'RequestKey', 'RawStatus', 'Videos', 'SavedPath', 'IsSandbox') { $text |
            Should -Match "(?m)^$name\s+:" }
        $text | Should -Match ([regex]::Escape($task.Id))
    }

    It 'shows providers and models in tables of at most 100 columns' {
        $lines = ((Get-OmniProvider | Format-Table | Out-String -Width 100) + ((Get-OmniProvider).Models |
            Format-Table | Out-String -Width 100)) -split '\r?\n' -replace '\x1b\[[0-9;]*m'
        ($lines | Measure-Object -Property Length -Maximum).Maximum | Should -BeLessOrEqual 100
        $text = $lines -join "`n"
        $columns = 'Provider Ready Balance DefaultModel Ratios Seconds Resolution Images Video Extend'
        $text | Should -Match $columns.Replace(' ', '\s+')
        $text | Should -Match 'toapis\s+yes\s+gemini_omni_flash\s+16:9 9:16\s+6 10\s+720P\s+0\s+no\s+no'
        $text | Should -Match 'apimart\s+yes\s+gemini-omni-flash-preview\s+16:9 9:16\s+-\s+720p\s+16\s+yes\s+yes'
    }

    It 'fits every view there is into 100 columns, whatever is to be shown' {
        $word = 'word ' * 60
        $video = [OmniTools.VideoTasks.VideoResult]@{ Url = 'https://example.com/' + 'v' * 300
            ExpiresAt = [datetimeoffset]::MaxValue; SavedPath = '/clips/' + 's' * 300; Sha256 = 'f' * 64 }
        $failure = [OmniTools.VideoTasks.VideoTaskError]@{ Kind = 'InsufficientBalance'; Code = 'c' * 120
            Message = $word; Charged = 'Unknown' }
        $model = [OmniTools.Catalog.ModelSpec]@{
            Id = 'm' * 90
            AspectRatio = [OmniTools.Catalog.ChoiceField]@{ Values = [string[]]@('16:9') * 20 }
            Duration = [OmniTools.Catalog.NumberField]@{ Values = [long[]]@(1000) * 20 }
            Resolution = [OmniTools.Catalog.ChoiceField]@{ Values = [string[]]@('2160p') * 20 }
            Images = [OmniTools.Catalog.MediaField]@{ Wire = 'i'; Max = 123456 }
            Videos = [OmniTools.Catalog.MediaField]@{ Wire = 'v'; Max = 123456 }
            Extend = [OmniTools.Catalog.TextField]@{ Wire = 'e' }
        }
        $task = [OmniTools.VideoTasks.VideoTask]@{
            Id = 't' * 120; RequestKey = 'k' * 120; Provider = 'p' * 20; Model = $model.Id; Status = 'InProgress'
            RawStatus = 'r' * 120; Progress = 100; Prompt = "$word`n$word"; AspectRatio = '9' * 120
            Resolution = '9' * 120; Duration = 1000000; EstimatedSeconds = 1000000
            CreatedAt = [datetimeoffset]::UnixEpoch; CompletedAt = [datetimeoffset]::MaxValue
            Cost = 123456789.1234; Credits = 123456.78; Error = $failure
            Videos = [OmniTools.VideoTasks.VideoResult[]]($video, $video)
        }
        $state = [Activator]::CreateInstance((Get-OmniProvider toapis).GetType())
        foreach ($name in 'Provider', 'Name', 'KeySource', 'KeyVariable', 'BaseAddress') { $state.$name = $name * 20 }
        $state.DefaultModel = $model.Id
        $state.Models = [OmniTools.Catalog.ModelSpec[]]($model, $model)
        $state.IsReady = $true
        $state.Balance = [OmniTools.Providers.Balance]::new(1234567890.12, 0, $false)
        $file = [pscustomobject]@{ PSTypeName = 'OmniTools.SavedFile'; Name = 'n' * 120 + '.mp4'; Length = 123456MB
            Seconds = 1000000; State = 'saved'; RequestKey = 'k' * 120 }
        $listed = [OmniTools.PowerShell.Session.OmniModel]@{
            Model = $model.Id; Provider = 'p' * 20; Can = [string[]]@('FirstFrame') * 20
            Durations = [int[]]@(1000) * 20; AspectRatios = [string[]]@('16:9') * 20
            Resolutions = [string[]]@('2160p') * 20; EstimatedUsd = 123456.789; EstimatedCredits = 123456789
            Note = $word; Source = $word; Options = [string[]]@('o' * 60) * 9
        }
        $samples = @($task, $video, $failure, $model, $state, $file, $listed)

        [xml]$views = Get-Content (Join-Path $env:OMNI_TEST_MODULE 'OmniTools.Format.ps1xml')
        # Lists wrap their texts: they have no columns.
        $own = $views.SelectNodes('//View') | Where-Object { $_.ViewSelectedBy.TypeName -notlike 'OmniTools.Batches.*' }
        $own | Should -HaveCount 10
        foreach ($view in $own) {
            $sample = $samples | Where-Object { $_.pstypenames[0] -eq $view.ViewSelectedBy.TypeName }
            $sample | Should -Not -BeNullOrEmpty -Because $view.ViewSelectedBy.TypeName
            $shown = if ($view.TableControl) { $sample | Format-Table } else { $sample | Format-List }
            $lines = ($shown | Out-String -Width 100) -split '\r?\n' -replace '\x1b\[[0-9;]*m' | Where-Object { $_ }
            ($lines | Measure-Object -Property Length -Maximum).Maximum | Should -BeLessOrEqual 100 -Because $view.Name
            if (-not $view.TableControl) { continue }
            # A column that finds no room is left out, and one that is too narrow is broken into further lines.
            $lines | Should -HaveCount 3 -Because "$($view.Name): $($lines -join "`n")"
            -split $lines[0] | Should -Be $view.SelectNodes('.//Label').InnerText
        }
        # What these are is for copying, so it is shown whole.
        ($video | Out-String -Width 100) -replace '\s' | Should -Match ('v' * 300)
        ($failure | Out-String -Width 100) -replace '\s' | Should -Match ('word' * 60)
    }

    It 'shows names and figures and never the inside of a record' {
        $failed = New-OmniVideo 'a fox [fail]' | Wait-OmniVideoTask -ErrorAction SilentlyContinue
        $done = New-OmniVideo 'a fox' | Wait-OmniVideoTask
        $text = (Get-OmniProvider apimart -Balance), $failed, $done | ForEach-Object { $_ | Format-List |
            Out-String -Width 200; $_ | Format-List * | Out-String -Width 200 }
        "$text" | Should -Not -Match '\w+ \{ '
        "$text" | Should -Not -Match 'System\.Collections'
        $text[1] | Should -Match 'Models\s+: \{gemini-omni-flash-preview, '
        $text[1] | Should -Match 'Balance\s+: 1000'
    }

    It 'shows how far a save is, how fast, and takes the bars away' {
        $task = New-OmniVideo 'a fox' | Wait-OmniVideoTask
        $shell = [powershell]::Create()
        try {
            $shell.AddScript('param($module, $id, $out) Import-Module $module; $ProgressPreference = "Continue"; ' +
                'Save-OmniVideo $id -Path $out') | Out-Null
            $env:OMNI_TEST_MODULE, $task.Id, (Join-Path $TestDrive 'bars') |
                ForEach-Object { $shell.AddArgument($_) } | Out-Null
            $shell.Invoke() | Should -HaveCount 1
            $bars = @($shell.Streams.Progress | Where-Object Activity -ne 'Preparing modules for first use.')
        }
        finally { $shell.Dispose() }
        $bars[0].Activity | Should -Be 'Saving videos'
        $bars[0].StatusDescription | Should -Match '^1 in transfer'
        foreach ($id in $bars.ActivityId | Sort-Object -Unique) { ($bars |
            Where-Object ActivityId -eq $id)[-1].RecordType | Should -Be 'Completed' }
    }

    It 'tells under Verbose what it does, and no key' {
        $said = New-OmniVideo 'a fox' -RequestKey verbose-key -Verbose 4>&1 |
            Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        $said | Should -Not -BeNullOrEmpty
        "$said" | Should -Match 'verbose-key'
    }

    It 'tells about HTTP under Debug' {
        $said = New-OmniVideo 'a fox' -Debug -Confirm:$false 5>&1 |
            Where-Object { $_ -is [System.Management.Automation.DebugRecord] }
        "$said" | Should -Match 'POST'
    }

    It 'has the id of a task by its other name' {
        $task = New-OmniVideo 'a fox'
        $task.TaskId | Should -Be $task.Id
    }
}
