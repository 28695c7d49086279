# Makes clips in the sandbox and their page, as a person would; the environment says where the ledger is.
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Folder
)
$ErrorActionPreference = 'Stop'
Import-Module $Module
@'
Prompt,Provider,AspectRatio,Duration,RequestKey
"a paper boat drifts down a gutter after a summer storm, close, shallow focus",apimart,9:16,,shot-1
"time lapse of a lighthouse while a storm front rolls in from the sea",toapis,16:9,10,shot-2
"a potter's hands raise a tall vase on a turning wheel, warm workshop light",apimart,16:9,,shot-3
"an old tram climbs a steep street in Lisbon, handheld [fail]",toapis,16:9,6,shot-4
"a red fox trots through fresh snow at dawn, low sun behind the trees",apimart,16:9,,shot-5
"neon rain in a narrow street; a cat watches from under a paper umbrella",toapis,9:16,6,shot-6
'@ | ConvertFrom-Csv | New-OmniVideo -ThrottleLimit 1 | Wait-OmniVideoTask -ErrorAction SilentlyContinue |
    Save-OmniVideo -Path $Folder | Out-Null
New-OmniVideo 'rain on a tin roof, a kettle boils, morning' -Provider apimart -RequestKey shot-7 | Wait-OmniVideoTask |
    Out-Null
$env:OMNI_SANDBOX_SECONDS = 600
New-OmniVideo 'a slow pan over a desk with a lamp and old maps' -Provider toapis -RequestKey shot-8 | Out-Null
Get-OmniVideoTask | Export-OmniGallery $Folder
