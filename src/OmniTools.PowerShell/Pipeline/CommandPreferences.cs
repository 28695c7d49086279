namespace OmniTools.PowerShell.Pipeline;

/// <summary>What a common parameter says, else the preference variable of the session.</summary>
internal static class CommandPreferences
{
    /// <summary>Whether the first error ends the pipeline.</summary>
    public static bool StopsOnErrors(this PSCmdlet cmdlet) =>
        LanguagePrimitives.TryConvertTo<ActionPreference>(
            Get(cmdlet, "ErrorAction", "ErrorActionPreference"), out var preference)
        && preference == ActionPreference.Stop;

    /// <summary>Whether it is only shown what would be done.</summary>
    public static bool IsWhatIf(this PSCmdlet cmdlet) =>
        LanguagePrimitives.IsTrue(Get(cmdlet, "WhatIf", "WhatIfPreference"));

    private static object? Get(PSCmdlet cmdlet, string parameter, string variable) =>
        cmdlet.MyInvocation.BoundParameters.TryGetValue(parameter, out var given)
            ? given
            : cmdlet.GetVariableValue(variable);
}
