Describe 'Rows' {
    BeforeAll { Import-Module $env:OMNI_TEST_MODULE }
    BeforeEach {
        $env:OMNI_HOME = Join-Path $TestDrive ([guid]::NewGuid())
        $env:OMNI_SANDBOX_SECONDS = '0.1'
    }
    AfterEach { $env:OMNI_MAX_VIDEOS_PER_DAY = $null }

    It 'buys the Prompt of a row, whatever type its values have' {
        $rows = [pscustomobject]@{ Prompt = 5; Duration = 10.0; RequestKey = 'a' },
            [pscustomobject]@{ Prompt = 'text'; Duration = [long]6; RequestKey = 'b' }
        $rows += '[{ "Prompt": "json", "Duration": 10, "RequestKey": "c" }]' | ConvertFrom-Json
        $rows += 'Prompt;Duration;RequestKey', 'csv;;d' | ConvertFrom-Csv -Delimiter ';'
        $tasks = $rows | New-OmniVideo -Provider toapis -ThrottleLimit 1 -WarningVariable warnings
        $tasks.Prompt | Should -Be '5', 'text', 'json', 'csv'
        $tasks.Duration | Should -Be 10, 6, 10, 6
        $warnings | Should -BeNullOrEmpty
    }

    It 'buys text from the pipeline, from Get-Content and from a script block per object' {
        Set-Content (Join-Path $TestDrive 'scene.txt') 'a fox in a file'
        $tasks = & {
            'a fox, and a cat; both asleep' | New-OmniVideo
            Get-Content (Join-Path $TestDrive 'scene.txt') | New-OmniVideo
            Get-Item (Join-Path $TestDrive 'scene.txt') |
                New-OmniVideo -Prompt { "from $($_.Name)" } -WarningVariable script:warnings
            'dawn' | New-OmniVideo -Prompt { "a fox at $_" }
        }
        $tasks.Prompt | Should -Be 'a fox, and a cat; both asleep', 'a fox in a file', 'from scene.txt', 'a fox at dawn'
        $warnings | Should -BeNullOrEmpty
    }

    It 'reads lists with the line ends of Windows, with a byte order mark and without' {
        $csv = Join-Path $TestDrive 'windows.csv'
        $tasks = foreach ($mark in '', [char]0xFEFF) {
            [IO.File]::WriteAllText($csv, "$($mark)Prompt,RequestKey`r`nein Fuchs`r`n")
            Import-Csv $csv | New-OmniVideo -WarningAction Ignore -Force
            Get-Content $csv | Select-Object -Skip 1 | ForEach-Object { $_ -replace ',' } | New-OmniVideo -Force
            (Get-Content $csv -Raw) -split "`n" | Select-Object -Skip 1 | Where-Object { $_ } | New-OmniVideo -Force
        }
        $tasks | Should -HaveCount 6
        $tasks.Prompt | Should -Be (@('ein Fuchs') * 6)
        [pscustomobject]@{ Prompt = "two`r`nlines`r"; RequestKey = "key`r" } | New-OmniVideo |
            ForEach-Object { $_.Prompt, $_.RequestKey } | Should -Be "two`r`nlines", 'key'
    }

    It 'lets an image stand for an empty prompt where the provider takes it' {
        'Prompt,Image', ',https://example.com/a.png' | ConvertFrom-Csv |
            New-OmniVideo -Provider apimart -WarningAction Ignore | Should -HaveCount 1
        [pscustomobject]@{ Image = 'https://example.com/a.png' } |
            New-OmniVideo -Provider apimart -Prompt 'like this' | Should -HaveCount 1
    }

    It 'reports a list without the column Prompt once, with its columns and the number of its rows' {
        $list = & { 'Prompt;Provider'; 1..20 | ForEach-Object { "a fox;toapis" } } | ConvertFrom-Csv
        $list | New-OmniVideo -ErrorVariable trouble -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $trouble | Should -HaveCount 1
        $trouble[0].FullyQualifiedErrorId | Should -BeLike 'OmniInvalidRequest,*'
        "$trouble" | Should -BeLike ("Row 1: This row has no column Prompt. Its columns: 'Prompt;Provider'. " +
            '19 further rows were not sent.*')
        $trouble[0].ErrorDetails.RecommendedAction | Should -BeLike "Is the delimiter ';'?*"
        Get-OmniVideoTask | Should -BeNullOrEmpty
    }

    It 'warns of each unknown column once, and says which was meant' {
        $list = 'Prompt,Ratio,Seconds,Mood,RequestKey', 'a,16:9,6,calm,k1', 'b,9:16,6,wild,k2' | ConvertFrom-Csv
        $list | New-OmniVideo -WhatIf -WarningVariable warnings 3>$null
        $warnings | Should -HaveCount 3
        "$($warnings[0])" | Should -Be "The column 'Ratio' is not used. Did you mean AspectRatio?"
        "$($warnings[1])" | Should -Be "The column 'Seconds' is not used. Did you mean Duration?"
        "$($warnings[2])" | Should -Be "The column 'Mood' is not used."
    }

    It 'warns once that rows without a key are bought again, and names the column' {
        'Prompt', 'a', 'b' | ConvertFrom-Csv | New-OmniVideo -WarningVariable none 3>$null | Out-Null
        'Prompt,RequestKey', 'a,k1', 'b,', 'c,' | ConvertFrom-Csv | New-OmniVideo -WarningVariable empty 3>$null |
            Out-Null
        'a' | New-OmniVideo -WarningVariable text | Out-Null
        "$none" | Should -BeLike 'The rows have no column RequestKey: the same command buys them again.*'
        "$empty" | Should -BeLike 'A row has no RequestKey: the same command buys it again.*'
        $text | Should -BeNullOrEmpty
    }

    It 'separates several images in a cell by vertical bars' {
        $list = 'Prompt,Image,RequestKey', 'like these,https://example.com/a.png | https://example.com/b.png,k1' |
            ConvertFrom-Csv
        $list | New-OmniVideo -Provider apimart | Should -HaveCount 1
        $intent = Get-ChildItem (Join-Path $env:OMNI_HOME 'sandbox') -Recurse -File |
            Select-String 'https://example.com/a.png' -List
        $intent.Line | Should -Match 'example\.com/a\.png"[^|]*"https://example\.com/b\.png'
    }

    It 'never rounds a duration, and names the row by key and prompt' {
        foreach ($seconds in 9.5, '10.0', 'ten', '10s', '9,5', $true) {
            [pscustomobject]@{ Prompt = 'a fox'; Duration = $seconds; RequestKey = 'shot-1' } |
                New-OmniVideo -Provider toapis -ErrorVariable trouble -ErrorAction SilentlyContinue |
                Should -BeNullOrEmpty
            $trouble | Should -HaveCount 1
            $trouble[0].FullyQualifiedErrorId | Should -BeLike 'OmniInvalidRequest,*'
            "$trouble" | Should -BeLike ("Row 1 (RequestKey 'shot-1', Prompt 'a fox'*): The duration is not a whole " +
                "number of seconds. Parameter: -Duration. Received: '$seconds'*")
        }
        New-OmniVideo 'a fox' -Provider toapis -Duration 9.5 -ErrorVariable typed -ErrorAction SilentlyContinue |
            Should -BeNullOrEmpty
        "$typed" | Should -BeLike "Request (Prompt 'a fox'*Received: '9.5'*"
        Get-OmniVideoTask | Should -BeNullOrEmpty
    }

    It 'stops a list at a limit, counts the rows that were not sent, and emits what was accepted' {
        $env:OMNI_MAX_VIDEOS_PER_DAY = '3'
        $rows = 1..40 | ForEach-Object { [pscustomobject]@{ Prompt = "shot $_"; RequestKey = "k$_" } }
        $tasks = $rows | New-OmniVideo -ErrorVariable trouble -ErrorAction SilentlyContinue
        $tasks | Should -HaveCount 3
        $trouble | Should -HaveCount 1
        $trouble[0].FullyQualifiedErrorId | Should -BeLike 'OmniLimitReached,*'
        "$trouble" | Should -Match "^Row \d+ \(RequestKey 'k\d+'.*36 further rows were not sent"
        # What was bought before is given again, although the limit is reached.
        $again = $rows | New-OmniVideo -ErrorVariable trouble -ErrorAction SilentlyContinue
        $again.Id | Sort-Object | Should -Be ($tasks.Id | Sort-Object)
    }

    It 'stops the rows of a provider whose balance is used up, and no others' {
        $rows = 1..6 | ForEach-Object { [pscustomobject]@{ Prompt = $_ -eq 1 ? 'a [no-balance]' : "b $_"
            Provider = $_ -le 4 ? 'toapis' : 'apimart'; RequestKey = "k$_" } }
        $tasks = $rows | New-OmniVideo -ThrottleLimit 1 -ErrorVariable trouble -ErrorAction SilentlyContinue
        $tasks.Provider | Should -Be apimart, apimart
        $trouble | Should -HaveCount 1
        "$trouble" | Should -Match "RequestKey 'k1'.*3 further rows were not sent"
    }

    It 'stops the rows of a provider without a usable key, and no others' {
        . (Join-Path $PSScriptRoot 'Loopback.ps1')
        $server = Start-Loopback apimart
        try {
            foreach ($key in '', 'your key') {
                $env:TOAPIS_API_KEY = $key
                $rows = 1..4 | ForEach-Object { [pscustomobject]@{ Prompt = "shot $_"
                    Provider = $_ % 2 ? 'toapis' : 'apimart'; RequestKey = "$($key.Length)-$_" } }
                $tasks = $rows | New-OmniVideo -ErrorVariable trouble -ErrorAction SilentlyContinue
                $tasks.Provider | Should -Be apimart, apimart
                $trouble | Should -HaveCount 1
                $trouble[0].FullyQualifiedErrorId | Should -BeLike 'OmniAuthentication,*'
                "$trouble" | Should -Match '1 further row was not sent'
                { $rows[0] | New-OmniVideo } | Should -Throw -ErrorId 'OmniAuthentication,*'
            }
            (Send-Loopback $server 'creates').creates | Should -Be 4
        }
        finally {
            $env:TOAPIS_API_KEY = $null
            Stop-Loopback $server
        }
    }

    It 'refuses a row that is given to InputObject' {
        $row = [pscustomobject]@{ Prompt = 'a fox' }
        New-OmniVideo -InputObject $row -ErrorVariable trouble -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        "$trouble" | Should -Match 'bind only from the pipeline'
        New-OmniVideo -InputObject 'a fox' | Should -HaveCount 1
    }

    It 'emits what was bought before ErrorAction Stop ends a list' {
        foreach ($limit in 1, 4) {
            $got = [Collections.Generic.List[string]]::new()
            { 'one', 'two', 'three [moderated]', 'four' | New-OmniVideo -ThrottleLimit $limit -ErrorAction Stop |
                ForEach-Object { $got.Add($_.Id) } } | Should -Throw -ErrorId 'OmniContentRejected,*'
            $bought = @(Get-OmniVideoTask | Where-Object Id)
            $got.Count | Should -BeGreaterOrEqual 2
            $got | Sort-Object | Should -Be ($bought.Id | Sort-Object)
            $env:OMNI_HOME = Join-Path $TestDrive ([guid]::NewGuid())
        }
        & {
            $ErrorActionPreference = 'Stop'
            $got.Clear()
            { 'one', 'two [moderated]' | New-OmniVideo -ThrottleLimit 1 | ForEach-Object { $got.Add($_.Id) } } |
                Should -Throw -ErrorId 'OmniContentRejected,*'
            $got | Should -HaveCount 1
        }
    }
}
