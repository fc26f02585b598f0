/// A mailbox: an address and, usually, the name of its owner.
public struct MailAddress: Sendable, Hashable, CustomStringConvertible {
    public let name: String?
    /// `local@domain`.
    public let address: String

    /// Longest name, in characters.
    public static let maximumNameLength = 256
    /// Longest address, in bytes (RFC 5321, 4.5.3.1).
    public static let maximumAddressLength = 254

    /// - Parameter name: in any script; empty counts as none.
    /// - Throws: `MailSyntaxError.address` when the address is not a plain `local@domain` in ASCII
    ///   (a domain with accents must be given in its `xn--` form), `MailSyntaxError.name` for
    ///   control characters in the name, which could begin a header of their own.
    public init(name: String? = nil, address: String) throws(MailSyntaxError) {
        guard Self.isWellFormed(address) else { throw .address(address) }
        if let name {
            guard !hasControlCharacters(name), name.count <= Self.maximumNameLength else {
                throw .name(name)
            }
        }
        self.name = name?.isEmpty == true ? nil : name
        self.address = address
    }

    public var description: String { name.map { "\($0) <\(address)>" } ?? address }

    /// The part after the `@`.
    public var domain: String { String(address.split(separator: "@")[1]) }

    /// A dot-atom of RFC 5322 and a host name; quoted local parts and address literals are refused.
    private static func isWellFormed(_ address: String) -> Bool {
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, address.utf8.count <= maximumAddressLength else { return false }
        let local = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard parts[0].utf8.count <= 64, local.allSatisfy(isAtom) else { return false }
        return parts[1].split(separator: ".", omittingEmptySubsequences: false)
            .allSatisfy(isHostLabel)
    }

    private static func isAtom(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                isLetterOrDigit($0) || "!#$%&'*+-/=?^_`{|}~".utf8.contains($0)
            }
    }
}

/// Letters, digits and inner hyphens, at most 63 of them.
func isHostLabel(_ label: Substring) -> Bool {
    (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
        && label.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
}
