#!/usr/bin/env pwsh
<#
.SYNOPSIS
    Builds, tests or packages OmniTools. A thin front over dotnet: everything here can be done without PowerShell, too.
.PARAMETER Task
    Build assembles the module under artifacts/module/OmniTools. Test runs all tests, the cmdlets' in Pester included.
    Package makes artifacts/OmniTools.<version>.nupkg, which a PowerShell gallery takes (with OMNI_TEST_MODULE set to the folder its
    content was expanded to, which has to be called OmniTools, the tests hold for the package), artifacts/OmniTools.Mcp.<version>.nupkg,
    the MCP server as a .NET tool, and artifacts/omnitools-mcp-<version>.mcpb, the bundle for desktop clients.
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
        # Built last and alone, so that what lies there is of this configuration.
        Invoke-DotNet build $project --configuration $Configuration --nologo --no-restore
    }
    'Test' {
        if (-not (Get-Module Pester -ListAvailable | Where-Object Version -ge $pesterVersion)) {
            Write-Warning "Pester $pesterVersion or later is not installed, so the cmdlet tests will be skipped. Install it with: Install-PSResource Pester -Version '[$pesterVersion,6.0)'"
        }
        Invoke-DotNet test (Join-Path $PSScriptRoot 'OmniTools.sln') --configuration $Configuration --nologo
    }
    'Package' {
        Invoke-DotNet build $project --configuration $Configuration --nologo
        $version = (Import-PowerShellDataFile (Join-Path $module 'OmniTools.psd1')).ModuleVersion
        $output = Join-Path $PSScriptRoot 'artifacts'
        Invoke-DotNet pack $project --configuration $Configuration --nologo --no-build --output $output "-p:IsPackable=true" "-p:NoPackageAnalysis=true" `
            "-p:NuspecFile=$(Join-Path $PSScriptRoot 'module' 'OmniTools.nuspec')" "-p:NuspecBasePath=$module" "-p:NuspecProperties=version=$version"
        Invoke-DotNet pack (Join-Path $PSScriptRoot 'src' 'OmniTools.Mcp') --configuration $Configuration --nologo --output $output
        Get-Item (Join-Path $output "OmniTools.$version.nupkg"), (Join-Path $output "OmniTools.Mcp.$version.nupkg"), (Join-Path $output "omnitools-mcp-$version.mcpb")
    }
}
