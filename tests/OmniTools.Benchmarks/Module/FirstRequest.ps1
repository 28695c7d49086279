<#
.SYNOPSIS
    From the beginning of a session to the first request on the wire: through New-OmniVideo, or the module imported
    and a bare HttpClient.
    Says when it began, in ticks of UTC; the server knows when the request came.
#>
param([string] $Way, [string] $Module, [string] $Address)
$ErrorActionPreference = 'Stop'
$began = [DateTime]::UtcNow.Ticks
Import-Module $Module
if ($Way -eq 'cmdlet') { $null = New-OmniVideo 'A lighthouse in a storm at dusk' -Provider toapis }
else {
    $http = [Net.Http.HttpClient]::new()
    $http.DefaultRequestHeaders.Authorization =
        [Net.Http.Headers.AuthenticationHeaderValue]::new('Bearer', 'sk-benchmark')
    $body = @{ model = 'gemini_omni_flash'; prompt = 'A lighthouse in a storm at dusk' } | ConvertTo-Json -Compress
    $content = [Net.Http.StringContent]::new($body, [Text.Encoding]::UTF8, 'application/json')
    $null = $http.PostAsync("$Address/v1/videos/generations", $content).GetAwaiter().GetResult()
}
$began
