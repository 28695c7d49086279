Describe 'Saved files' {
    BeforeAll { Import-Module $env:OMNI_TEST_MODULE }
    BeforeEach {
        $env:OMNI_HOME = Join-Path $TestDrive ([guid]::NewGuid())
        $env:OMNI_SANDBOX_SECONDS = '0.1'
        $out = Join-Path $TestDrive ([guid]::NewGuid())
        function New-Clip([string[]] $key) { $key | ForEach-Object { New-OmniVideo "a fox called $_" -RequestKey $_ } |
            Wait-OmniVideoTask }
    }

    It 'have a view of their own that tells saved from kept' {
        New-Clip shot-1 | Out-Null
        $first = Save-OmniVideo shot-1 -Path $out
        $again = Save-OmniVideo shot-1 -Path $out
        $text = ($first, $again | Out-String -Width 90) -replace '\x1b\[[0-9;]*m'
        $text | Should -Match 'Name\s+Size\s+Seconds\s+State\s+Key'
        $text | Should -Match 'a-fox-called-shot…-\w{8}\.mp4\s+\d+ KB\s+6 saved shot-1'
        $text | Should -Match '\s6 kept\s+shot-1'
    }

    It 'are files that know key, task and state, and can be piped back' {
        $task = New-Clip shot-1
        $file = Save-OmniVideo shot-1 -Path $out
        $file | Should -BeOfType [System.IO.FileInfo]
        $file.RequestKey | Should -Be 'shot-1'
        $file.TaskId | Should -Be $task.Id
        $file.State | Should -Be 'saved'
        $file.Seconds | Should -Be 6
        ($file | Get-OmniVideoTask).RequestKey | Should -Be 'shot-1'
        ($file | Get-Content -AsByteStream).Count | Should -Be $file.Length
    }

    It 'have short default names' {
        $task = New-OmniVideo ('a fox that crosses a frozen lake at dawn ' * 5) | Wait-OmniVideoTask
        $name = ($task | Save-OmniVideo -Path $out).Name
        $end = $task.Id.Substring($task.Id.Length - 8)
        $day = [datetime]::UtcNow.ToString('yyyy-MM-dd')
        $name | Should -Be "$day-a-fox-that-crosses-a-frozen-lake-at-dawn-$end.mp4"
    }

    It 'are named by key, and numbered by index' {
        $tasks = New-Clip shot-1, shot-2, shot-3
        ($tasks | Save-OmniVideo -Path "$out/{key}.mp4").Name | Sort-Object |
            Should -Be shot-1.mp4, shot-2.mp4, shot-3.mp4
        ($tasks | Save-OmniVideo -Path "$out/clip {index}.mp4").Name | Sort-Object |
            Should -Be 'clip 1.mp4', 'clip 2.mp4', 'clip 3.mp4'
        # Each keeps the number it has.
        $again = $tasks | Save-OmniVideo -Path "$out/clip {index}.mp4"
        $again.State | Should -Be kept, kept, kept
        ($tasks | Save-OmniVideo -Path "$out/{provider}-{model}-{date}-{id}-{prompt}.{ext}") | Should -HaveCount 3
    }

    It 'are named by a script block for each task' {
        $tasks = New-Clip shot-1, shot-2
        ($tasks | Save-OmniVideo -Path { "$out/$($_.RequestKey)/clip.mp4" }).FullName | Sort-Object |
            Should -Be (Join-Path $out shot-1 clip.mp4), (Join-Path $out shot-2 clip.mp4)
        ($tasks | Save-OmniVideo -LiteralPath { "$out/[$($_.RequestKey)].mp4" }).Name | Sort-Object |
            Should -Be '[shot-1].mp4', '[shot-2].mp4'
        @(Get-ChildItem $out -Recurse -Filter '*$*') | Should -BeNullOrEmpty
    }

    It 'are named by a column Path or LiteralPath' {
        $tasks = New-Clip shot-1, shot-2, shot-3
        $rows = @(
            [pscustomobject]@{ TaskId = $tasks[0].Id; Path = "$out/first.mp4" }
            [pscustomobject]@{ RequestKey = $tasks[1].RequestKey; LiteralPath = "$out/[second].mp4" }
            [pscustomobject]@{ Id = $tasks[2].Id; Path = '' }
        )
        Push-Location (New-Item -ItemType Directory $out)
        try { $files = $rows | Save-OmniVideo -ThrottleLimit 1 }
        finally { Pop-Location }
        $files[0].FullName | Should -Be (Join-Path $out first.mp4)
        $files[1].FullName | Should -Be (Join-Path $out '[second].mp4')
        $files[2].DirectoryName | Should -Be $out
        $tasks | Add-Member -NotePropertyName Path -NotePropertyValue "$out/all"
        ($tasks | Save-OmniVideo).DirectoryName | Sort-Object -Unique | Should -Be (Join-Path $out all)
    }

    It 'take a Path or a LiteralPath, from tasks and from ids, and never both' {
        $task = New-Clip shot-1
        ($task | Save-OmniVideo -LiteralPath "$out/[a]").DirectoryName | Should -Be (Join-Path $out '[a]')
        ('shot-1' | Save-OmniVideo -LiteralPath "$out/[b]").DirectoryName | Should -Be (Join-Path $out '[b]')
        (Save-OmniVideo shot-1 -LiteralPath "$out/[c]").DirectoryName | Should -Be (Join-Path $out '[c]')
        (Save-OmniVideo -InputObject $task -Path "$out/d").DirectoryName | Should -Be (Join-Path $out d)
        { Save-OmniVideo shot-1 -Path a -LiteralPath b } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
        { Save-OmniVideo shot-1 -Path $never } | Should -Throw -ErrorId 'OmniInvalidRequest,*'
    }

    It 'report a path that cannot be used per task where it comes with the task' {
        $tasks = New-Clip shot-1, shot-2
        $path = { $_.RequestKey -eq 'shot-1' ? 'Env:\clip.mp4' : "$out/fine.mp4" }
        $files = $tasks | Save-OmniVideo -Path $path -ErrorVariable trouble -ErrorAction SilentlyContinue
        $files.Name | Should -Be 'fine.mp4'
        "$trouble" | Should -Match "^shot-1 \('a fox called shot-1'\): This path cannot be used"
    }

    It 'that are deleted make their task unsaved again, and are saved again' {
        $file = New-Clip shot-1 | Save-OmniVideo -Path $out
        Get-OmniVideoTask -Unsaved | Should -BeNullOrEmpty
        Remove-Item $file
        $task = Get-OmniVideoTask -Unsaved
        $task.RequestKey | Should -Be 'shot-1'
        $task.ExpiresAt | Should -BeGreaterThan ([datetimeoffset]::UtcNow)
        ($task | Save-OmniVideo -Path $out).FullName | Should -Be $file.FullName
        Get-OmniVideoTask -Unsaved | Should -BeNullOrEmpty
    }
}

Describe 'Tasks as data' {
    BeforeAll {
        Import-Module $env:OMNI_TEST_MODULE
        $env:OMNI_HOME = Join-Path $TestDrive 'data'
        $env:OMNI_SANDBOX_SECONDS = '0.1'
        $done = New-OmniVideo 'a fox' -RequestKey shot-1 | Wait-OmniVideoTask
        $failed = New-OmniVideo 'a fox [fail]' -RequestKey shot-2 | Wait-OmniVideoTask -ErrorAction Ignore
        $file = $done | Save-OmniVideo -Path (Join-Path $TestDrive 'data-out')
        $done = Get-OmniVideoTask -RequestKey shot-1
    }

    It 'have words and no numbers for enums in JSON' {
        $json = $done, $failed | ConvertTo-Json -Depth 4 | ConvertFrom-Json
        $json.Status | Should -Be Completed, Failed
        $json.Charged | Should -Be Yes, Unknown
        $json[1].Error.Kind | Should -Be TaskFailed
        $json[1].Error.Charged | Should -BeOfType [string]
    }

    It 'have URL, file and expiry as plain columns in a CSV file' {
        $row = $done | Select-Object * | ConvertTo-Csv | ConvertFrom-Csv
        $row.Url | Should -BeLike 'http*.mp4'
        $row.SavedPath | Should -Be $file.FullName
        $row.Status | Should -Be Completed
        $row.PSObject.Properties.Name | Should -Contain ExpiresAt
        ($failed | ConvertTo-Csv | ConvertFrom-Csv).Error | Should -BeLike 'TaskFailed: *'
    }

    It 'tell in the table what failed, what was refused and what was never sent' {
        . (Join-Path $PSScriptRoot 'Loopback.ps1')
        New-OmniVideo 'a fox [moderated]' -RequestKey shot-3 -ErrorAction Ignore
        $text = (Get-OmniVideoTask | Format-Table | Out-String -Width 100) -replace '\x1b\[[0-9;]*m'
        $text | Should -Match 'toapis\s+failed\s.*a fox \[fail\]'
        $text | Should -Match 'toapis\s+refused\s.*a fox \[moderated\]'
        $error = [OmniTools.VideoTasks.VideoTaskError]@{ Kind = 'ProviderUnavailable'; Message = 'no connection'
            Charged = 'No' }
        $unsent = [OmniTools.VideoTasks.VideoTask]@{ RequestKey = 'shot-4'; Provider = 'toapis'; Status = 'Failed'
            CreatedAt = [datetimeoffset]::UtcNow; Error = $error }
        ($unsent | Format-Table | Out-String -Width 100) -replace '\x1b\[[0-9;]*m' | Should -Match 'toapis\s+not sent'
    }
}

Describe 'Ids' {
    BeforeAll { Import-Module $env:OMNI_TEST_MODULE }
    BeforeEach {
        $env:OMNI_HOME = Join-Path $TestDrive ([guid]::NewGuid())
        $env:OMNI_SANDBOX_SECONDS = '0.1'
    }

    It 'are asked for by request key, also from the rows of a list' {
        $task = New-OmniVideo 'a fox' -RequestKey shot-1
        (Get-OmniVideoTask -RequestKey shot-1).Id | Should -Be $task.Id
        $rows = 'Prompt,Provider,RequestKey', 'a fox,toapis,shot-1' | ConvertFrom-Csv
        ($rows | Get-OmniVideoTask).Id | Should -Be $task.Id
        ($rows | Wait-OmniVideoTask).Id | Should -Be $task.Id
        ($task | Select-Object RequestKey | Get-OmniVideoTask).Id | Should -Be $task.Id
    }

    It 'are never the text of an object that has none' {
        . (Join-Path $PSScriptRoot 'Loopback.ps1')
        $server = Start-Loopback toapis
        try {
            foreach ($object in [pscustomobject]@{ Prompt = 'a fox'; Provider = 'toapis' }, @{ Id = 'x' },
                (Get-Item $TestDrive)) {
                foreach ($cmdlet in 'Get-OmniVideoTask', 'Wait-OmniVideoTask', 'Save-OmniVideo') {
                    $object | & $cmdlet -ErrorVariable trouble -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
                    $trouble | Should -HaveCount 1 -Because "$cmdlet $object"
                    $trouble[0].FullyQualifiedErrorId | Should -BeLike 'OmniInvalidRequest,*'
                    "$trouble" | Should -Match 'has no (column|property) TaskId'
                }
            }
            (Send-Loopback $server 'requests get').requests | Should -Be 0
        }
        finally { Stop-Loopback $server }
    }

    It 'name the task in every error, by key and prompt' {
        New-OmniVideo 'a fox [expired]' -RequestKey shot-1 | Wait-OmniVideoTask |
            Save-OmniVideo -Path $TestDrive -ErrorVariable save -ErrorAction SilentlyContinue
        New-OmniVideo 'a fox [no-video]' -RequestKey shot-2 |
            Wait-OmniVideoTask -ErrorVariable wait -ErrorAction SilentlyContinue
        Save-OmniVideo shot-1 -Path $TestDrive -ErrorVariable named -ErrorAction SilentlyContinue
        "$save" | Should -Match "^shot-1 \('a fox \[expired\]'\): "
        "$named" | Should -Match "^shot-1 \('a fox \[expired\]'\): "
        "$wait" | Should -Match "^shot-2 \('a fox \[no-video\]'\): "
        . (Join-Path $PSScriptRoot 'Loopback.ps1')
        $server = Start-Loopback toapis
        try {
            New-OmniVideo 'a fox, asleep' -RequestKey shot-3 | Out-Null
            Send-Loopback $server 'status get 403' | Out-Null
            Get-OmniVideoTask shot-3 -ErrorVariable get -ErrorAction SilentlyContinue
            "$get" | Should -Match "^shot-3 \('a fox, asleep'\): "
        }
        finally { Stop-Loopback $server }
    }

    It 'of many open tasks are not listed at a timeout' {
        $env:OMNI_SANDBOX_SECONDS = '600'
        1..60 | ForEach-Object { [pscustomobject]@{ Prompt = "shot $_"; RequestKey = "k$_" } } |
            New-OmniVideo -ThrottleLimit 16 |
            Wait-OmniVideoTask -Timeout 1 -ErrorVariable trouble -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $trouble | Should -HaveCount 1
        "$trouble" | Should -Match "^After 1 s 60 of 60 tasks are still running: k\d+ \('shot \d+'\), .* and 57 more"
        $trouble[0].ErrorDetails.RecommendedAction |
            Should -BeLike '*Resume with: Get-OmniVideoTask -Status InProgress, Queued | Wait-OmniVideoTask'
        ($trouble | Out-String).Length | Should -BeLessThan 1000
    }
}
