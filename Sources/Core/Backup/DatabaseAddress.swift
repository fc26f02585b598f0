import Basics

/// Addresses of databases as PostgreSQL's own programs may be given them.
enum DatabaseAddress {
    /// Arguments of a process can be read by every user of the machine; its environment cannot.
    static func withoutPassword(_ address: String) throws -> (String, password: String?) {
        guard let scheme = address.firstRange(of: "://") else {
            if address.contains("password") { throw BackupError.passwordInKeywords }
            return (address, nil)
        }
        let rest = address[scheme.upperBound...]
        if let query = rest.firstIndex(of: "?"),
            percentDecoded(String(rest[query...])).contains("password")
        {
            throw BackupError.passwordInKeywords
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard let at = authority.lastIndex(of: "@"),
            let colon = authority[..<at].firstIndex(of: ":")
        else { return (address, nil) }
        let password = String(authority[authority.index(after: colon)..<at])
        return (
            String(address[..<scheme.upperBound]) + authority[..<colon] + rest[at...],
            percentDecoded(password)
        )
    }

    private static func percentDecoded(_ text: String) -> String {
        var out: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let decoded = bytes(hexadecimal: String(decoding: rest.prefix(2), as: UTF8.self))
            {
                out += decoded
                rest = rest.dropFirst(2)
            } else {
                out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
