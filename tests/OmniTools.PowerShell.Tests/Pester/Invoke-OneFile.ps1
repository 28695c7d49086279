# Runs one Pester file against the built module and writes what came of each test as JSON.
param(
    [Parameter(Mandatory)] [string] $File,
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Result
)
$ErrorActionPreference = 'Stop'
$pester = Get-Module Pester -ListAvailable | Where-Object Version -ge '5.5' | Sort-Object Version -Descending |
    Select-Object -First 1
$missing = if ($PSVersionTable.PSVersion -lt [version] '7.4') {
    "The pwsh on PATH is $($PSVersionTable.PSVersion); the cmdlet tests need 7.4 or later." }
elseif (-not $pester) { 'Pester 5.5 or later is not installed: Install-PSResource Pester -Version "[5.5,6.0)"' }
if ($missing) {
    @{ Unavailable = $missing } | ConvertTo-Json | Set-Content -LiteralPath $Result
    return
}
Import-Module $pester.Path
$env:OMNI_TEST_MODULE = $Module
$configuration = New-PesterConfiguration
$configuration.Run.Path = $File
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Detailed'
$configuration.Output.RenderMode = 'Plaintext'
$run = Invoke-Pester -Configuration $configuration
@{
    Tests = @(foreach ($test in $run.Tests) {
            @{ Name = $test.Name; Result = "$($test.Result)"; Error = ($test.ErrorRecord |
                ForEach-Object { "$_`n$($_.ScriptStackTrace)" }) -join "`n" }
        })
} | ConvertTo-Json -Depth 4 | Set-Content -LiteralPath $Result
