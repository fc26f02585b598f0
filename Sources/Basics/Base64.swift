import FoundationEssentials

/// Bytes as text (RFC 4648, section 4), with padding.
public enum Base64 {
    /// Nil for anything else; line breaks and blanks are passed over, as mail has them.
    public static func bytes(_ text: String) -> [UInt8]? {
        let plain = text.utf8.filter { $0 > 32 }
        return Data(base64Encoded: Data(plain)).map { Array($0) }
    }

    public static func text(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
