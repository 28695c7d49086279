Describe 'Export-OmniGallery' {
    BeforeAll { Import-Module $env:OMNI_TEST_MODULE }
    BeforeEach {
        $env:OMNI_HOME = Join-Path $TestDrive ([guid]::NewGuid())
        $env:OMNI_SANDBOX_SECONDS = '0.1'
        $out = (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))).FullName
        function New-Clip([string[]] $prompt) { $prompt | New-OmniVideo -Provider toapis |
            Wait-OmniVideoTask -ErrorAction SilentlyContinue }
        function Read-Clip($page) {
            $null = (Get-Content -Raw -LiteralPath $page) -match
                '(?s)<script type="application/json" id="clips">(.*?)</script>'
            ($Matches[1] | ConvertFrom-Json).clips
        }
    }

    It 'shows every clip that is saved on this machine, by relative links' {
        $file = New-Clip 'a fox', 'a cat' | Save-OmniVideo -Path "$out/a b/{prompt}#1.mp4"
        New-Clip 'never saved' | Out-Null
        Export-OmniGallery $out | Should -BeNullOrEmpty
        $clips = @(Read-Clip "$out/gallery.html")
        $clips.prompt | Sort-Object | Should -Be 'a cat', 'a fox'
        $clips.files.src | Sort-Object | Should -Be './a%20b/a-cat%231.mp4', './a%20b/a-fox%231.mp4'
        $clips.files.bytes | Sort-Object -Unique | Should -Be $file[0].Length
    }

    It 'shows the tasks of the pipeline whatever their status, and saved files by their task' {
        $tasks = 'a fox', 'a lost cause [fail]' | New-OmniVideo -Provider toapis
        $tasks | Wait-OmniVideoTask -ErrorAction SilentlyContinue | Out-Null
        $page = Get-OmniVideoTask | Export-OmniGallery -Path "$out/all.html" -PassThru
        $page | Should -BeOfType [System.IO.FileInfo]
        $clips = @(Read-Clip $page)
        $clips.status | Sort-Object | Should -Be completed, failed
        ($clips | Where-Object status -eq failed).error.message | Should -Not -BeNullOrEmpty
        Get-OmniVideoTask -Status Completed | Save-OmniVideo -Path $out | Export-OmniGallery "$out/files.html"
        (Read-Clip "$out/files.html").prompt | Should -Be 'a fox'
    }

    It 'writes an empty page for an empty pipeline' {
        New-Clip 'a fox' | Save-OmniVideo -Path $out | Out-Null
        @() | Export-OmniGallery $out
        @(Read-Clip "$out/gallery.html") | Should -HaveCount 0
    }

    It 'writes no page for a batch that the ledger does not know' {
        { Export-OmniGallery $out -Batch shost } | Should -Throw -ErrorId 'OmniNotFound,*'
        Get-ChildItem $out | Should -BeNullOrEmpty
    }

    It 'overwrites only a page that it wrote' {
        Export-OmniGallery $out
        New-Clip 'a fox' | Save-OmniVideo -Path $out | Out-Null
        Export-OmniGallery $out
        @(Read-Clip "$out/gallery.html") | Should -HaveCount 1
        Set-Content "$out/mine.html" '<html>mine</html>'
        { Export-OmniGallery "$out/mine.html" } | Should -Throw -ErrorId 'OmniOutputRefused,*'
        Get-Content "$out/mine.html" | Should -Be '<html>mine</html>'
        Get-ChildItem $out -Filter *.new | Should -BeNullOrEmpty
    }

    It 'writes nothing under -WhatIf, and ./gallery.html by default' {
        Push-Location $out
        try {
            Export-OmniGallery -WhatIf
            Test-Path gallery.html | Should -BeFalse
            Export-OmniGallery
            Test-Path gallery.html | Should -BeTrue
        }
        finally { Pop-Location }
    }

    It 'makes missing folders and takes brackets by -LiteralPath' {
        Export-OmniGallery -LiteralPath "$out/[new]/clips.html"
        Test-Path -LiteralPath "$out/[new]/clips.html" | Should -BeTrue
        { Export-OmniGallery -Path a -LiteralPath b } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
        { Export-OmniGallery -Path '' } | Should -Throw -ErrorId 'OmniInvalidRequest,*'
    }

    It 'takes a wildcard in -Path beside braces' {
        { Export-OmniGallery -Path "$out/{2024}*" } | Should -Throw -ErrorId 'OmniInvalidRequest,*'
        New-Item -ItemType Directory "$out/{2024}-clips" | Out-Null
        Export-OmniGallery -Path "$out/{2024}*"
        "$out/{2024}-clips/gallery.html" | Should -Exist
    }

    It 'reports an id that the ledger does not know and shows the others' {
        $task = New-Clip 'a fox'
        Export-OmniGallery -Id nowhere, $task.Id -Path $out -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'OmniNotFound,*'
        @(Read-Clip "$out/gallery.html") | Should -HaveCount 1
    }

    It 'opens the page with -Show' -Skip:(-not $IsLinux) {
        $bin = (New-Item -ItemType Directory "$out/bin").FullName
        mkfifo "$out/opened"
        Set-Content "$bin/xdg-open" "#!/bin/sh`necho `"`$1`" > '$out/opened'"
        chmod +x "$bin/xdg-open"
        $path = $env:PATH
        $env:PATH = "$bin`:$path"
        try {
            Export-OmniGallery $out -Show
            timeout 20 cat "$out/opened" | Should -Be "$out/gallery.html"
        }
        finally {
            $env:PATH = $path
        }
    }
}
