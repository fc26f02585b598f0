import FoundationEssentials

/// Bytes as they stand in addresses (RFC 4648, section 5), without padding.
public enum Base64URL {
    public static func text(_ bytes: [UInt8]) -> String {
        String(
            Data(bytes).base64EncodedString().compactMap { character in
                switch character {
                case "+": "-"
                case "/": "_"
                case "=": nil
                default: character
                }
            })
    }

    /// Nil for text that `text` does not make.
    public static func bytes(_ text: String) -> [UInt8]? {
        guard text.utf8.count < 10_000, !text.contains(where: { "+/=".contains($0) }) else {
            return nil
        }
        let plain = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        let padded = plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: padded), Base64URL.text(Array(data)) == text else {
            return nil
        }
        return Array(data)
    }
}

/// Bytes as they stand in data addresses and mails (RFC 4648, section 4), with padding.
public enum Base64 {
    public static func text(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    /// Nil for anything else; line breaks and blanks are passed over.
    public static func bytes(_ text: String) -> [UInt8]? {
        Data(base64Encoded: Data(text.utf8.filter { $0 > 32 })).map { Array($0) }
    }
}
