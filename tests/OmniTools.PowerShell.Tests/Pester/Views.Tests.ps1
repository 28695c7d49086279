Describe 'Views' {
    BeforeAll {
        # A process for each test: the tests are about what is loaded.
        function Invoke-Shell([string] $script, [string] $import = "Import-Module '$env:OMNI_TEST_MODULE'") {
            $setup = '$PSStyle.OutputRendering = "PlainText"; $ErrorActionPreference = "Stop"; ' +
                '$env:OMNI_SANDBOX_SECONDS = "0.1"'
            $env:OMNI_HOME = Join-Path $TestDrive ([guid]::NewGuid())
            (pwsh -NoProfile -NonInteractive -Command "$setup; $import; $script" 2>&1 4>&1 |
                Out-String -Width 200).Trim()
        }
        $header = 'Id\s+Provider\s+Status\s+%\s+Age\s+Cost\s+Prompt'
    }

    It 'shows the first object of a session in its view' {
        Invoke-Shell 'New-OmniVideo "a fox"' | Should -Match $header
    }

    It 'says under WhatIf that it is the sandbox' {
        Invoke-Shell 'New-OmniVideo "a fox" -WhatIf' |
            Should -Match 'toapis in the sandbox, gemini_omni_flash, 6 s, unknown price'
    }

    It 'shows the first object of a session that loads the module by the name of a command' {
        $path = "`$env:PSModulePath = '$(Split-Path $env:OMNI_TEST_MODULE)' + [IO.Path]::PathSeparator + " +
            '$env:PSModulePath'
        Invoke-Shell 'New-OmniVideo "a fox"' $path | Should -Match $header
    }

    It 'has its views from the import on and removes them with the module' {
        Invoke-Shell @'
function Test-View { [bool](Get-FormatData OmniTools.VideoTasks.VideoTask) }
$seen = @(Test-View)
Remove-Module OmniTools
$seen += Test-View
"$seen, errors $($Error.Count)"
'@ | Should -Be 'True False, errors 0'
    }

    It 'has its views again after it was imported again' {
        $import = "Import-Module '$env:OMNI_TEST_MODULE'"
        Invoke-Shell "Get-OmniProvider | Out-Null; $import -Force; New-OmniVideo 'a fox'" | Should -Match $header
        Invoke-Shell "Get-OmniProvider | Out-Null; Remove-Module OmniTools; $import; New-OmniVideo 'a fox'" |
            Should -Match $header
    }

    It 'shows tasks in their view within ForEach-Object -Parallel and Start-ThreadJob' {
        $inside = "Import-Module '$env:OMNI_TEST_MODULE'; New-OmniVideo 'a fox' | Out-String -Width 100"
        Invoke-Shell "1 | ForEach-Object -Parallel { $inside }" '' | Should -Match $header
        Invoke-Shell "Start-ThreadJob { $inside } | Receive-Job -Wait" '' | Should -Match $header
    }

    It 'shows tasks of other runspaces in their view where the module is imported' {
        $inside = "Import-Module '$env:OMNI_TEST_MODULE'; New-OmniVideo 'a fox'"
        Invoke-Shell "1..2 | ForEach-Object -Parallel { $inside }" | Should -Match $header
        Invoke-Shell "Start-ThreadJob { $inside } | Receive-Job -Wait" | Should -Match $header
    }
}
