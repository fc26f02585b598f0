import Basics
import WebClient

/// A real provider of OpenID Connect; see `identity_provider.py`.
public final class IdentityServer {
    private let server: ScriptedServer
    private let client = WebClient(allowsLoopback: true)

    /// Whether the Python found has the provider.
    public static let isAvailable =
        (try? runTool(SMTPSink.python, "-W", "ignore", "-c", "import oidc_provider_mock")) != nil

    public init() throws {
        server = try ScriptedServer("identity_provider.py", python: SMTPSink.python)
    }

    public var issuer: String { "http://127.0.0.1:\(server.port)" }

    /// Somebody with an account there.
    public func addUser(_ subject: String, _ claims: JSON) throws {
        let status = try runTool(
            "/usr/bin/env", "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-X", "PUT",
            "-H",
            "Content-Type: application/json", "-d", claims.text, issuer + "/users/" + subject)
        guard status.hasPrefix("204") || status.hasPrefix("200") else {
            throw SinkFailed(reason: "the provider answers \(status)")
        }
    }

    /// What a person does there: says who they are, and is sent back. Answers the address.
    public func signIn(at address: String, as subject: String) throws -> String {
        try runTool(
            "/usr/bin/env", "curl", "-s", "-o", "/dev/null", "-w", "%{redirect_url}", "-d",
            "sub=\(subject)", address)
    }
}
