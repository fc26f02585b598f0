import CCrypto

/// Passwords that change every half minute, as telephones show them: TOTP (RFC 6238) with HMAC-SHA-1,
/// six digits, steps of 30 seconds, which every application for it knows.
public struct OneTimePassword: Sendable {
    public static let secretBytes = 20
    public static let digits = 6
    public static let stepSeconds = 30
    /// Clocks differ, and typing takes time: one step before and after is good too.
    static let tolerance: Int64 = 1

    public let secret: [UInt8]

    public init(secret: [UInt8]) { self.secret = secret }

    public static func step(at now: Instant) -> Int64 { Int64(now.seconds / stepSeconds) }

    /// The password of a step, with its leading zeros.
    public func password(step: Int64) -> String {
        let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> (8 * (7 - $0))) }
        let hash = Digest.hmacSHA1(key: secret, counter)
        let offset = Int(hash[19] & 0xF)
        let number = hash[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } & 0x7FFF_FFFF
        let text = String(number % 1_000_000)
        return String(repeating: "0", count: Self.digits - text.count) + text
    }

    /// The step that a password belongs to; nil when it is none of now, or of a step up to `used`, which
    /// opened something already.
    public func step(of password: String, at now: Instant, after used: Int64) -> Int64? {
        let typed = password.filter { !$0.isWhitespace }
        guard typed.utf8.count == Self.digits else { return nil }
        let present = Self.step(at: now)
        // Every step is compared, so that the time taken tells nothing.
        let matching = (present - Self.tolerance...present + Self.tolerance).filter {
            Digest.equal(Array(self.password(step: $0).utf8), Array(typed.utf8))
        }
        return matching.first { $0 > used }
    }

    /// What a telephone reads from a QR code (the Key Uri Format of Google Authenticator).
    public func address(issuer: String, account: String) -> String {
        func plain(_ text: String) -> String {
            text.utf8.map { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                    UInt8(ascii: "_"):
                    String(Unicode.Scalar(byte))
                default: "%" + hexadecimal([byte]).uppercased()
                }
            }.joined()
        }
        return "otpauth://totp/\(plain(issuer)):\(plain(account))?secret=\(Base32.encoded(secret))"
            + "&issuer=\(plain(issuer))&algorithm=SHA1&digits=\(Self.digits)&period=\(Self.stepSeconds)"
    }
}

/// RFC 4648, without padding.
public enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

    public static func encoded(_ bytes: [UInt8]) -> String {
        var (out, bits, count) = ("", 0, 0)
        for byte in bytes {
            bits = (bits << 8 | Int(byte)) & 0xFFFF
            count += 8
            while count >= 5 {
                count -= 5
                out.append(alphabet[bits >> count & 31])
            }
        }
        if count > 0 { out.append(alphabet[bits << (5 - count) & 31]) }
        return out
    }
}
