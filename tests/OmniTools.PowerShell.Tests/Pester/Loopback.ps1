# A provider on a socket of this machine, for the tests that ask what reached the server. To be dot-sourced in
# BeforeAll.
function Start-Loopback([string] $provider) {
    $start = [Diagnostics.ProcessStartInfo]::new('dotnet', [string[]]($env:OMNI_TEST_PROVIDER, 'serve', $provider))
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $process = [Diagnostics.Process]::Start($start)
    $hello = $process.StandardOutput.ReadLine() | ConvertFrom-Json
    [Environment]::SetEnvironmentVariable("$($provider.ToUpperInvariant())_BASE_URL", $hello.base_address)
    [Environment]::SetEnvironmentVariable("$($provider.ToUpperInvariant())_API_KEY", $hello.api_key)
    $env:OMNI_SANDBOX = ''
    [pscustomobject]@{ Provider = $provider; Process = $process; BaseAddress = $hello.base_address
        ApiKey = $hello.api_key }
}

function Send-Loopback($server, [string] $command) {
    $server.Process.StandardInput.WriteLine($command)
    $answer = $server.Process.StandardOutput.ReadLine() | ConvertFrom-Json
    if ($answer.error) { throw "The loopback provider says to '$command': $($answer.error)" }
    $answer
}

function Stop-Loopback($server) {
    $server.Process.StandardInput.Close()
    if (-not $server.Process.WaitForExit(5000)) { $server.Process.Kill() }
    [Environment]::SetEnvironmentVariable("$($server.Provider.ToUpperInvariant())_BASE_URL", $null)
    [Environment]::SetEnvironmentVariable("$($server.Provider.ToUpperInvariant())_API_KEY", $null)
    $env:OMNI_SANDBOX = '1'
}
