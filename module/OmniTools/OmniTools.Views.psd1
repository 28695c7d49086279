# How the module's objects look. The first object that is written in a session loads this, and it goes when OmniTools goes:
# importing a format file takes the engine longer than it takes to import the rest of the module.
@{
    ModuleVersion     = '0.1.0'
    GUID              = '6f0c1f1e-8a55-4a3e-9d0b-52c1c5f1a7de'
    Author            = 'OmniTools contributors'
    CompanyName       = 'OmniTools'
    Copyright         = 'Copyright (c) OmniTools contributors'
    Description       = 'The views of OmniTools.'
    FormatsToProcess  = @('OmniTools.Format.ps1xml')
    CmdletsToExport   = @()
    FunctionsToExport = @()
    AliasesToExport   = @()
    VariablesToExport = @()
}
