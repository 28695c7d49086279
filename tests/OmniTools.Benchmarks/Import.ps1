#!/usr/bin/env pwsh
<#
.SYNOPSIS
    How long Import-Module takes, beside a binary module with one empty cmdlet and nothing else.
.DESCRIPTION
    Each import runs in a fresh PowerShell, the two modules by turns; the medians are compared. The target is a ratio
    of at most 1.6. FirstCommandMs is what the module's first command takes after the import.
.PARAMETER Module
    The module to measure. The default is the one that build.ps1 assembles.
.PARAMETER Round
    How often each is imported. The default is 15.
#>
[CmdletBinding()]
param(
    [string] $Module = (Join-Path $PSScriptRoot '..' '..' 'artifacts' 'module' 'OmniTools'),
    [ValidateRange(1, 1000)] [int] $Round = 15
)
$ErrorActionPreference = 'Stop'
$Module = (Resolve-Path $Module).Path
$folder = New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "omnitools-import-$PID" 'Empty')
try {
    $code = 'using System.Management.Automation; ' +
        '[Cmdlet("Get", "Nothing")] public sealed class GetNothingCommand : PSCmdlet { }'
    Add-Type -TypeDefinition $code -OutputAssembly (Join-Path $folder 'Empty.dll') -OutputType Library
    # By hand: what New-ModuleManifest writes is mostly comments, which take their time too.
    Set-Content (Join-Path $folder 'Empty.psd1') (
        "@{ RootModule = 'Empty.dll'; ModuleVersion = '1.0'; CmdletsToExport = @('Get-Nothing'); " +
        'FunctionsToExport = @(); AliasesToExport = @(); VariablesToExport = @() }')

    # Ends the clock after the import and again after the module's first command.
    $child = '$clock = [Diagnostics.Stopwatch]::StartNew(); Import-Module $args[0]; $import = $clock.Elapsed; ' +
        '$null = & $args[1]; $import, ($clock.Elapsed - $import) | ' +
        'ForEach-Object { $_.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture) }'
    function Measure-Import([string] $path, [string] $command) {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $import, $first = & pwsh -NoProfile -NonInteractive -Command "& { $child } '$path' '$command'"
        $process = $clock.Elapsed.TotalMilliseconds
        [pscustomobject]@{ Import = [double]$import; First = [double]$first; Process = $process }
    }
    function Get-Median([double[]] $values) {
        $sorted = $values | Sort-Object
        $middle = ($values.Count - 1) / 2
        ($sorted[[int][Math]::Floor($middle)] + $sorted[[int][Math]::Ceiling($middle)]) / 2
    }

    Measure-Import $Module Get-OmniProvider | Out-Null
    Measure-Import $folder Get-Nothing | Out-Null
    $ours, $empty = [Collections.Generic.List[object]]::new(), [Collections.Generic.List[object]]::new()
    foreach ($turn in 1..$Round) {
        $ours.Add((Measure-Import $Module Get-OmniProvider))
        $empty.Add((Measure-Import $folder Get-Nothing))
    }
    [pscustomobject]@{
        ImportMs       = [Math]::Round((Get-Median $ours.Import), 1)
        EmptyImportMs  = [Math]::Round((Get-Median $empty.Import), 1)
        ImportRatio    = [Math]::Round((Get-Median $ours.Import) / (Get-Median $empty.Import), 2)
        FirstCommandMs = [Math]::Round((Get-Median $ours.First), 1)
        ProcessMs      = [Math]::Round((Get-Median $ours.Process), 1)
        EmptyProcessMs = [Math]::Round((Get-Median $empty.Process), 1)
        ProcessRatio   = [Math]::Round((Get-Median $ours.Process) / (Get-Median $empty.Process), 2)
        Round          = $Round
    }
}
finally { Remove-Item (Split-Path $folder) -Recurse -Force }
