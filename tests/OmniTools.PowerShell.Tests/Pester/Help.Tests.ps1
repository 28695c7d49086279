Describe 'Help' {
    BeforeAll {
        Import-Module $env:OMNI_TEST_MODULE
        $env:OMNI_HOME = Join-Path $TestDrive 'omni'
        # Runspaces of the examples load the module by its name; the vault is ours.
        $env:PSModulePath = (Split-Path $env:OMNI_TEST_MODULE) + [IO.Path]::PathSeparator + $env:PSModulePath
        function Get-Secret { ConvertTo-SecureString 'sk-not-a-key' -AsPlainText -Force }
        function Test-Example([string] $name) {
            $ErrorActionPreference = 'Stop'
            $folder = New-Item -ItemType Directory (Join-Path $TestDrive $name)
            Push-Location $folder
            try {
                'Prompt,Provider,AspectRatio,Duration', 'a fox,toapis,16:9,6', 'a boat,apimart,9:16,' |
                    Set-Content shots.csv
                foreach ($example in (Get-Help $name -Full).examples.example) {
                    . ([scriptblock]::Create($example.code)) | Out-Null
                }
            }
            finally {
                Pop-Location
                Disconnect-OmniProvider
            }
        }
    }

    It 'has a synopsis, examples and every parameter of every cmdlet' {
        foreach ($cmdlet in Get-Command -Module OmniTools) {
            $help = Get-Help $cmdlet.Name -Full
            $help.Synopsis | Should -Not -Match "^\s*$($cmdlet.Name)"
            $help.examples.example.Count | Should -BeGreaterOrEqual 2
            foreach ($name in $help.parameters.parameter.name) {
                (Get-Help $cmdlet.Name -Parameter $name).description.Text | Should -Not -BeNullOrEmpty
            }
        }
    }

    It 'tells defaults, WhatIf and Confirm' {
        (Get-Help New-OmniVideo -Parameter ThrottleLimit).defaultValue | Should -Be '4'
        (Get-Help Wait-OmniVideoTask -Parameter Timeout).defaultValue | Should -Be '-1'
        foreach ($name in 'WhatIf', 'Confirm') { (Get-Help Save-OmniVideo -Parameter $name).description.Text |
            Should -Not -BeNullOrEmpty }
    }

    It 'has the topic about_OmniTools' {
        Get-Help about_OmniTools | Out-String | Should -Match 'never lose what was paid for'
    }

    It 'runs the examples of New-OmniVideo' { { Test-Example New-OmniVideo } | Should -Not -Throw }
    It 'runs the examples of Get-OmniVideoTask' { { Test-Example Get-OmniVideoTask } | Should -Not -Throw }
    It 'runs the examples of Wait-OmniVideoTask' { { Test-Example Wait-OmniVideoTask } | Should -Not -Throw }
    It 'runs the examples of Save-OmniVideo' { { Test-Example Save-OmniVideo } | Should -Not -Throw }
    It 'runs the examples of Get-OmniProvider' { { Test-Example Get-OmniProvider } | Should -Not -Throw }
    It 'runs the examples of Connect-OmniProvider' { { Test-Example Connect-OmniProvider } | Should -Not -Throw }
    It 'runs the examples of Export-OmniGallery' { { Test-Example Export-OmniGallery } | Should -Not -Throw }
    It 'runs the examples of Invoke-OmniVideoBatch' { { Test-Example Invoke-OmniVideoBatch } | Should -Not -Throw }
    It 'runs the examples of Get-OmniVideoBatch' { { Test-Example Get-OmniVideoBatch } | Should -Not -Throw }
    It 'runs the examples of Disconnect-OmniProvider' { { Test-Example Disconnect-OmniProvider } | Should -Not -Throw }
}
