Describe 'Stages that overlap' {
    BeforeAll {
        Import-Module $env:OMNI_TEST_MODULE
    }
    BeforeEach {
        $env:OMNI_HOME = Join-Path $TestDrive ([guid]::NewGuid())
        $env:OMNI_SANDBOX_SECONDS = '0.3'
        $out = Join-Path $TestDrive ([guid]::NewGuid())
    }

    It 'has the first file on disk while later rows are still submitted' {
        # The input goes on until a file is there, so it ends only when all three stages work at the same time.
        $rows = {
            for ($row = 1; $row -le 5000 -and -not [IO.Directory]::GetFiles($out, '*.mp4'); $row++) { "shot $row" }
            'the last shot'
        }
        New-Item -ItemType Directory $out | Out-Null
        $files = & $rows | New-OmniVideo -ThrottleLimit 1 | Wait-OmniVideoTask | Save-OmniVideo -Path $out
        $tasks = @(Get-OmniVideoTask)
        $tasks.Count | Should -BeLessThan 5000
        @($files).Count | Should -Be $tasks.Count
        $last = $tasks | Where-Object Prompt -EQ 'the last shot'
        $first = $files | Sort-Object LastWriteTimeUtc | Select-Object -First 1
        # The ledger's times are whole milliseconds.
        $first.LastWriteTimeUtc | Should -BeLessThan $last.CreatedAt.UtcDateTime.AddMilliseconds(1)
    }

    It 'takes a thousand clips through all three stages in one pipeline' {
        $env:OMNI_SANDBOX_SECONDS = '0.1'
        $files = 1..1000 | ForEach-Object { "shot $_" } | New-OmniVideo -ThrottleLimit 8 | Wait-OmniVideoTask |
            Save-OmniVideo -Path $out
        $files | Should -HaveCount 1000
        [IO.Directory]::GetFiles($out, '*.mp4') | Should -HaveCount 1000
        [IO.Directory]::GetFiles($out, '*.part') | Should -HaveCount 0
        @(Get-OmniVideoTask -Unsaved) | Should -HaveCount 0
    }

    It 'binds every column of a CSV file' {
        $first = New-OmniVideo 'what came before' -Provider apimart | Wait-OmniVideoTask
        $csv = Join-Path $TestDrive 'all.csv'
        @"
Prompt,Provider,Model,AspectRatio,Duration,Resolution,Image,Video,ExtendFrom,RequestKey
a fox,toapis,gemini_omni_flash,9:16,10,720P,,,,row-1
a boat,apimart,gemini-omni-flash-preview,9:16,,720p,https://example.com/a.png,,$($first.Id),row-2
a tree,apimart,,,,,,https://example.com/b.mp4,,row-3
"@ | Set-Content $csv
        $tasks = Import-Csv $csv | New-OmniVideo -ThrottleLimit 1
        $tasks | Should -HaveCount 3
        $tasks[0] | Select-Object Prompt, Provider, Model, AspectRatio, Duration, Resolution, RequestKey |
            ConvertTo-Csv -UseQuotes Never | Select-Object -Last 1 |
            Should -Be 'a fox,toapis,gemini_omni_flash,9:16,10,720P,row-1'
        $tasks[1] | Select-Object Prompt, Provider, Model, AspectRatio, Duration, Resolution, RequestKey |
            ConvertTo-Csv -UseQuotes Never | Select-Object -Last 1 |
            Should -Be 'a boat,apimart,gemini-omni-flash-preview,9:16,,720p,row-2'
        $saved = $tasks | Wait-OmniVideoTask | Save-OmniVideo -Path $out |
            ForEach-Object { Get-Content ($_.FullName -replace 'mp4$', 'json') | ConvertFrom-Json }
        $boat, $tree = 'row-2', 'row-3' | ForEach-Object { $key = $_; $saved | Where-Object request_key -EQ $key }
        $boat.images | Should -Be 'https://example.com/a.png'
        $boat.extend_from | Should -Be $first.Id
        $tree.videos | Should -Be 'https://example.com/b.mp4'
    }

    It 'names the values of each bad row and lets the others go on' {
        $csv = Join-Path $TestDrive 'bad.csv'
        @'
Prompt,Provider,AspectRatio,Duration,RequestKey
good one,toapis,16:9,6,ok-1
wrong ratio,toapis,4:5,6,bad-1
wrong length,toapis,16:9,7,bad-2
no such provider,nobody,16:9,6,bad-3
no number,toapis,16:9,six,bad-4
good two,apimart,9:16,,ok-2
'@ | Set-Content $csv
        $files = Import-Csv $csv | New-OmniVideo -ErrorVariable trouble -ErrorAction SilentlyContinue |
            Wait-OmniVideoTask | Save-OmniVideo -Path $out
        $files | Should -HaveCount 2
        $trouble | Should -HaveCount 4
        "$($trouble[0])" | Should -Match "^Row 2 \(RequestKey 'bad-1', Prompt 'wrong ratio'.*AspectRatio '4:5'"
        "$($trouble[1])" | Should -Match "Prompt 'wrong length'.*Duration '7'"
        "$($trouble[2])" | Should -Match "Provider 'nobody'"
        "$($trouble[3])" | Should -Match "RequestKey 'bad-4'.*Parameter: -Duration\. Received: 'six'"
    }

    It 'buys nothing for a property that is a list where one value is asked for' {
        $rows = 'Prompt', 'Provider', 'Model', 'AspectRatio', 'Duration', 'Resolution', 'ExtendFrom',
            'RequestKey' | ForEach-Object {
            $row = [ordered]@{ Prompt = "a list in $_"; Provider = 'apimart'; Image = 'https://example.com/a.png' }
            $row[$_] = @('one', 'two')
            [pscustomobject]$row
        }
        $rows | New-OmniVideo -ErrorVariable trouble -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $trouble | Should -HaveCount 8
        foreach ($record in $trouble) {
            $record.FullyQualifiedErrorId | Should -BeLike 'OmniInvalidRequest,*'
            "$record" | Should -Match '2 values \(one, two\).*Nothing was sent'
            $record.TargetObject | Should -BeIn $rows
        }
        Get-OmniVideoTask | Should -BeNullOrEmpty
    }
}
