import Glibc

/// An IPv4 or IPv6 address, and whether it lies on the public internet.
public struct NetworkAddress: Hashable, Sendable {
    /// 4 or 16, in the order of the network.
    public let bytes: [UInt8]

    /// Reads `192.0.2.1` or `2001:db8::1`; nil for anything else, names included.
    public init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: &four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            bytes = withUnsafeBytes(of: &six) { Array($0) }
        } else {
            return nil
        }
    }

    /// Reads a `sockaddr_in` or `sockaddr_in6`; nil for any other family.
    init?(family: Int32, _ address: UnsafeRawPointer) {
        switch family {
        case AF_INET:
            var value = address.loadUnaligned(as: sockaddr_in.self).sin_addr
            bytes = withUnsafeBytes(of: &value) { Array($0) }
        case AF_INET6:
            var value = address.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            bytes = withUnsafeBytes(of: &value) { Array($0) }
        default: return nil
        }
    }

    /// This machine itself: 127.0.0.0/8 or ::1, and no other way to write it.
    public var isLoopback: Bool {
        bytes.count == 4
            ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }

    /// Neither private, loopback, link-local, shared, reserved, multicast, for documentation nor a
    /// disguise of an IPv4 address: the special-purpose registries of IANA (RFC 6890).
    public var isPublic: Bool {
        let special =
            bytes.count == 4 ? NetworkAddress.specialIPv4 : NetworkAddress.specialIPv6
        // Only 2000::/3 is given out so far; mapped and translated addresses lie outside.
        guard bytes.count == 4 || bytes[0] & 0xE0 == 0x20 else { return false }
        return !special.contains { $0.contains(bytes) }
    }

    private struct Block: Sendable {
        let start: [UInt8]
        let bits: Int

        init(_ start: String, _ bits: Int) {
            guard let address = NetworkAddress(start) else { preconditionFailure(start) }
            self.start = address.bytes
            self.bits = bits
        }

        func contains(_ bytes: [UInt8]) -> Bool {
            let whole = bits / 8
            guard bytes.prefix(whole).elementsEqual(start.prefix(whole)) else { return false }
            guard !bits.isMultiple(of: 8) else { return true }
            let mask = UInt8.max << UInt8(8 - bits % 8)
            return bytes[whole] & mask == start[whole] & mask
        }
    }

    private static let specialIPv4 = [
        Block("0.0.0.0", 8), Block("10.0.0.0", 8), Block("100.64.0.0", 10), Block("127.0.0.0", 8),
        Block("169.254.0.0", 16), Block("172.16.0.0", 12), Block("192.0.0.0", 24),
        Block("192.0.2.0", 24), Block("192.88.99.0", 24), Block("192.168.0.0", 16),
        Block("198.18.0.0", 15), Block("198.51.100.0", 24), Block("203.0.113.0", 24),
        // Multicast, reserved and broadcast.
        Block("224.0.0.0", 3),
    ]
    private static let specialIPv6 = [
        // Protocols of the IETF, Teredo among them; documentation; 6to4, which holds an IPv4 address.
        Block("2001::", 23), Block("2001:db8::", 32), Block("2002::", 16), Block("3fff::", 20),
    ]
}
