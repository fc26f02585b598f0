import Basics

/// A provider of OpenID Connect that signs what it is told, also what no honest one would; see
/// `told_server.py`.
public final class ForgingProvider {
    /// The key that it publishes, and signs honest tokens with.
    public static let key = SigningKey(seed: [UInt8](repeating: 5, count: 32))
    public static let keyID = "published"

    private let server: ScriptedServer

    /// - Parameter endpoints: what its discovery says otherwise than an honest one's.
    public init(_ endpoints: [String: String] = [:]) throws {
        server = try ScriptedServer("told_server.py")
        let own: JSON = [
            "issuer": .string(issuer), "authorization_endpoint": .string(issuer + "/authorize"),
            "token_endpoint": .string(issuer + "/token"), "jwks_uri": .string(issuer + "/keys"),
            "userinfo_endpoint": .string(issuer + "/userinfo"),
        ]
        let members = (own.members ?? []).map { name, value in
            (name, endpoints[name].map(JSON.string) ?? value)
        }
        try tell("/.well-known/openid-configuration", .object(members))
        let published = JSONWebKey(id: Self.keyID, .ed25519(Self.key.publicKey))
        try tell("/keys", ["keys": [published.json]])
    }

    public var issuer: String { "http://127.0.0.1:\(server.port)" }

    /// What this path answers from now on.
    public func tell(_ path: String, _ answer: JSON) throws {
        try runTool(
            "curl", "-sf", "-X", "PUT", "-d", JSON.object([(path, answer)]).text, issuer + "/tell")
    }

    /// What the token endpoint answers from now on.
    public func issue(_ token: String) throws {
        try tell(
            "/token",
            ["token_type": "Bearer", "access_token": "access", "id_token": .string(token)])
    }

    /// The paths asked so far, with what was posted to them.
    public func asked() throws -> [(path: String, body: String)] {
        let text = try runTool("curl", "-sf", issuer + "/asked")
        return (JSON(parsing: text)?.array ?? []).map {
            ($0["path"]?.string ?? "", $0["body"]?.string ?? "")
        }
    }
}
