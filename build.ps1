#!/usr/bin/env pwsh
<#
.SYNOPSIS
    Builds, tests or packages OmniTools. Everything here can also be done with dotnet alone.
.PARAMETER Task
    Build assembles the module under artifacts/module/OmniTools.
    Test runs all tests, the Pester tests of the cmdlets included.
    Package creates three files in artifacts: OmniTools.<version>.nupkg, the module for a PowerShell gallery;
    OmniTools.Mcp.<version>.nupkg, the MCP server as a .NET tool; and omnitools-mcp-<version>.mcpb, the bundle for
    desktop clients. To test the packaged module, expand its nupkg into a folder called OmniTools and set
    OMNI_TEST_MODULE to that folder.
.PARAMETER Configuration
    Debug or Release. The default is Release for Package, else Debug.
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Package')]
    [string] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = $Task -eq 'Package' ? 'Release' : 'Debug'
)
$ErrorActionPreference = 'Stop'
$pesterVersion = [version] '5.5.0'
$solution = "$PSScriptRoot/OmniTools.sln"
$project = "$PSScriptRoot/src/OmniTools.PowerShell/OmniTools.PowerShell.csproj"
$module = "$PSScriptRoot/artifacts/module/OmniTools"
$output = "$PSScriptRoot/artifacts"
$common = '--configuration', $Configuration, '--nologo'

function Invoke-DotNet([string[]] $Argument) {
    & dotnet @Argument @common
    if ($LASTEXITCODE -ne 0) { throw "dotnet $($Argument[0]) ended with exit code $LASTEXITCODE." }
}

switch ($Task) {
    'Build' {
        Invoke-DotNet 'build', $solution
        # Built again, last and alone, so that the assembled module is of this configuration.
        Invoke-DotNet 'build', $project, '--no-restore'
    }
    'Test' {
        if (-not (Get-Module Pester -ListAvailable | Where-Object Version -ge $pesterVersion)) {
            Write-Warning ("Pester $pesterVersion or later is not installed, so the cmdlet tests will be skipped. " +
                "Install it with: Install-PSResource Pester -Version '[$pesterVersion,6.0)'")
        }
        Invoke-DotNet 'test', $solution
    }
    'Package' {
        Invoke-DotNet 'build', $project
        $version = (Import-PowerShellDataFile "$module/OmniTools.psd1").ModuleVersion
        Invoke-DotNet @(
            'pack', $project, '--no-build', '--output', $output, '-p:IsPackable=true', '-p:NoPackageAnalysis=true'
            "-p:NuspecFile=$PSScriptRoot/module/OmniTools.nuspec", "-p:NuspecBasePath=$module"
            "-p:NuspecProperties=version=$version"
        )
        Invoke-DotNet 'pack', "$PSScriptRoot/src/OmniTools.Mcp", '--output', $output
        Get-Item @(
            "$output/OmniTools.$version.nupkg"
            "$output/OmniTools.Mcp.$version.nupkg"
            "$output/omnitools-mcp-$version.mcpb"
        )
    }
}
