Describe 'Balances' {
    BeforeAll {
        Import-Module $env:OMNI_TEST_MODULE
        . (Join-Path $PSScriptRoot 'Loopback.ps1')
        $toapis = Start-Loopback toapis
        $apimart = Start-Loopback apimart
        $env:OMNI_HOME = Join-Path $TestDrive 'omni'
        function Get-All([hashtable] $named = @{}) {
            $quiet = @{ ErrorVariable = 'script:trouble'; ErrorAction = 'SilentlyContinue' }
            $script:states = Get-OmniProvider @named -Balance @quiet
            foreach ($record in $trouble) { "$record" | Should -Not -Match "$($toapis.ApiKey)|$($apimart.ApiKey)" }
        }
    }
    BeforeEach {
        $env:TOAPIS_BASE_URL, $env:TOAPIS_API_KEY = $toapis.BaseAddress, $toapis.ApiKey
        $env:APIMART_BASE_URL, $env:APIMART_API_KEY = $apimart.BaseAddress, $apimart.ApiKey
        $toapis, $apimart | ForEach-Object { Send-Loopback $_ 'forget' | Out-Null }
    }
    AfterAll { $toapis, $apimart | ForEach-Object { Stop-Loopback $_ } }

    It 'are returned for all providers, in the order of the catalog, whoever answers first' {
        $order = (Get-OmniProvider).Provider
        $first = $toapis, $apimart | Where-Object Provider -eq $order[0]
        # The first is asked twice before it answers.
        Send-Loopback $first 'status get 500' | Out-Null
        Get-All
        $states.Provider | Should -Be $order
        $states.Balance.Remaining | Should -Be 1000, 1000
        $trouble | Should -BeNullOrEmpty
    }

    It 'are returned in the order of the names' {
        foreach ($names in @('apimart', 'toapis'), @('toapis', 'apimart')) {
            (Get-OmniProvider $names -Balance).Provider | Should -Be $names
            ($names | Get-OmniProvider -Balance).Provider | Should -Be $names
        }
    }

    It 'are not asked of a provider without a key unless it is named, and then there is one error and the provider' {
        $env:TOAPIS_API_KEY = ''
        Get-All
        $states | Should -HaveCount 2
        ($states | Where-Object Provider -eq toapis).Balance | Should -BeNullOrEmpty
        $trouble | Should -BeNullOrEmpty
        Get-All @{ Provider = 'toapis', 'apimart' }
        $states.Provider | Should -Be toapis, apimart
        $states[1].Balance.Remaining | Should -Be 1000
        $trouble | Should -HaveCount 1
        $trouble[0].FullyQualifiedErrorId | Should -BeLike 'OmniAuthentication,*GetOmniProviderCommand'
        "$trouble" | Should -Match '^Balance of toapis: .*TOAPIS_API_KEY'
    }

    It 'are missing with a key that is refused, and the other provider is still shown' {
        $env:TOAPIS_API_KEY = 'sk-another'
        Get-All
        $states.Provider | Should -Be (Get-OmniProvider).Provider
        ($states | Where-Object Provider -eq apimart).Balance.Remaining | Should -Be 1000
        ($states | Where-Object Provider -eq toapis).Balance | Should -BeNullOrEmpty
        $trouble | Should -HaveCount 1
        $trouble[0].FullyQualifiedErrorId | Should -BeLike 'OmniAuthentication,*'
        $trouble[0].TargetObject.Provider | Should -Be toapis
    }

    It 'are missing for a provider that is not reached, and the other is still shown' {
        # A port that was free a moment ago.
        $free = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $free.Start()
        $env:APIMART_BASE_URL = "http://127.0.0.1:$($free.LocalEndpoint.Port)"
        $free.Stop()
        Get-All
        $states | Should -HaveCount 2
        ($states | Where-Object Provider -eq toapis).Balance.Remaining | Should -Be 1000
        $trouble | Should -HaveCount 1
        $trouble[0].FullyQualifiedErrorId | Should -BeLike 'OmniProviderUnavailable,*'
    }

    It 'are two errors and two providers when nobody is reached' {
        $toapis, $apimart | ForEach-Object { Send-Loopback $_ 'status get 503 9' | Out-Null }
        Get-All
        $states.Provider | Should -Be (Get-OmniProvider).Provider
        $trouble | Should -HaveCount 2
        $trouble.TargetObject.Provider | Should -Be $states.Provider
    }
}
