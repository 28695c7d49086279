Describe 'Import' {
    It 'imports without a word and without touching the disk' {
        $env:OMNI_HOME = Join-Path $TestDrive 'untouched'
        $said = & { Import-Module $env:OMNI_TEST_MODULE -Force } *>&1
        $said | Should -BeNullOrEmpty
        Test-Path $env:OMNI_HOME | Should -BeFalse
    }

    It 'loads no assembly of its own beyond its three' {
        Import-Module $env:OMNI_TEST_MODULE
        $own = [AppDomain]::CurrentDomain.GetAssemblies().Where({
            $_.Location -like "$env:OMNI_TEST_MODULE*" }).ForEach({ $_.GetName().Name })
        $own | Where-Object { $_ -notlike 'OmniTools.*' } | Should -BeNullOrEmpty
    }

    It 'heeds variables that are set after the import' {
        Import-Module $env:OMNI_TEST_MODULE
        $env:OMNI_SANDBOX = ''
        (Get-OmniProvider toapis).IsReady | Should -BeFalse
        $env:OMNI_SANDBOX = '1'
        (Get-OmniProvider toapis).IsReady | Should -BeTrue
    }

    It 'can be removed and imported again' {
        Import-Module $env:OMNI_TEST_MODULE
        Connect-OmniProvider apimart -ApiKey (ConvertTo-SecureString 'sk-not-a-key' -AsPlainText -Force)
        Remove-Module OmniTools
        Import-Module $env:OMNI_TEST_MODULE
        $env:OMNI_SANDBOX = ''
        try { (Get-OmniProvider apimart).KeySource | Should -BeNullOrEmpty }
        finally { $env:OMNI_SANDBOX = '1' }
    }

    It 'brings no copy of an assembly that is in the box' {
        # A process of its own: every assembly that is loaded after a whole pipeline, ours and those we need.
        $lines = pwsh -NoProfile -NonInteractive -Command {
            param($module, $root)
            $env:OMNI_HOME = Join-Path $root 'box'
            Import-Module $module
            New-OmniVideo 'a fox' | Wait-OmniVideoTask | Save-OmniVideo -Path (Join-Path $root 'box-out') | Out-Null
            [AppDomain]::CurrentDomain.GetAssemblies().ForEach({
                $context = [Runtime.Loader.AssemblyLoadContext]::GetLoadContext($_).Name
                "$($_.GetName().Name)|$($_.Location)|$context"
            })
        } -args $env:OMNI_TEST_MODULE, "$TestDrive"
        $loaded = $lines | ForEach-Object { $name, $path,
            $context = $_ -split '\|'; [pscustomobject]@{ Name = $name; Path = $path; Context = $context } }
        $loaded.Name | Should -Contain 'OmniTools.Sandbox'
        @($loaded | Where-Object Name -eq 'System.Text.Json') | Should -HaveCount 1
        $json = $loaded | Where-Object Name -eq 'System.Text.Json'
        $box = $loaded | Where-Object Name -in 'System.Private.CoreLib', 'System.Management.Automation' |
            ForEach-Object { Split-Path $_.Path }
        Split-Path $json.Path | Should -BeIn $box
        ($loaded | Where-Object { $_.Path -and (Split-Path $_.Path) -eq $env:OMNI_TEST_MODULE }).Name | Sort-Object |
            Should -Be 'OmniTools.Core', 'OmniTools.PowerShell', 'OmniTools.Sandbox'
        # The ledger's drivers, and nothing else, are in a context of their own.
        $drivers = $loaded | Where-Object Path -like "$(Join-Path $env:OMNI_TEST_MODULE 'storage')*"
        $drivers.Name | Should -Contain 'Microsoft.Data.Sqlite'
        $drivers.Context | Select-Object -Unique | Should -Be 'OmniTools.Storage'
        ($loaded | Where-Object Context -eq 'OmniTools.Storage').Path | Sort-Object | Should -Be ($drivers.Path |
            Sort-Object)
    }

    It 'loads the drivers of the ledger at its first use, in two processes, beside foreign versions of them' {
        $beside = New-Item -ItemType Directory (Join-Path $TestDrive 'Foreign')
        foreach ($name in 'Microsoft.Data.Sqlite', 'Microsoft.Extensions.Logging.Abstractions', 'Npgsql') {
            $code = "[assembly: System.Reflection.AssemblyVersion(`"99.2.0.0`")] " +
                "namespace Foreign { public static class Marker$($name.Length) { } }"
            Add-Type -TypeDefinition $code -OutputAssembly (Join-Path $beside "$name.dll") -OutputType Library
        }
        $script = Join-Path $TestDrive 'process.ps1'
        @'
param($beside, $module, $number)
$ErrorActionPreference = 'Stop'
Get-ChildItem $beside -Filter *.dll | ForEach-Object { [Reflection.Assembly]::LoadFrom($_.FullName) | Out-Null }
Import-Module $module
$before = [Runtime.Loader.AssemblyLoadContext]::All.Name -contains 'OmniTools.Storage'
$files = 1..3 | ForEach-Object -Parallel {
    Import-Module $using:module
    New-OmniVideo "take $using:number $_" | Wait-OmniVideoTask | Save-OmniVideo -Path (Join-Path $env:OMNI_HOME 'clips')
}
"$before $(@([Runtime.Loader.AssemblyLoadContext]::All.Name -eq 'OmniTools.Storage').Count) $(@($files).Count)"
'@ | Set-Content $script
        $env:OMNI_HOME = Join-Path $TestDrive 'two-processes'
        1..2 | ForEach-Object -ThrottleLimit 2 -Parallel {
            pwsh -NoProfile -NonInteractive -File $using:script "$using:beside" $env:OMNI_TEST_MODULE $_
        } | Should -Be 'False 1 3', 'False 1 3'
        Import-Module $env:OMNI_TEST_MODULE
        @(Get-OmniVideoTask) | Should -HaveCount 6
        @(Get-OmniVideoTask -Search 'TAKE 2') | Should -HaveCount 3
    }

    It 'works beside a module that brings other versions of popular libraries' {
        $beside = New-Item -ItemType Directory (Join-Path $TestDrive 'Beside')
        foreach ($name in 'System.Text.Json', 'Newtonsoft.Json', 'Polly.Core', 'Microsoft.Extensions.Http') {
            $code = "[assembly: System.Reflection.AssemblyVersion(`"99.1.0.0`")] " +
                "namespace Beside { public static class Marker$($name.Length) { } }"
            Add-Type -TypeDefinition $code -OutputAssembly (Join-Path $beside "$name.dll") -OutputType Library
        }
        # As isolated modules do it: its own versions in a context of its own, the rest for everybody.
        @'
$context = [Runtime.Loader.AssemblyLoadContext]::new('Beside')
'System.Text.Json', 'Newtonsoft.Json' | ForEach-Object {
    $context.LoadFromAssemblyPath("$PSScriptRoot/$_.dll") | Out-Null
}
'Polly.Core', 'Microsoft.Extensions.Http' | ForEach-Object {
    [Reflection.Assembly]::LoadFrom("$PSScriptRoot/$_.dll") | Out-Null
}
function Get-Beside { [AppDomain]::CurrentDomain.GetAssemblies().Where({ $_.GetName().Version -eq '99.1.0.0' }).Count }
'@ | Set-Content (Join-Path $beside 'Beside.psm1')
        foreach ($order in @($beside, $env:OMNI_TEST_MODULE), @($env:OMNI_TEST_MODULE, $beside)) {
            $answer = pwsh -NoProfile -NonInteractive -Command {
                param($first, $second, $root)
                $ErrorActionPreference = 'Stop'
                $env:OMNI_HOME = Join-Path $root ([guid]::NewGuid())
                Import-Module $first
                Import-Module $second
                $file = New-OmniVideo 'a fox' | Wait-OmniVideoTask | Save-OmniVideo -Path $env:OMNI_HOME
                "$($file.Extension) $(Get-Beside) $('{"a":1}' | ConvertFrom-Json | ForEach-Object a)"
            } -args "$($order[0])", "$($order[1])", "$TestDrive"
            $answer | Should -Be '.mp4 4 1'
        }
    }

    It 'opens no socket and writes nothing while it is imported' -Skip:(
        -not (Get-Command strace -CommandType Application -ErrorAction Ignore)) {
        $script = Join-Path $TestDrive 'traced.ps1'
        $trace = Join-Path $TestDrive 'trace.txt'
        # Files that do not exist mark where the import begins and ends.
        @"
try { [IO.File]::ReadAllText('/omni-import-begins') } catch { }
Import-Module '$env:OMNI_TEST_MODULE'
try { [IO.File]::ReadAllText('/omni-import-ends') } catch { }
"@ | Set-Content $script
        & strace -f -o $trace -e 'trace=%file,%network' pwsh -NoProfile -NonInteractive -File $script
        $lines = Get-Content $trace
        $begin = [Array]::FindIndex($lines, [Predicate[string]] { $args[0] -match 'omni-import-begins' })
        $end = [Array]::FindIndex($lines, [Predicate[string]] { $args[0] -match 'omni-import-ends' })
        $begin | Should -BeGreaterThan 0
        $end | Should -BeGreaterThan $begin
        $during = $lines[$begin..$end]
        $during -match 'OmniTools\.PowerShell\.dll' | Should -Not -BeNullOrEmpty
        $during -match '\b(socket|connect|bind)\(' | Should -BeNullOrEmpty
        # The runtime names its threads through /proc.
        $during -match 'O_WRONLY|O_RDWR|O_CREAT|mkdir|rename|unlink' -notmatch '"/proc/' | Should -BeNullOrEmpty
        # Neither Core nor the sandbox is needed before a command is.
        $during -match 'OmniTools\.(Core|Sandbox)\.dll.* = \d' | Should -BeNullOrEmpty
    }
}
