Describe 'Get-OmniVideoTask and Save-OmniVideo' {
    BeforeAll { Import-Module $env:OMNI_TEST_MODULE }
    BeforeEach {
        $env:OMNI_HOME = Join-Path $TestDrive ([guid]::NewGuid())
        $env:OMNI_SANDBOX_SECONDS = '0.3'
        $out = Join-Path $TestDrive ([guid]::NewGuid())
    }

    It 'lists the ledger newest first, and no more than asked for' {
        $one = New-OmniVideo 'first'
        $two = New-OmniVideo 'second'
        (Get-OmniVideoTask).Id | Should -Be $two.Id, $one.Id
        (Get-OmniVideoTask -First 1).Id | Should -Be $two.Id
    }

    It 'lists by status and provider' {
        New-OmniVideo 'done' -Provider toapis | Wait-OmniVideoTask | Out-Null
        New-OmniVideo 'open' -Provider apimart | Out-Null
        (Get-OmniVideoTask -Status Completed).Prompt | Should -Be 'done'
        (Get-OmniVideoTask -Status Queued, InProgress).Prompt | Should -Be 'open'
        (Get-OmniVideoTask -Provider apimart).Prompt | Should -Be 'open'
    }

    It 'finds what is not saved yet, and saves it' {
        New-OmniVideo 'unsaved' | Wait-OmniVideoTask | Out-Null
        Get-OmniVideoTask -Unsaved | Should -HaveCount 1
        Get-OmniVideoTask -Unsaved | Save-OmniVideo -Path $out | Should -HaveCount 1
        Get-OmniVideoTask -Unsaved | Should -BeNullOrEmpty
        (Get-OmniVideoTask).SavedPath | Should -Exist
    }

    It 'tells until when what is unsaved can be saved, so that what is lost can be left out' {
        'gone [expired]', 'kept' | New-OmniVideo | Wait-OmniVideoTask | Out-Null
        Get-OmniVideoTask -Unsaved | Should -HaveCount 2
        (Get-OmniVideoTask -Unsaved | Where-Object ExpiresAt -gt (Get-Date)).Prompt | Should -Be 'kept'
    }

    It 'asks the provider about the open ones under Refresh' {
        $task = New-OmniVideo 'a fox'
        (Get-OmniVideoTask).Status | Should -Not -Be 'Completed'
        Wait-OmniVideoTask $task.Id | Out-Null
        (Get-OmniVideoTask -Refresh -Status Completed).Id | Should -Be $task.Id
    }

    It 'asks the provider by id, alias and piped task' {
        $task = New-OmniVideo 'a fox'
        (Get-OmniVideoTask $task.Id).Id | Should -Be $task.Id
        (Get-OmniVideoTask -TaskId $task.RequestKey).Id | Should -Be $task.Id
        ($task | Get-OmniVideoTask).Id | Should -Be $task.Id
    }

    It 'keeps a file that was saved before' {
        $task = New-OmniVideo 'a fox' | Wait-OmniVideoTask
        $one = $task | Save-OmniVideo -Path $out
        $two = $task | Save-OmniVideo -Path $out
        $two.FullName | Should -Be $one.FullName
        @(Get-ChildItem $out -Filter *.mp4) | Should -HaveCount 1
    }

    It 'takes a name template, relative to the location of the session' {
        $task = New-OmniVideo 'a fox' | Wait-OmniVideoTask
        New-Item -ItemType Directory $out | Out-Null
        Push-Location $out
        try { $file = Save-OmniVideo $task.Id -Path 'clips/{provider}-{id}.mp4' }
        finally { Pop-Location }
        $file.FullName | Should -BeLike (Join-Path $out 'clips' "$($task.Provider)-*.mp4")
        $file.FullName | Should -Exist
    }

    It 'takes a literal path with brackets' {
        $task = New-OmniVideo 'a fox' | Wait-OmniVideoTask
        $file = $task | Save-OmniVideo -LiteralPath (Join-Path $out 'take [1]')
        $file.DirectoryName | Should -Be (Join-Path $out 'take [1]')
    }

    It 'refuses a path outside the file system' {
        $caught = $null
        try { New-OmniVideo 'a fox' | Wait-OmniVideoTask | Save-OmniVideo -Path 'Env:\clips' } catch { $caught = $_ }
        $caught.FullyQualifiedErrorId | Should -BeLike 'OmniInvalidRequest,*SaveOmniVideoCommand'
    }
}
