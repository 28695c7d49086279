Describe 'Import' {
    It 'imports without a word and without touching the disk' {
        $env:OMNI_HOME = Join-Path $TestDrive 'untouched'
        $said = & { Import-Module $env:OMNI_TEST_MODULE -Force } *>&1
        $said | Should -BeNullOrEmpty
        Test-Path $env:OMNI_HOME | Should -BeFalse
    }

    It 'loads no assembly of its own beyond its three' {
        Import-Module $env:OMNI_TEST_MODULE
        $own = [AppDomain]::CurrentDomain.GetAssemblies().Where({ $_.Location -like "$env:OMNI_TEST_MODULE*" }).ForEach({ $_.GetName().Name })
        $own | Where-Object { $_ -notlike 'OmniTools.*' } | Should -BeNullOrEmpty
    }

    It 'exports the seven cmdlets and nothing else' {
        $module = Import-Module $env:OMNI_TEST_MODULE -PassThru
        $module.ExportedCommands.Count | Should -Be 7
        $module.ExportedCmdlets.Count | Should -Be 7
    }

    It 'heeds variables that are set after the import' {
        Import-Module $env:OMNI_TEST_MODULE
        $env:OMNI_SANDBOX = ''
        (Get-OmniProvider toapis).IsReady | Should -BeFalse
        $env:OMNI_SANDBOX = '1'
        (Get-OmniProvider toapis).IsReady | Should -BeTrue
    }

    It 'can be removed and imported again' {
        Import-Module $env:OMNI_TEST_MODULE
        Connect-OmniProvider apimart -ApiKey (ConvertTo-SecureString 'sk-not-a-key' -AsPlainText -Force)
        Remove-Module OmniTools
        Import-Module $env:OMNI_TEST_MODULE
        $env:OMNI_SANDBOX = ''
        try { (Get-OmniProvider apimart).KeySource | Should -BeNullOrEmpty }
        finally { $env:OMNI_SANDBOX = '1' }
    }
}
