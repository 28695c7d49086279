namespace OmniTools.Sandbox;

internal static class SandboxClient
{
    public static OmniClient Create(OmniSettings settings, TimeProvider? time = null) => new(settings, new() { Time = time ?? TimeProvider.System, Handler = new HttpClientHandler() });
}
