import Basics
import HTTP

/// Something that a browser carries for us for some minutes. Sealed for its name: it can be neither read nor made
/// elsewhere, nor serve for something else.
struct SealedCookie: Sendable {
    let name: String
    let lifetimeSeconds: Int

    private var place: [UInt8] { Array("cookie:\(name)".utf8) }

    /// What it holds; nil when the browser has none of ours, or an old one.
    func content(_ request: Request) -> JSON? {
        guard let sealed = request.http.cookies[name].flatMap({ bytes(hexadecimal: $0) }),
            let opened = try? request.application.secretBox.open(sealed, for: place),
            let json = JSON(parsing: opened), let until = json["until"]?.int,
            until > request.now.seconds
        else { return nil }
        return json["content"]
    }

    func holding(_ content: JSON, _ request: Request) throws -> Cookie {
        let json: JSON = [
            "until": .int(request.now.seconds + lifetimeSeconds), "content": content,
        ]
        let sealed = request.application.secretBox.seal(json.bytes, for: place)
        return try cookie(hexadecimal(sealed), lifetimeSeconds, request)
    }

    func cleared(_ request: Request) throws -> Cookie { try cookie("", 0, request) }

    private func cookie(_ value: String, _ seconds: Int, _ request: Request) throws -> Cookie {
        try Cookie(name: name, value: value, maxAgeSeconds: seconds, secure: request.http.isSecure)
    }
}
