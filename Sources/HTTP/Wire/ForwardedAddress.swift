import Glibc

/// Who the client is and whether it speaks TLS, as far as one may believe the headers.
struct ForwardedAddress: Equatable {
    let address: String
    let isSecure: Bool

    /// A peer that is no trusted proxy is the client, whatever its headers say. Otherwise the
    /// client is the last address in `X-Forwarded-For` that is not itself a trusted proxy: those
    /// before it were written by the client.
    init(peer: String, headers: HTTPHeaders, trustedProxies: Set<String>) {
        guard trustedProxies.contains(peer) else {
            address = peer
            isSecure = false
            return
        }
        let hops = Self.elements(headers.all(named: "X-Forwarded-For"))
        let client = hops.last { !trustedProxies.contains($0) } ?? peer
        address = Self.isAddress(client) ? client : peer
        isSecure = Self.elements(headers.all(named: "X-Forwarded-Proto")).last == "https"
    }

    private static func elements(_ values: [String]) -> [String] {
        values.flatMap { Array($0.utf8).split(separator: UInt8(ascii: ",")) }
            .map { String(decoding: trimmed($0), as: UTF8.self) }
    }

    private static func isAddress(_ text: String) -> Bool {
        var storage = in6_addr()
        return inet_pton(AF_INET, text, &storage) == 1 || inet_pton(AF_INET6, text, &storage) == 1
    }
}
