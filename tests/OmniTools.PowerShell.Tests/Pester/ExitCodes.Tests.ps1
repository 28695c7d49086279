Describe 'Exit codes' {
    BeforeAll {
        Import-Module $env:OMNI_TEST_MODULE
        # What a scheduler sees of a script in a process of its own.
        function Get-ExitCode([string] $script, [string] $way = '-File') {
            $env:OMNI_HOME = Join-Path $TestDrive ([guid]::NewGuid())
            $text = "`$env:OMNI_SANDBOX_SECONDS = '0.1'; Import-Module '$env:OMNI_TEST_MODULE'; $script"
            $file = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
            Set-Content $file $text
            pwsh -NoProfile -NonInteractive $way ($way -eq '-File' ? $file : $text) *> $null
            $LASTEXITCODE
        }
        $run = "'fine', 'bad [moderated]' | New-OmniVideo"
    }

    It 'are 0 for errors of a script that goes on, whichever way it is run' {
        Get-ExitCode "$run | Out-Null" | Should -Be 0
        # A command that cannot run at all ends itself and not the script.
        Get-ExitCode "`$env:OMNI_SANDBOX = ''; $run" | Should -Be 0
        Get-ExitCode "$run | Out-Null; 'done'" '-Command' | Should -Be 0
    }

    It 'are 1 for an error that ends a script, and for a last command with errors' {
        Get-ExitCode "`$ErrorActionPreference = 'Stop'; $run" | Should -Be 1
        Get-ExitCode $run '-Command' | Should -Be 1
    }

    It 'are what the recipe of the help says' {
        $recipe = [regex]::Match((Get-Help about_OmniTools |
            Out-String), '(?s)Import-Csv shots\.csv \| New-OmniVideo -ErrorVariable.*?exit [^\r\n]+').Value
        $recipe | Should -Match 'exit \[int\]'
        foreach ($case in @{ Prompt = 'fine'; Code = 0 }, @{ Prompt = 'bad [moderated]'; Code = 1 },
            @{ Prompt = 'bad [fail]'; Code = 1 }) {
            $list = Join-Path $TestDrive 'shots.csv'
            'Prompt,RequestKey', "$($case.Prompt),k1" | Set-Content $list
            Get-ExitCode "Set-Location '$TestDrive'; $recipe" | Should -Be $case.Code -Because $case.Prompt
        }
    }
}
