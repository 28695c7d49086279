BeforeDiscovery {
    $isMissing = -not (Get-Module PSScriptAnalyzer -ListAvailable)
}

Describe 'PSScriptAnalyzer' -Skip:$isMissing {
    BeforeAll {
        Import-Module PSScriptAnalyzer
        $root = (Resolve-Path (Join-Path $PSScriptRoot '../../..')).Path

        function Get-Finding([string] $path, [string[]] $excluded = @()) {
            Invoke-ScriptAnalyzer -Path (Join-Path $root $path) -Recurse -ExcludeRule $excluded |
                ForEach-Object { "$($_.ScriptName)($($_.Line)): $($_.RuleName): $($_.Message)" }
        }
    }

    It 'finds nothing in the build script and the module, by its default rules' {
        Get-Finding 'build.ps1' | Should -BeNullOrEmpty
        Get-Finding 'module' | Should -BeNullOrEmpty
    }

    It 'finds nothing in the tests' {
        $excluded = @(
            # It does not see that one block of Pester uses the variables of another, or a function those of
            # its script.
            'PSUseDeclaredVarsMoreThanAssignments'
            'PSReviewUnusedParameter'
            # It takes environment variables for variables of the script.
            'PSUseUsingScopeModifierInNewRunspaces'
            # The keys of tests are no secrets, and their helpers are no commands for users.
            'PSAvoidUsingConvertToSecureStringWithPlainText'
            'PSUseShouldProcessForStateChangingFunctions'
            'PSAvoidUsingPositionalParameters'
            # All files of the repository are UTF-8 without a byte order mark.
            'PSUseBOMForUnicodeEncodedFile'
        )
        Get-Finding 'tests/OmniTools.PowerShell.Tests' $excluded | Should -BeNullOrEmpty
    }
}
