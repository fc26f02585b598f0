/// How the bytes of a file stand for characters. Files of older programs do not say so themselves.
public enum TextEncoding: String, Sendable, CaseIterable {
    case utf8 = "UTF-8"
    case windows1252 = "Windows-1252"
    /// ISO 8859-15: Latin-1 with the euro sign and the letters that French lacked there.
    case latin9 = "ISO-8859-15"

    /// The same text in UTF-8. Bytes that mean nothing become U+FFFD.
    public func utf8(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        guard self != .utf8 else { return Array(bytes) }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + bytes.count / 8)
        for byte in bytes {
            guard byte >= 0x80 else {
                out.append(byte)
                continue
            }
            if let encoded = UTF8.encode(scalar(byte)) { out += encoded }
        }
        return out
    }

    private func scalar(_ byte: UInt8) -> Unicode.Scalar {
        switch self {
        case .windows1252 where byte < 0xA0:
            TextEncoding.windows1252Scalars[Int(byte) - 0x80]
        case .latin9: TextEncoding.latin9Scalars[byte] ?? Unicode.Scalar(byte)
        default: Unicode.Scalar(byte)
        }
    }

    /// 0x80 to 0x9F, as the Unicode consortium maps code page 1252; five of them are unused.
    private static let windows1252Scalars: [Unicode.Scalar] = [
        "€", "\u{FFFD}", "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", "\u{FFFD}", "Ž",
        "\u{FFFD}", "\u{FFFD}", "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ",
        "\u{FFFD}", "ž", "Ÿ",
    ]
    private static let latin9Scalars: [UInt8: Unicode.Scalar] = [
        0xA4: "€", 0xA6: "Š", 0xA8: "š", 0xB4: "Ž", 0xB8: "ž", 0xBC: "Œ", 0xBD: "œ", 0xBE: "Ÿ",
    ]

    /// Finds out how a file is written from its bytes, which come in pieces.
    ///
    /// What is valid UTF-8 is UTF-8: other encodings look like it by chance only. Among the others,
    /// bytes from 0x80 to 0x9F are characters in Windows-1252 alone; the euro sign, and `œ` inside a
    /// word, tell ISO 8859-15.
    public struct Detector: Sendable {
        private var isUTF8 = true
        private var awaited = 0
        private var bounds: ClosedRange<UInt8> = 0x80...0xBF
        private var hasWindows = false
        private var hasLatin9 = false
        private var previous: UInt8 = 0

        public init() {}

        public mutating func read(_ bytes: ArraySlice<UInt8>) {
            for byte in bytes {
                if byte >= 0x80 || awaited > 0 { take(byte) }
                previous = byte
            }
        }

        /// What the file is written in, once all of it was read.
        public var encoding: TextEncoding {
            if isUTF8 && awaited == 0 { return .utf8 }
            return hasLatin9 && !hasWindows ? .latin9 : .windows1252
        }

        private mutating func take(_ byte: UInt8) {
            if (0x80...0x9F).contains(byte) { hasWindows = true }
            let followsLetter =
                (previous | 0x20) >= UInt8(ascii: "a")
                && (previous | 0x20) <= UInt8(ascii: "z")
            if byte == 0xA4 || byte == 0xBD && followsLetter { hasLatin9 = true }
            guard isUTF8 else { return }
            if awaited > 0 {
                guard bounds.contains(byte) else { return isUTF8 = false }
                awaited -= 1
                bounds = 0x80...0xBF
                return
            }
            // The table of well-formed sequences of Unicode, chapter 3.9.
            switch byte {
            case 0xC2...0xDF: awaited = 1
            case 0xE0: (awaited, bounds) = (2, 0xA0...0xBF)
            case 0xED: (awaited, bounds) = (2, 0x80...0x9F)
            case 0xE1...0xEF: awaited = 2
            case 0xF0: (awaited, bounds) = (3, 0x90...0xBF)
            case 0xF1...0xF3: awaited = 3
            case 0xF4: (awaited, bounds) = (3, 0x80...0x8F)
            default: isUTF8 = false
            }
        }
    }
}

extension TextEncoding {
    /// A text in ISO 8859-15; what has no place there becomes the nearest character, or `?`.
    public static func latin9Bytes(_ text: String) -> [UInt8] {
        text.unicodeScalars.map { scalar in
            if let special = latin9Codes[scalar] { return special }
            if scalar.value < 0x100, latin9Scalars[UInt8(scalar.value)] == nil {
                return UInt8(scalar.value)
            }
            return latin9Nearest[scalar] ?? UInt8(ascii: "?")
        }
    }

    private static let latin9Codes = Dictionary(
        uniqueKeysWithValues: latin9Scalars.map { ($0.value, $0.key) })
    private static let latin9Nearest: [Unicode.Scalar: UInt8] = [
        "’": UInt8(ascii: "'"), "‘": UInt8(ascii: "'"), "“": UInt8(ascii: "\""),
        "”": UInt8(ascii: "\""), "–": UInt8(ascii: "-"), "—": UInt8(ascii: "-"),
        "\u{202F}": UInt8(ascii: " "),
    ]
}
