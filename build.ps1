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
$project = Join-Path $PSScriptRoot 'src' 'OmniTools.PowerShell' 'OmniTools.PowerShell.csproj'
$module = Join-Path $PSScriptRoot 'artifacts' 'module' 'OmniTools'

function Invoke-DotNet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) { throw "dotnet $($args[0]) ended with exit code $LASTEXITCODE." }
}

switch ($Task) {
    'Build' {
        Invoke-DotNet build (Join-Path $PSScriptRoot 'OmniTools.sln') --configuration $Configuration --nologo
        # Built again, last and alone, so that the assembled module is of this configuration.
        Invoke-DotNet build $project --configuration $Configuration --nologo --no-restore
    }
    'Test' {
        if (-not (Get-Module Pester -ListAvailable | Where-Object Version -ge $pesterVersion)) {
            Write-Warning ("Pester $pesterVersion or later is not installed, so the cmdlet tests will be skipped. " +
                "Install it with: Install-PSResource Pester -Version '[$pesterVersion,6.0)'")
        }
        Invoke-DotNet test (Join-Path $PSScriptRoot 'OmniTools.sln') --configuration $Configuration --nologo
    }
    'Package' {
        Invoke-DotNet build $project --configuration $Configuration --nologo
        $version = (Import-PowerShellDataFile (Join-Path $module 'OmniTools.psd1')).ModuleVersion
        $output = Join-Path $PSScriptRoot 'artifacts'
        $pack = '--configuration', $Configuration, '--nologo', '--output', $output
        Invoke-DotNet pack $project @pack --no-build '-p:IsPackable=true' '-p:NoPackageAnalysis=true' `
            "-p:NuspecFile=$(Join-Path $PSScriptRoot 'module' 'OmniTools.nuspec')" "-p:NuspecBasePath=$module" `
            "-p:NuspecProperties=version=$version"
        Invoke-DotNet pack (Join-Path $PSScriptRoot 'src' 'OmniTools.Mcp') @pack
        Get-Item -Path @(
            Join-Path $output "OmniTools.$version.nupkg"
            Join-Path $output "OmniTools.Mcp.$version.nupkg"
            Join-Path $output "omnitools-mcp-$version.mcpb"
        )
    }
}
