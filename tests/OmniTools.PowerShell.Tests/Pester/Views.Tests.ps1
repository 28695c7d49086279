Describe 'Views' {
    BeforeAll {
        # A process of its own for each: what is loaded before is what these tests are about.
        function Invoke-Shell([string] $script, [string] $import = "Import-Module '$env:OMNI_TEST_MODULE'") {
            $setup = '$PSStyle.OutputRendering = "PlainText"; $ErrorActionPreference = "Stop"; $env:OMNI_SANDBOX_SECONDS = "0.1"'
            $env:OMNI_HOME = Join-Path $TestDrive ([guid]::NewGuid())
            (pwsh -NoProfile -NonInteractive -Command "$setup; $import; $script" 2>&1 4>&1 | Out-String -Width 200).Trim()
        }
        $header = 'Id\s+Provider\s+Status\s+%\s+Age\s+Cost\s+Prompt'
    }

    It 'shows the first object of a session in its view' {
        Invoke-Shell 'New-OmniVideo "a fox"' | Should -Match $header
    }

    It 'says under WhatIf that it is the sandbox' {
        Invoke-Shell 'New-OmniVideo "a fox" -WhatIf' | Should -Match 'toapis in the sandbox, gemini_omni_flash, 6 s, price not known'
    }

    It 'shows the first object of a session that loads the module by the name of a command' {
        $path = "`$env:PSModulePath = '$(Split-Path $env:OMNI_TEST_MODULE)' + [IO.Path]::PathSeparator + `$env:PSModulePath"
        Invoke-Shell 'New-OmniVideo "a fox"' $path | Should -Match $header
    }

    It 'loads the views once, without a word, and takes them away with the module' {
        Invoke-Shell @'
$VerbosePreference = 'Continue'
function Test-View { [bool](Get-FormatData OmniTools.VideoTasks.VideoTask -Verbose:$false) }
$said = @(Test-View)
$null = Get-OmniProvider 4>&1
$noise = @(Get-OmniProvider toapis 4>&1) -match 'module|Views'
$said += Test-View
$said += (Get-Module).Name -contains 'OmniTools.Views'
$said += @((Get-Module OmniTools).NestedModules).Count
$VerbosePreference = 'SilentlyContinue'
Remove-Module OmniTools
$said += Test-View
"$said, noise $($noise.Count), errors $($Error.Count)"
'@ | Should -Be 'False True False 1 False, noise 0, errors 0'
    }

    It 'has its views again after it was imported again' {
        Invoke-Shell "Get-OmniProvider | Out-Null; Import-Module '$env:OMNI_TEST_MODULE' -Force; New-OmniVideo 'a fox'" | Should -Match $header
        Invoke-Shell "Get-OmniProvider | Out-Null; Remove-Module OmniTools; Import-Module '$env:OMNI_TEST_MODULE'; New-OmniVideo 'a fox'" | Should -Match $header
    }

    It 'lets other modules load theirs after it is gone' {
        $other = New-Item -ItemType Directory (Join-Path $TestDrive 'Other')
        '<Configuration><ViewDefinitions><View><Name>O</Name><ViewSelectedBy><TypeName>Other</TypeName></ViewSelectedBy><TableControl><TableHeaders><TableColumnHeader><Label>Seen</Label></TableColumnHeader></TableHeaders><TableRowEntries><TableRowEntry><TableColumnItems><TableColumnItem><PropertyName>A</PropertyName></TableColumnItem></TableColumnItems></TableRowEntry></TableRowEntries></TableControl></View></ViewDefinitions></Configuration>' |
            Set-Content (Join-Path $other 'Other.Format.ps1xml')
        "@{ ModuleVersion = '1.0'; FormatsToProcess = 'Other.Format.ps1xml' }" | Set-Content (Join-Path $other 'Other.psd1')
        $copy = Join-Path $TestDrive 'Gone' 'OmniTools'
        Copy-Item $env:OMNI_TEST_MODULE $copy -Recurse
        Invoke-Shell "New-OmniVideo 'a fox' | Out-Null; Remove-Module OmniTools; Remove-Item '$copy/OmniTools.Format.ps1xml'; Import-Module '$other'; [pscustomobject]@{ PSTypeName = 'Other'; A = 1 }" "Import-Module '$copy'" |
            Should -Match '^Seen'
    }

    It 'shows tasks in their view within ForEach-Object -Parallel and Start-ThreadJob' {
        $inside = "Import-Module '$env:OMNI_TEST_MODULE'; New-OmniVideo 'a fox' | Out-String -Width 100"
        Invoke-Shell "1 | ForEach-Object -Parallel { $inside }" '' | Should -Match $header
        Invoke-Shell "Start-ThreadJob { $inside } | Receive-Job -Wait" '' | Should -Match $header
    }

    It 'shows tasks of other runspaces as short rows where no command of ours ran, in their view where one did' {
        $inside = "Import-Module '$env:OMNI_TEST_MODULE'; New-OmniVideo 'a fox'"
        Invoke-Shell "1..2 | ForEach-Object -Parallel { $inside }" '' | Should -Match 'Id\s+Provider\s+Status\s+Prompt'
        Invoke-Shell "Start-ThreadJob { $inside } | Receive-Job -Wait" | Should -Match 'Id\s+Provider\s+Status\s+Prompt'
        Invoke-Shell "Get-OmniProvider | Out-Null; 1..2 | ForEach-Object -Parallel { $inside }" | Should -Match $header
    }

    It 'gives plain properties where its views cannot be loaded' {
        $bare = Join-Path $TestDrive 'Bare' 'OmniTools'
        Copy-Item $env:OMNI_TEST_MODULE $bare -Recurse
        Remove-Item (Join-Path $bare 'OmniTools.Views.psd1')
        Invoke-Shell '(New-OmniVideo "a fox").Prompt' "Import-Module '$bare'" | Should -Be 'a fox'
    }
}
