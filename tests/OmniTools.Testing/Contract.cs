namespace OmniTools.Testing;

/// <summary>Whose contract a loopback provider speaks.</summary>
public enum Contract
{
    ToApis,
    ApiMart,
}
