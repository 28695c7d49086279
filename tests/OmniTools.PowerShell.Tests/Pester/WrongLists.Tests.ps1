# WrongLists.md has the lists and what is said of them, for a person to review. UPDATE_WRONG_LISTS=1 writes what is said
# now.
Describe 'Wrong lists' {
    BeforeAll {
        Import-Module $env:OMNI_TEST_MODULE
        . (Join-Path $PSScriptRoot 'Loopback.ps1')
        $toapis = Start-Loopback toapis
        $apimart = Start-Loopback apimart
        $env:OMNI_HOME = Join-Path $TestDrive 'omni'
        $env:OMNI_PROVIDER = 'toapis'
        $reviewed = Join-Path $PSScriptRoot 'WrongLists.md'

        # What a person reads of warnings, errors and objects, one line each.
        filter Format-Line {
            switch ($_) {
                { $_ -is [Management.Automation.WarningRecord] } { "WARNING: $_" }
                { $_ -is [Management.Automation.ErrorRecord] } {
                    "$(($_.FullyQualifiedErrorId -split ',')[0]): $_"
                    "    Recommendation: $($_.ErrorDetails.RecommendedAction)"
                }
                default { "OUTPUT: $_" }
            }
        }
        function Get-Answer([string] $code) {
            $ErrorActionPreference = 'Continue'
            try { $lines = & ([scriptblock]::Create($code)) *>&1 | Format-Line }
            catch { $lines = @($lines) + ($_ | Format-Line) }
            (($lines | Where-Object { $_ }) -join "`n").Replace("$TestDrive", 'FOLDER')
        }
        function Get-Bought { (Send-Loopback $toapis 'creates').creates + (Send-Loopback $apimart 'creates').creates +
            @(Get-OmniVideoTask).Count }
    }
    AfterAll {
        $env:OMNI_PROVIDER = $null
        $toapis, $apimart | ForEach-Object { Stop-Loopback $_ }
    }

    It 'buy nothing, and each is answered as reviewed' {
        $parts = ((Get-Content $reviewed -Raw) -replace '\r\n', "`n") -split '\n### '
        $parts.Count | Should -BeGreaterThan 30
        Push-Location $TestDrive
        try {
            $answered = foreach ($part in $parts | Select-Object -Skip 1) {
                $code = [regex]::Match($part, '(?s)```powershell\n(.*?)\n```').Groups[1].Value
                $answer = Get-Answer $code
                Get-Bought | Should -Be 0 -Because $code
                $title = ($part -split '\n')[0]
                $indented = ($answer -split '\n' | ForEach-Object { "    $_" }) -join "`n"
                "$title`n`n``````powershell`n$code`n```````n`n$indented`n"
            }
        }
        finally { Pop-Location }
        $text = (@($parts[0]) + $answered) -join "`n### "
        if ($env:UPDATE_WRONG_LISTS -eq '1') { Set-Content $reviewed $text -NoNewline }
        ((Get-Content $reviewed -Raw) -replace '\r\n', "`n") -split '\n' | Should -Be ($text -split '\n')
    }
}
