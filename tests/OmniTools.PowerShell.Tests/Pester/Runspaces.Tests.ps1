Describe 'Other runspaces' {
    BeforeAll {
        Import-Module $env:OMNI_TEST_MODULE
        . (Join-Path $PSScriptRoot 'Loopback.ps1')
        $secret = 'sk-of-the-other-runspace'
        function Get-Secret { ConvertTo-SecureString $secret -AsPlainText -Force }
    }
    BeforeEach {
        $env:OMNI_HOME = Join-Path $TestDrive ([guid]::NewGuid())
        $env:OMNI_SANDBOX_SECONDS = '0.1'
    }
    AfterEach {
        Disconnect-OmniProvider
        $env:OMNI_SANDBOX = '1'
    }

    It 'obeys the environment in ForEach-Object -Parallel, and shares the ledger' {
        $out = Join-Path $TestDrive 'parallel'
        $files = 1..4 | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $env:OMNI_TEST_MODULE
            New-OmniVideo "a fox, take $_" | Wait-OmniVideoTask | Save-OmniVideo -Path $using:out
        }
        $files.FullName | Sort-Object -Unique | Should -HaveCount 4
        @(Get-OmniVideoTask) | Should -HaveCount 4
        @(Get-OmniVideoTask -Unsaved) | Should -HaveCount 0
    }

    It 'obeys the environment in Start-ThreadJob' {
        $jobs = 1..3 | ForEach-Object { Start-ThreadJob { param($take) Import-Module $env:OMNI_TEST_MODULE
            New-OmniVideo "a cat, take $take" | Wait-OmniVideoTask } -ArgumentList $_ }
        $tasks = $jobs | Receive-Job -Wait -AutoRemoveJob
        $tasks.Status | Should -Be 'Completed', 'Completed', 'Completed'
        @(Get-OmniVideoTask) | Should -HaveCount 3
    }

    It 'has no connection there unless it is passed' {
        $env:OMNI_SANDBOX = ''
        Get-Secret | Connect-OmniProvider toapis
        (Get-OmniProvider toapis).IsReady | Should -BeTrue
        $ready = 1 | ForEach-Object -Parallel { Import-Module $env:OMNI_TEST_MODULE; (Get-OmniProvider toapis).IsReady }
        $ready | Should -BeFalse
    }

    It 'buys in ForEach-Object -Parallel and Start-ThreadJob with a key that is passed' {
        $server = Start-Loopback toapis
        try {
            $key = ConvertTo-SecureString $server.ApiKey -AsPlainText -Force
            $env:TOAPIS_API_KEY = $null
            $ids = 1..3 | ForEach-Object -Parallel {
                Import-Module $env:OMNI_TEST_MODULE
                $using:key | Connect-OmniProvider toapis
                (New-OmniVideo "a fox, take $_").Id
            }
            $ids += (Start-ThreadJob { Import-Module $env:OMNI_TEST_MODULE; $using:key |
                Connect-OmniProvider toapis; New-OmniVideo 'a cat' } | Receive-Job -Wait -AutoRemoveJob).Id
            $ids | Sort-Object -Unique | Should -HaveCount 4
            (Send-Loopback $server 'creates').creates | Should -Be 4
        }
        finally { Stop-Loopback $server }
    }

    It 'takes the key of a vault from the pipeline, and refuses one in plain text' {
        $env:OMNI_SANDBOX = ''
        Get-Secret | Connect-OmniProvider apimart
        (Get-OmniProvider apimart).KeySource | Should -Be 'Connect-OmniProvider'
        foreach ($give in { $secret |
            Connect-OmniProvider toapis -ErrorAction Stop }, { Connect-OmniProvider toapis -ApiKey $secret }) {
            $give | Should -Throw '*not taken as text*Read-Host*-AsSecureString*SecretManagement*'
            $Error[0].Exception.Message | Should -Not -Match $secret
        }
        (Get-OmniProvider toapis).IsReady | Should -BeFalse
    }
}
