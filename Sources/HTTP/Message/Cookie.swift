/// A cookie to set. Making one fails rather than let a value inject attributes or headers.
public struct Cookie: Sendable, Equatable {
    /// When browsers send the cookie with requests that come from other sites.
    public enum SameSite: String, Sendable {
        /// Never.
        case strict = "Strict"
        /// Only when the user follows a link.
        case lax = "Lax"
        /// Always; browsers demand `secure` for it.
        case none = "None"
    }

    /// A token, such as `session`.
    public let name: String
    /// Visible ASCII without quotes, commas, semicolons and backslashes.
    public let value: String
    /// The path prefix under which the browser sends it.
    public let path: String
    /// Life in seconds; nil until the browser closes; 0 deletes the cookie.
    public let maxAgeSeconds: Int?
    /// Whether scripts cannot read it.
    public let httpOnly: Bool
    /// Whether it travels over TLS only.
    public let secure: Bool
    /// When it is sent from other sites.
    public let sameSite: SameSite

    /// - Throws: 500 when the name is not a token, when the value or path holds a character that a
    ///   cookie cannot carry, when the age is negative, or for `SameSite=None` without `secure`.
    public init(
        name: String, value: String, path: String = "/", maxAgeSeconds: Int? = nil,
        httpOnly: Bool = true, secure: Bool, sameSite: SameSite = .lax
    ) throws(HTTPError) {
        guard isToken(name.utf8), value.utf8.allSatisfy(isCookieByte), path.utf8.first == 0x2F,
            path.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ";") }),
            maxAgeSeconds ?? 0 >= 0, sameSite != .none || secure
        else { throw HTTPError(status: 500, message: "A cookie is not valid.") }
        self.name = name
        self.value = value
        self.path = path
        self.maxAgeSeconds = maxAgeSeconds
        self.httpOnly = httpOnly
        self.secure = secure
        self.sameSite = sameSite
    }

    /// The value of the `Set-Cookie` header.
    public var headerValue: String {
        var text = "\(name)=\(value); Path=\(path)"
        if let maxAgeSeconds { text += "; Max-Age=\(maxAgeSeconds)" }
        if httpOnly { text += "; HttpOnly" }
        if secure { text += "; Secure" }
        return text + "; SameSite=\(sameSite.rawValue)"
    }
}

/// RFC 6265, section 4.1.1: visible ASCII but for quote, comma, semicolon and backslash.
private func isCookieByte(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: ",")
        && byte != UInt8(ascii: ";") && byte != UInt8(ascii: "\\")
}

/// The cookies a request carries. The first of a repeated name counts: browsers send the one with
/// the longest path first.
func cookies(in headers: HTTPHeaders) -> [String: String] {
    var cookies: [String: String] = [:]
    for header in headers.all(named: "Cookie") {
        for pair in Array(header.utf8).split(separator: UInt8(ascii: ";")) {
            let parts = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            let name = trimmed(parts[0])
            var value = trimmed(parts[1])
            if value.count >= 2, value.first == 0x22, value.last == 0x22 {
                value = value.dropFirst().dropLast()
            }
            guard isToken(name), let text = plainText(value) else { continue }
            let key = String(decoding: name, as: UTF8.self)
            if cookies[key] == nil { cookies[key] = text }
        }
    }
    return cookies
}
