Describe 'Providers' {
    BeforeAll {
        Import-Module $env:OMNI_TEST_MODULE
        $secret = 'sk-the-secret-of-this-test'
        $key = ConvertTo-SecureString $secret -AsPlainText -Force
    }
    BeforeEach { $env:OMNI_HOME = Join-Path $TestDrive ([guid]::NewGuid()) }
    AfterEach {
        Disconnect-OmniProvider
        $env:OMNI_SANDBOX = '1'
    }

    It 'says where a key comes from and never the key' {
        $env:OMNI_SANDBOX = ''
        Connect-OmniProvider toapis -ApiKey $key
        $state = Get-OmniProvider toapis
        $state.IsReady | Should -BeTrue
        $state.KeySource | Should -Be 'Connect-OmniProvider'
        $shown = ($state | Format-List * | Out-String) + ($state | ConvertTo-Json -Depth 6) + ($state | Out-String)
        $shown | Should -Not -Match $secret
    }

    It 'makes the connected provider the default' {
        Connect-OmniProvider apimart -ApiKey $key
        (Get-OmniProvider apimart).IsDefault | Should -BeTrue
        Disconnect-OmniProvider apimart
        (Get-OmniProvider apimart).IsDefault | Should -BeFalse
    }

    It 'enters and leaves the sandbox by connection' {
        $env:OMNI_SANDBOX = ''
        Connect-OmniProvider -Sandbox
        (Get-OmniProvider toapis).IsSandbox | Should -BeTrue
        (New-OmniVideo 'a paper boat').IsSandbox | Should -BeTrue
        Disconnect-OmniProvider
        (Get-OmniProvider toapis).IsSandbox | Should -BeFalse
    }

    It 'tells the balance when asked' {
        (Get-OmniProvider apimart -Balance).Balance | Should -Not -BeNullOrEmpty
        (Get-OmniProvider apimart).Balance | Should -BeNullOrEmpty
    }

    It 'shows the balance on a narrow terminal' {
        Get-OmniProvider apimart -Balance | Out-String -Width 80 | Should -Match '\bBalance\b.*\n.*\n.*\b1000\b'
    }

    It 'holds a key that cannot be one for no key, before anything is sent' {
        $env:OMNI_SANDBOX = ''
        $env:APIMART_API_KEY = 'your key'
        try {
            (Get-OmniProvider apimart).IsReady | Should -BeFalse
            { New-OmniVideo 'a fox' -Provider apimart -WhatIf } | Should -Throw -ErrorId 'OmniAuthentication,*'
        }
        finally { $env:APIMART_API_KEY = $null }
    }

    It 'names the variable of a default provider that does not exist' {
        $env:OMNI_PROVIDER = 'foo'
        try { { New-OmniVideo 'a fox' } |
            Should -Throw -ErrorId 'OmniInvalidConfiguration,*' -ExpectedMessage '*OMNI_PROVIDER*foo*' }
        finally { $env:OMNI_PROVIDER = $null }
    }

    It 'ends with one error that names the variables when nothing is configured' {
        $env:OMNI_SANDBOX = ''
        $caught = $null
        try { 'one', 'two' | New-OmniVideo } catch { $caught = $_ }
        $caught.FullyQualifiedErrorId |
            Should -Be 'OmniInvalidConfiguration,OmniTools.PowerShell.Commands.NewOmniVideoCommand'
        $caught.ErrorDetails.RecommendedAction | Should -Match 'TOAPIS_API_KEY'
    }

    It 'ends with one error when the key is missing' {
        $env:OMNI_SANDBOX = ''
        $caught = $null
        try { 'one', 'two' | New-OmniVideo -Provider toapis } catch { $caught = $_ }
        $caught.FullyQualifiedErrorId | Should -BeLike 'OmniAuthentication,*'
        $caught.CategoryInfo.Category | Should -Be 'AuthenticationError'
    }

    It 'buys nothing under a limit that is no number' {
        $env:OMNI_MAX_VIDEOS_PER_DAY = 'many'
        $caught = $null
        try { 'one', 'two' | New-OmniVideo } catch { $caught = $_ }
        finally { $env:OMNI_MAX_VIDEOS_PER_DAY = $null }
        $caught.FullyQualifiedErrorId | Should -BeLike 'OmniInvalidConfiguration,*'
        Get-OmniVideoTask | Should -BeNullOrEmpty
    }

    It 'refuses a clip beyond the limit of the day, and says which' {
        $env:OMNI_MAX_VIDEOS_PER_DAY = '1'
        try { $tasks = 'one', 'two' |
            New-OmniVideo -ThrottleLimit 1 -ErrorVariable trouble -ErrorAction SilentlyContinue }
        finally { $env:OMNI_MAX_VIDEOS_PER_DAY = $null }
        $tasks | Should -HaveCount 1
        $trouble[0].FullyQualifiedErrorId | Should -BeLike 'OmniLimitReached,*'
        $trouble[0].CategoryInfo.Category | Should -Be 'QuotaExceeded'
    }

    It 'takes nothing for no provider and no status: an unset variable does not mean all of them' {
        { Get-OmniProvider $null } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        { Get-OmniVideoTask -Status $null } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'refuses an unknown provider and names the known' {
        $states = Get-OmniProvider nobody, apimart -ErrorVariable trouble -ErrorAction SilentlyContinue
        $states.Provider | Should -Be 'apimart'
        $trouble | Should -HaveCount 1
        $trouble[0].FullyQualifiedErrorId | Should -BeLike 'OmniInvalidRequest,*'
        "$trouble" | Should -Match 'toapis, apimart'
    }
}
