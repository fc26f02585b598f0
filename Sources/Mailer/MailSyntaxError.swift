/// What cannot stand in a message. Anything that could begin a header of its own is refused rather
/// than repaired, so that a mistake upstream is seen.
public enum MailSyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Not of the form `local@domain` in ASCII.
    case address(String)
    /// A name with control characters, or longer than `MailAddress.maximumNameLength`.
    case name(String)
    /// A subject with control characters, or longer than `MailMessage.maximumSubjectLength`.
    case subject
    /// A header with a bad name or value, or one that the message writes itself.
    case header(String)
    /// A message id that is not of the form `unique@domain`, without angle brackets.
    case messageID(String)
    /// A file name that is empty, or has slashes or control characters.
    case filename(String)
    /// Not of the form `type/subtype`, or a `multipart` or `message` type.
    case contentType(String)
    /// Nobody to send to, or more than `MailMessage.maximumRecipients`.
    case recipients(count: Int)
    /// Attachments and texts together are beyond `MailMessage.maximumBytes`.
    case tooLarge

    public var description: String {
        switch self {
        case .address(let value): "not an e-mail address: \(printable(value))"
        case .name(let value): "name not allowed in a message: \(printable(value))"
        case .subject: "subject not allowed in a message"
        case .header(let name): "header not allowed in a message: \(printable(name))"
        case .messageID(let value): "not a message id: \(printable(value))"
        case .filename(let value): "file name not allowed in a message: \(printable(value))"
        case .contentType(let value): "not a content type: \(printable(value))"
        case .recipients(let count): "wrong number of recipients: \(count)"
        case .tooLarge: "message too large"
        }
    }
}

/// Characters that end or disturb a header line: C0, DEL, C1 and the Unicode line ends.
func hasControlCharacters(_ text: String) -> Bool {
    text.unicodeScalars.contains {
        switch $0.value {
        case 0...0x1F, 0x7F...0x9F, 0x2028, 0x2029: true
        default: false
        }
    }
}

/// At most 200 characters without control characters, fit for a log line.
func printable(_ text: String) -> String {
    let scalars = text.unicodeScalars.prefix(200)
        .map { hasControlCharacters(String($0)) ? " " : $0 }
    return String(String.UnicodeScalarView(scalars))
}

/// A token of RFC 2045 and RFC 5322: letters, digits and a few signs.
func isToken(_ text: some StringProtocol) -> Bool {
    !text.isEmpty
        && text.utf8.allSatisfy { isLetterOrDigit($0) || "!#$%&'*+-.^_`{|}~".utf8.contains($0) }
}

func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"):
        true
    default: false
    }
}
