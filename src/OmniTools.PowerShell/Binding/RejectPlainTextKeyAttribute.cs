namespace OmniTools.PowerShell.Binding;

/// <summary>Refuses a key that is given as text, and explains how it is given. The text is not repeated.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RejectPlainTextKeyAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not string
            ? inputData
            : throw new ArgumentTransformationMetadataException(
                "A key is not taken as text, because command histories and logs would keep it. "
                + "Type it: -ApiKey (Read-Host 'API key' -AsSecureString). "
                + "Keep it in a vault: Set-Secret apimart (module Microsoft.PowerShell.SecretManagement), "
                + "then Get-Secret apimart | Connect-OmniProvider apimart. "
                + "Or set the variable APIMART_API_KEY or TOAPIS_API_KEY, which needs no connection.");
}
