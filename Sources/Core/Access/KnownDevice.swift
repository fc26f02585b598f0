import Basics
import HTTP

/// A browser in which a person signed in before. It carries a signed cookie, one for each person, so that
/// guessing elsewhere locks nobody out of it, and a sign-in from another one is told to the person.
enum KnownDevice {
    private static let cookiePrefix = "comptoir_device_"
    private static let lifetimeSeconds = 400 * 86_400

    /// Which of the person's devices this is; nil of an unknown one. Any address may be asked for, with an
    /// account or without.
    static func id(of email: String, _ request: Request) -> String? {
        guard let value = request.http.cookies[cookieName(email, request)] else { return nil }
        let parts = value.split(separator: ".").map(String.init)
        guard parts.count == 2, let given = bytes(hexadecimal: parts[1]),
            Digest.equal(given, signature(parts[0], email, request))
        else { return nil }
        return parts[0]
    }

    /// To be set once a person has signed in.
    static func cookie(for email: String, _ request: Request) throws -> Cookie {
        let id = self.id(of: email, request) ?? hexadecimal(Random.bytes(8))
        return try Cookie(
            name: cookieName(email, request),
            value: id + "." + hexadecimal(signature(id, email, request)),
            maxAgeSeconds: lifetimeSeconds, secure: request.http.isSecure)
    }

    private static func cookieName(_ email: String, _ request: Request) -> String {
        let mark = request.application.signature(of: Array(email.utf8), for: "device cookie")
        return cookiePrefix + hexadecimal(mark.prefix(8))
    }

    private static func signature(_ id: String, _ email: String, _ request: Request) -> [UInt8] {
        request.application.signature(of: Array("\(id) \(email)".utf8), for: "device")
    }
}
