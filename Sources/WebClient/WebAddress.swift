/// An address of the web that requests may be sent to: scheme, host, port, path and query. It carries
/// no user, no password and no fragment, and only characters that every reader takes alike.
public struct WebAddress: Hashable, Sendable {
    public static let maximumLength = 2000

    public let text: String
    public let isEncrypted: Bool
    /// In lower case, an IPv6 address without its brackets.
    public let host: String

    /// Nil for what is no such address.
    public init?(_ text: String) {
        let isEncrypted = text.hasPrefix("https://")
        guard isEncrypted || text.hasPrefix("http://"),
            text.utf8.count <= WebAddress.maximumLength,
            text.utf8.allSatisfy({ WebAddress.isPlain($0) })
        else { return nil }
        let rest = text.utf8.dropFirst(isEncrypted ? 8 : 7)
        let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        guard let (host, port) = WebAddress.parts(String(decoding: authority, as: UTF8.self)),
            port.isEmpty || Int(port).map({ (1...65_535).contains($0) }) == true
        else { return nil }
        self.text = text
        self.isEncrypted = isEncrypted
        self.host = host.lowercased()
    }

    /// The address that stands for the host, when it is not a name.
    public var literal: NetworkAddress? { NetworkAddress(host) }

    private static func isPlain(_ byte: UInt8) -> Bool {
        // `#` would begin a fragment, `\` is a slash to some readers.
        (0x21...0x7E).contains(byte) && !"\"#<>\\^`{|}".utf8.contains(byte)
    }

    private static func parts(_ authority: String) -> (host: String, port: String)? {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            let host = String(authority[authority.index(after: authority.startIndex)..<end])
            let tail = authority[authority.index(after: end)...]
            guard NetworkAddress(host)?.bytes.count == 16, tail.isEmpty || tail.first == ":",
                isPort(tail.dropFirst())
            else { return nil }
            return (host, String(tail.dropFirst()))
        }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, isName(parts[0]), parts.count == 1 || isPort(parts[1]) else {
            return nil
        }
        return (String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.utf8.count <= 5 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isName(_ text: Substring) -> Bool {
        text.utf8.count <= 253
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy {
                        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_".utf8
                            .contains($0)
                    }
            }
    }
}
