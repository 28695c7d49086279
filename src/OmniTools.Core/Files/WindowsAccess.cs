using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;

namespace OmniTools.Files;

/// <summary>
/// Access control lists that give a file to the user, SYSTEM and the administrators alone, as Windows does for a user's
/// profile. What a folder above gives to others is not inherited.
/// </summary>
[SupportedOSPlatform("windows")]
internal static class WindowsAccess
{
    public static void CreateFolder(string folder)
    {
        var security = new DirectorySecurity();
        security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        foreach (var owner in Owners())
        {
            security.AddAccessRule(new(owner, FileSystemRights.FullControl,
                InheritanceFlags.ContainerInherit | InheritanceFlags.ObjectInherit, PropagationFlags.None,
                AccessControlType.Allow));
        }
        new DirectoryInfo(folder).Create(security);
    }

    public static FileStream Create(string path, FileMode mode, FileAccess access, FileShare share, FileOptions options)
    {
        var rights = access switch
        {
            FileAccess.Read => FileSystemRights.Read,
            FileAccess.Write => FileSystemRights.Write,
            _ => FileSystemRights.Read | FileSystemRights.Write,
        };
        // A buffer of one byte means no buffer.
        return new FileInfo(path).Create(mode, rights, share, bufferSize: 1, options, OfFile());
    }

    public static void Restrict(string path) => new FileInfo(path).SetAccessControl(OfFile());

    /// <summary>Whether only the user, SYSTEM and the administrators have rights to a file.</summary>
    public static bool IsPrivate(string path)
    {
        var owners = Owners();
        var rules = new FileInfo(path).GetAccessControl()
            .GetAccessRules(includeExplicit: true, includeInherited: true, typeof(SecurityIdentifier));
        return rules.Cast<FileSystemAccessRule>()
            .All(rule => rule.AccessControlType == AccessControlType.Deny || owners.Contains(rule.IdentityReference));
    }

    private static FileSecurity OfFile()
    {
        var security = new FileSecurity();
        security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        foreach (var owner in Owners())
            security.AddAccessRule(new(owner, FileSystemRights.FullControl, AccessControlType.Allow));
        return security;
    }

    private static List<IdentityReference> Owners()
    {
        using var user = WindowsIdentity.GetCurrent();
        return
        [
            user.User!,
            new SecurityIdentifier(WellKnownSidType.LocalSystemSid, null),
            new SecurityIdentifier(WellKnownSidType.BuiltinAdministratorsSid, null),
        ];
    }
}
