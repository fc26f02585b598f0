import Basics

/// The address under which a browser asks, as passkeys know it: a passkey is made for a host, and works for no
/// other.
struct RelyingParty: Sendable, Equatable {
    private static let longestName = 253

    /// The host.
    let id: String
    /// Scheme, host and port, as browsers write them.
    let origin: String
    /// Whether it is this machine itself, which browsers trust without TLS.
    let isLocal: Bool

    /// Nil where browsers offer no passkeys: without TLS, and where the address has no name.
    init?(origin: String) {
        let origin = origin.lowercased()
        guard let scheme = ["https://", "http://"].first(where: origin.hasPrefix) else {
            return nil
        }
        let parts = origin.dropFirst(scheme.count)
            .split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, RelyingParty.isName(parts[0]),
            parts.count == 1 || RelyingParty.isPort(parts[1])
        else { return nil }
        id = String(parts[0])
        isLocal = id == "localhost" || id.hasSuffix(".localhost")
        guard scheme == "https://" || isLocal else { return nil }
        self.origin = origin
    }

    init?(_ request: Request) { self.init(origin: request.origin) }

    /// Letters, digits, hyphens and dots; an address in numbers is no name.
    private static func isName(_ host: Substring) -> Bool {
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let isWritten = host.utf8.allSatisfy {
            (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-")
                || $0 == UInt8(ascii: ".")
        }
        return isWritten && host.utf8.count <= longestName && !labels.contains("")
            && labels.last?.first?.isLetter == true
    }

    private static func isPort(_ port: Substring) -> Bool {
        port.utf8.allSatisfy { (48...57).contains($0) } && UInt16(port) != nil
    }

    /// `Host` is whatever the sender of a request wrote: a passkey is made only for the address at which an
    /// owner signed in, as links in mails begin with it.
    func isKnown(to organisation: Organisation) -> Bool {
        isLocal || RelyingParty(origin: organisation.origin)?.origin == origin
    }
}
