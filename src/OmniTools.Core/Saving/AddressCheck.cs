using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace OmniTools.Saving;

/// <summary>
/// Distinguishes public addresses from all others (IANA's special-purpose registries): a result's URL must not reach
/// into the user's network.
/// </summary>
internal static class AddressCheck
{
    private static readonly (uint Network, int Bits)[] Special4 =
    [
        Net("0.0.0.0", 8), Net("10.0.0.0", 8), Net("100.64.0.0", 10), Net("127.0.0.0", 8), Net("169.254.0.0", 16),
            Net("172.16.0.0", 12),
        Net("192.0.0.0", 24), Net("192.0.2.0", 24), Net("192.88.99.0", 24), Net("192.168.0.0", 16),
            Net("198.18.0.0", 15),
        Net("198.51.100.0", 24), Net("203.0.113.0", 24), Net("224.0.0.0", 4), Net("240.0.0.0", 4),
    ];

    /// <summary>Whether an address is one of the public internet's, and hides no other address.</summary>
    public static bool IsPublic(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => IsPublic4(BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes())),
        AddressFamily.InterNetworkV6 => IsPublic6(address.GetAddressBytes()),
        _ => false,
    };

    private static bool IsPublic4(uint address) =>
        !Special4.Any(special => address >> (32 - special.Bits) == special.Network >> (32 - special.Bits));

    // Only 2000::/3 is given out. That leaves mapped, compatible, NAT64, unique-local, link-local, multicast and
    // loopback outside.
    private static bool IsPublic6(byte[] address)
    {
        var first = BinaryPrimitives.ReadUInt16BigEndian(address);
        var second = BinaryPrimitives.ReadUInt16BigEndian(address.AsSpan(2));
        return first >> 13 == 1
            && !(first == 0x2001 && second < 0x0200) // Teredo, benchmarks, ORCHID
            && !(first == 0x2001 && second == 0x0db8) // documentation
            && !(first == 0x3fff && second < 0x1000) // documentation
            && first != 0x2002 // 6to4
            && !(address[9] == 0 && address[10] == 0x5e && address[11] == 0xfe && (address[8] & ~0x02) == 0); // ISATAP
    }

    private static (uint Network, int Bits) Net(string address, int bits) =>
        (BinaryPrimitives.ReadUInt32BigEndian(IPAddress.Parse(address).GetAddressBytes()), bits);
}
