/// A person of an address book, as vCard writes them (2.1; 3.0, RFC 2426; 4.0, RFC 6350), as far as a
/// list of contacts needs it. Numbers, addresses and mails are the preferred ones, or the first.
public struct VCard: Sendable, Equatable {
    public var name = ""
    /// The company; its departments are left out.
    public var organisation = ""
    public var position = ""
    public var email = ""
    public var phone = ""
    public var website = ""
    public var street = ""
    public var streetMore = ""
    public var postalCode = ""
    public var city = ""
    /// As it is written: a name in any language, or a code.
    public var country = ""
    public var note = ""

    public init() {}

    /// From the properties of one card.
    init(_ properties: [VCardProperty]) {
        func best(_ name: String) -> VCardProperty? {
            properties.filter { $0.name == name }
                .max { $0.preference < $1.preference }
        }
        func text(_ name: String) -> String { PlainText.line(best(name)?.text ?? "") }
        name = text("FN")
        if name.isEmpty, let parts = best("N")?.parts {
            let places = [1, 2, 0].compactMap { parts.count > $0 ? parts[$0] : nil }
            name = PlainText.line(places.joined(separator: " "))
        }
        organisation = PlainText.line(best("ORG")?.parts.first ?? "")
        position = text("TITLE").isEmpty ? text("ROLE") : text("TITLE")
        email = VCard.without("mailto:", text("EMAIL"))
        phone = VCard.without("tel:", text("TEL"))
        if let extra = phone.firstIndex(of: ";") { phone = String(phone[..<extra]) }
        website = text("URL")
        note = PlainText.lines(best("NOTE")?.text ?? "")
        let address = (best("ADR")?.parts ?? []).map(PlainText.line)
        func part(_ place: Int) -> String { address.count > place ? address[place] : "" }
        street = part(2)
        streetMore = [part(1), part(0)].filter { !$0.isEmpty }.joined(separator: ", ")
        city = part(3)
        postalCode = part(5)
        country = part(6)
    }

    private static func without(_ scheme: String, _ text: String) -> String {
        text.lowercased().hasPrefix(scheme) ? String(text.dropFirst(scheme.count)) : text
    }
}

/// One line of a card: `TEL;TYPE=work:+33 1 99 00 12 34`.
struct VCardProperty {
    let name: String
    private let types: Set<String>
    private let preferred: Bool
    private let value: String

    /// Nil when it is no property. `line` is unfolded; its value may be quoted-printable still.
    init?(_ line: ArraySlice<UInt8>) {
        guard let colon = VCardProperty.colon(in: line) else { return nil }
        let words = line[..<colon].split(separator: UInt8(ascii: ";"))
            .map { String(decoding: $0, as: UTF8.self).uppercased() }
        guard let first = words.first else { return nil }
        // `item1.EMAIL` belongs to a group, whose name says nothing here.
        name = first.split(separator: ".").last.map(String.init) ?? first
        var types: Set<String> = []
        var (encoding, charset, preferred) = ("", "", false)
        for word in words.dropFirst() {
            let pair = word.split(separator: "=", maxSplits: 1)
            let text = String(pair.last ?? "").filter { $0 != "\"" }
            switch pair.count == 2 ? String(pair[0]) : "TYPE" {
            case "ENCODING": encoding = text
            case "CHARSET": charset = text
            case "PREF": preferred = text == "1"
            case "TYPE":
                // 2.1 writes types and encodings without saying which is which.
                if text == "QUOTED-PRINTABLE" || text == "BASE64" { encoding = text }
                types.formUnion(text.split(separator: ",").map(String.init))
            default: break
            }
        }
        self.types = types
        self.preferred = preferred || types.contains("PREF")
        var bytes = Array(line[(colon + 1)...])
        if encoding == "QUOTED-PRINTABLE" { bytes = VCardProperty.unquoted(bytes) }
        value = VCardProperty.decoded(bytes, charset)
    }

    /// Which of several is taken: what is marked so, then what is of work, then mobile.
    var preference: Int {
        (preferred ? 8 : 0) + (types.contains("WORK") ? 4 : 0) + (types.contains("CELL") ? 2 : 0)
            - (types.contains("FAX") ? 16 : 0)
    }

    /// The value as one text.
    var text: String { VCardProperty.unescaped(Substring(value)) }

    /// The parts of a structured value.
    var parts: [String] {
        var parts: [String] = []
        var start = value.startIndex
        var isEscaped = false
        for index in value.indices {
            if value[index] == ";", !isEscaped {
                parts.append(VCardProperty.unescaped(value[start..<index]))
                start = value.index(after: index)
            }
            isEscaped = value[index] == "\\" && !isEscaped
        }
        return parts + [VCardProperty.unescaped(value[start...])]
    }

    /// Where the value begins; parameters may hold colons between quotes.
    private static func colon(in line: ArraySlice<UInt8>) -> Int? {
        var isQuoted = false
        for index in line.indices {
            if line[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
            if line[index] == UInt8(ascii: ":"), !isQuoted { return index }
        }
        return nil
    }

    private static func unescaped(_ text: Substring) -> String {
        guard text.contains("\\") else { return String(text) }
        var out = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                out.append(character == "n" || character == "N" ? "\n" : character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                out.append(character)
            }
        }
        return out
    }

    /// RFC 2045, section 6.7; what is no escape stays as it is.
    private static func unquoted(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "="), index + 2 < bytes.count,
                let pair = hexadecimalPair(bytes[index + 1], bytes[index + 2])
            {
                out.append(pair)
                index += 3
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return out
    }

    private static func hexadecimalPair(_ high: UInt8, _ low: UInt8) -> UInt8? {
        guard let high = hexadecimalValue(high), let low = hexadecimalValue(low) else { return nil }
        return UInt8(high << 4 | low)
    }

    private static func decoded(_ bytes: [UInt8], _ charset: String) -> String {
        var encoding = TextEncoding.utf8
        switch charset {
        case "ISO-8859-15": encoding = .latin9
        case "ISO-8859-1", "WINDOWS-1252", "CP1252": encoding = .windows1252
        default:
            // Cards of old telephones say nothing, and are not UTF-8.
            var detector = TextEncoding.Detector()
            detector.read(bytes[...])
            encoding = detector.encoding
        }
        return String(decoding: encoding.utf8(bytes[...]), as: UTF8.self)
    }
}
