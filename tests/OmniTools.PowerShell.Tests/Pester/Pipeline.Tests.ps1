Describe 'The pipeline' {
    BeforeAll { Import-Module $env:OMNI_TEST_MODULE }
    BeforeEach {
        $env:OMNI_HOME = Join-Path $TestDrive ([guid]::NewGuid())
        $out = Join-Path $TestDrive ([guid]::NewGuid())
    }

    It 'turns two prompts into two MP4 files' {
        $files = 'a fox in the snow', 'a paper boat' | New-OmniVideo | Wait-OmniVideoTask | Save-OmniVideo -Path $out
        $files | Should -HaveCount 2
        $files | Should -BeOfType [System.IO.FileInfo]
        foreach ($file in Get-ChildItem $out -Filter *.mp4) {
            [Text.Encoding]::ASCII.GetString([IO.File]::ReadAllBytes($file.FullName), 4, 4) | Should -Be 'ftyp'
        }
        (Get-ChildItem $out -Filter *.mp4).Count | Should -Be 2
        (Get-ChildItem $out -Recurse -Filter *.part) | Should -BeNullOrEmpty
    }

    It 'binds the columns of a CSV file and takes empty cells as not given' {
        $csv = Join-Path $TestDrive 'shots.csv'
        @'
Prompt,Provider,Model,AspectRatio,Duration,Resolution,Image,Video,ExtendFrom,RequestKey
a fox,toapis,,9:16,10,,,,,shot-1
a boat,apimart,,,,,https://example.com/a.png,,,
'@ | Set-Content $csv
        $tasks = Import-Csv $csv | New-OmniVideo -ThrottleLimit 1
        $tasks | Should -HaveCount 2
        $fox = $tasks | Where-Object Prompt -eq 'a fox'
        $fox.Duration | Should -Be 10
        $fox.AspectRatio | Should -Be '9:16'
        $fox.RequestKey | Should -Be 'shot-1'
        $boat = $tasks | Where-Object Prompt -eq 'a boat'
        $boat.Provider | Should -Be 'apimart'
        $boat.Duration | Should -BeNullOrEmpty
    }

    It 'continues a task that is piped in, and binds nothing else from it' {
        $first = New-OmniVideo 'a fox' -Provider apimart -AspectRatio 9:16 | Wait-OmniVideoTask
        $next = Get-OmniVideoTask -Id $first.Id | New-OmniVideo -Prompt 'and then it sleeps' -Provider apimart
        $next.Id | Should -Not -Be $first.Id
        $next.Prompt | Should -Be 'and then it sleeps'
        $next.AspectRatio | Should -Not -Be '9:16'
        $next.RequestKey | Should -Not -Be $first.RequestKey
    }

    It 'continues the task a CSV row names, and the one that is typed' {
        $first = New-OmniVideo 'a fox' -Provider apimart | Wait-OmniVideoTask
        $row = [pscustomobject]@{ Prompt = 'and then'; Provider = 'apimart'; AspectRatio = '9:16'
            ExtendFrom = $first.Id; RequestKey = 'next-1' }
        $next = $row | New-OmniVideo
        $next.RequestKey | Should -Be 'next-1'
        $next.AspectRatio | Should -Be '9:16'
        'and then again' | New-OmniVideo -Provider apimart -ExtendFrom $first.Id | Should -HaveCount 1
        New-OmniVideo -Prompt 'and again' -Provider apimart -ExtendFrom $first | Should -HaveCount 1
    }

    It 'sends nothing under WhatIf, and says what it would' {
        $transcript = Join-Path $TestDrive 'whatif.txt'
        Start-Transcript $transcript | Out-Null
        New-OmniVideo 'a fox' -Provider apimart -WhatIf
        Stop-Transcript | Out-Null
        Get-Content $transcript -Raw | Should -Match 'apimart in the sandbox, gemini-omni-flash-preview, .*10 credits'
        Get-OmniVideoTask | Should -BeNullOrEmpty
    }

    It 'saves nothing under WhatIf' {
        $task = New-OmniVideo 'a fox' | Wait-OmniVideoTask
        $task | Save-OmniVideo -Path $out -WhatIf | Should -BeNullOrEmpty
        Test-Path $out | Should -BeFalse
    }

    It 'reports a bad row by its values and goes on with the others' {
        $rows = [pscustomobject]@{ Prompt = 'too long'; Duration = '99' },
            [pscustomobject]@{ Prompt = 'just right'; Duration = '6' }
        $tasks = $rows | New-OmniVideo -Provider toapis -ErrorVariable trouble -ErrorAction SilentlyContinue
        $tasks | Should -HaveCount 1
        $tasks.Prompt | Should -Be 'just right'
        $trouble | Should -HaveCount 1
        $trouble[0].FullyQualifiedErrorId |
            Should -Be 'OmniInvalidRequest,OmniTools.PowerShell.Commands.NewOmniVideoCommand'
        "$($trouble[0])" | Should -Match "Prompt 'too long'.*Duration '99'"
        $trouble[0].TargetObject.Prompt | Should -Be 'too long'
        $trouble[0].Exception | Should -BeOfType [OmniTools.Errors.OmniException]
    }

    It 'gives the same task for the same request key' {
        $one = New-OmniVideo 'a fox' -RequestKey only-once
        $two = New-OmniVideo 'a fox' -RequestKey only-once
        $two.Id | Should -Be $one.Id
        @(Get-OmniVideoTask) | Should -HaveCount 1
    }

    It 'resolves a local image against the location of the session' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))
        [IO.File]::WriteAllBytes((Join-Path $folder 'ref.png'),
            [Convert]::FromBase64String('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9Q' +
            'DwADhgGAWjR9awAAAABJRU5ErkJggg=='))
        Push-Location $folder
        try { New-OmniVideo 'like this' -Provider apimart -Image ref.png | Should -HaveCount 1 }
        finally { Pop-Location }
    }

    It 'refuses local references by what is in them, before anything is sent' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))
        $fake = foreach ($name in 'ref.png',
            'ref.mp4') { Set-Content (Join-Path $folder $name) 'no picture and no film' -PassThru |
            Out-Null; Join-Path $folder $name }
        $request = @{
            Prompt = 'like this'; Provider = 'apimart'; ErrorVariable = '+trouble'; ErrorAction = 'SilentlyContinue'
        }
        New-OmniVideo @request -Image $fake[0] | Should -BeNullOrEmpty
        New-OmniVideo @request -Video $fake[1] | Should -BeNullOrEmpty
        New-OmniVideo @request -Image (Join-Path $folder 'none.png') | Should -BeNullOrEmpty
        $trouble | Should -HaveCount 3
        foreach ($record in $trouble) {
            $record.FullyQualifiedErrorId | Should -BeLike 'OmniInvalidRequest,*'
            "$record" | Should -Match 'Nothing was sent or billed'
        }
        Get-OmniVideoTask | Should -BeNullOrEmpty
    }

    It 'asks for a prompt without naming a request there is none of' {
        New-OmniVideo -ErrorVariable trouble -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        "$trouble" | Should -Match '^A prompt is missing'
    }

    It 'submits no more than it was asked for when the downstream has enough' {
        $first = 1..40 | ForEach-Object { "shot $_" } | New-OmniVideo -ThrottleLimit 2 | Select-Object -First 1
        $first | Should -HaveCount 1
        $made = @(Get-OmniVideoTask)
        $made.Count | Should -BeLessOrEqual 4
        $made.Status | Should -Not -Contain 'Unknown'
    }
}
