@{
    RootModule           = 'OmniTools.PowerShell.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = 'b2f6a7c4-5d0e-4c53-9a86-0f4c1d7e3b92'
    Author               = 'OmniTools contributors'
    CompanyName          = 'OmniTools'
    Copyright            = 'Copyright (c) OmniTools contributors'
    Description          = 'Generates videos with 30 models of ToAPIs and APIMart. Has a sandbox that needs no key.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('OmniTools.Format.ps1xml')
    CmdletsToExport      = @(
        'Connect-OmniProvider'
        'Disconnect-OmniProvider'
        'Export-OmniGallery'
        'Get-OmniModel'
        'Get-OmniProvider'
        'Get-OmniVideoBatch'
        'Get-OmniVideoTask'
        'Invoke-OmniVideoBatch'
        'New-OmniVideo'
        'Save-OmniVideo'
        'Wait-OmniVideoTask'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @(
                'AI', 'Video', 'Generation', 'Gemini', 'TextToVideo', 'ImageToVideo', 'ToAPIs', 'APIMart'
                'PSEdition_Core', 'Windows', 'Linux', 'MacOS'
            )
            LicenseUri   = 'https://opensource.org/license/mit'
            ReleaseNotes = 'The first version: clips, batches, models and the gallery. See CHANGELOG.md.'
        }
    }
}
