import Glibc

/// The part of an address that one client cannot change at will, by which clients are counted.
///
/// Who has one IPv6 address mostly has the 2^64 beside it, so those count as one; an IPv4 address
/// counts as it is, also in its IPv6 form.
public struct ClientNetwork: Sendable, Hashable {
    private static let networkBytes = 8
    private static let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    private let bytes: [UInt8]

    /// - Parameter address: numeric; any other text counts as it is.
    public init(_ address: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, address, &four) == 1 {
            bytes = withUnsafeBytes(of: four) { Array($0) }
        } else if inet_pton(AF_INET6, address, &six) == 1 {
            let all = withUnsafeBytes(of: six) { Array($0) }
            bytes =
                all.starts(with: Self.mappedPrefix)
                ? Array(all.suffix(4)) : Array(all.prefix(Self.networkBytes))
        } else {
            bytes = Array(address.utf8)
        }
    }
}
