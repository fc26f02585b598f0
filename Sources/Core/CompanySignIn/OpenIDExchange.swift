import Basics
import FoundationEssentials
import WebClient

/// Whom a provider says that somebody is.
struct ExternalIdentity: Sendable, Hashable {
    var issuer: String
    /// The provider's own name for the person, which never changes.
    var subject: String
    /// Nil when the provider does not vouch for it, and is not trusted without.
    var email: String?
}

/// Why a provider brought nobody in.
enum OpenIDFailure: Error, Sendable {
    case unreachable(String)
    /// It answered something else than the standard says.
    case answer(String)
    /// What it signed is not for us, not of now, or not its own.
    case token
}

/// One sign-in at one provider: authorization code with PKCE (OpenID Connect Core 1.0, RFC 7636).
struct OpenIDExchange: Sendable {
    private static let mostAnswerBytes = 262_144
    private static let leewaySeconds = 60
    /// For each request: people wait, and so does a thread that would answer others.
    private static let timeoutSeconds = 5

    let client: WebClient
    let provider: IdentityProvider
    let secret: String
    let redirectURI: String
    private let metadata: JSON

    /// Reads what the provider publishes of itself.
    init(
        _ client: WebClient, _ provider: IdentityProvider, secret: String, redirectURI: String
    ) throws(OpenIDFailure) {
        let client = WebClient(
            allowsLoopback: client.allowsLoopback, timeoutSeconds: Self.timeoutSeconds)
        self.client = client
        self.provider = provider
        self.secret = secret
        self.redirectURI = redirectURI
        let base =
            provider.issuer.hasSuffix("/") ? String(provider.issuer.dropLast()) : provider.issuer
        metadata = try Self.get(client, base + "/.well-known/openid-configuration", [])
        guard metadata["issuer"]?.string == provider.issuer else {
            throw .answer("issuer")
        }
    }

    /// Where the browser goes. `challenge` is S256 of the verifier.
    func authorizationAddress(state: String, nonce: String, challenge: String)
        throws(OpenIDFailure) -> String
    {
        let endpoint = try address("authorization_endpoint")
        // Pages hold it as a link: it must lead to a page of the web, where requests could go as well.
        guard WebAddress(endpoint).map(client.allows) == true else {
            throw .answer("authorization_endpoint")
        }
        let query = [
            ("response_type", "code"), ("client_id", provider.clientID),
            ("redirect_uri", redirectURI), ("scope", "openid email"), ("state", state),
            ("nonce", nonce), ("code_challenge", challenge), ("code_challenge_method", "S256"),
        ].map { $0.0 + "=" + formEncoded($0.1) }.joined(separator: "&")
        return endpoint + (endpoint.contains("?") ? "&" : "?") + query
    }

    /// Whom the code stands for; the token that says so is proved.
    func identity(code: String, verifier: String, nonce: String, at now: Instant)
        throws(OpenIDFailure) -> ExternalIdentity
    {
        let answer = try post(
            address("token_endpoint"),
            [
                ("grant_type", "authorization_code"), ("code", code),
                ("redirect_uri", redirectURI), ("code_verifier", verifier),
            ])
        guard let text = answer["id_token"]?.string, let token = JSONWebToken(text) else {
            throw .answer("id_token")
        }
        let keys = try Self.get(client, address("jwks_uri"), [])["keys"]?.array ?? []
        guard token.isSigned(by: keys.compactMap(JSONWebKey.init)),
            isForUs(token.claims, nonce, at: now),
            let subject = token.claims["sub"]?.string, (1...255).contains(subject.count)
        else { throw .token }
        var claims = token.claims
        if claims["email"] == nil, let access = answer["access_token"]?.string,
            metadata["userinfo_endpoint"] != nil
        {
            let more = try Self.get(
                client, address("userinfo_endpoint"), [("Authorization", "Bearer \(access)")])
            // It must speak of the same person (5.3.2).
            if more["sub"]?.string == subject { claims = more }
        }
        let isVerified = provider.trustsAddresses || claims["email_verified"] == .bool(true)
        return ExternalIdentity(
            issuer: provider.issuer, subject: subject,
            email: isVerified
                ? claims["email"]?.string.flatMap { EmailAddress.normalized($0) } : nil)
    }

    private func isForUs(_ claims: JSON, _ nonce: String, at now: Instant) -> Bool {
        let audience = claims["aud"]?.array?.compactMap(\.string) ?? [claims["aud"]?.string ?? ""]
        guard claims["iss"]?.string == provider.issuer, audience.contains(provider.clientID),
            claims["azp"]?.string ?? (audience.count == 1 ? provider.clientID : "")
                == provider.clientID,
            claims["nonce"]?.string == nonce, let ends = claims["exp"]?.int,
            let begins = claims["iat"]?.int
        else { return false }
        return now.seconds < ends + Self.leewaySeconds
            && begins <= now.seconds + Self.leewaySeconds
    }

    // MARK: requests

    private func address(_ member: String) throws(OpenIDFailure) -> String {
        guard let text = metadata[member]?.string else { throw .answer(member) }
        return text
    }

    private func post(_ text: String, _ fields: [(String, String)]) throws(OpenIDFailure) -> JSON {
        guard let address = WebAddress(text) else { throw .answer(text) }
        let pair = formEncoded(provider.clientID) + ":" + formEncoded(secret)
        let headers = [
            (name: "Authorization", value: "Basic " + Data(pair.utf8).base64EncodedString()),
            ("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json"),
        ]
        let body = fields.map { $0.0 + "=" + formEncoded($0.1) }.joined(separator: "&")
        do {
            let answer = try client.post(
                address, headers: headers, body: Array(body.utf8),
                mostBytes: Self.mostAnswerBytes)
            return try Self.read(answer)
        } catch let failure as WebFailure { throw .unreachable(failure.kind.rawValue) } catch {
            throw .answer(text)
        }
    }

    private static func get(
        _ client: WebClient, _ text: String, _ headers: [(name: String, value: String)]
    ) throws(OpenIDFailure) -> JSON {
        guard let address = WebAddress(text) else { throw .answer(text) }
        let answer: WebAnswer
        do {
            answer = try client.get(
                address, headers: headers + [("Accept", "application/json")],
                mostBytes: mostAnswerBytes)
        } catch { throw .unreachable(error.kind.rawValue) }
        return try read(answer)
    }

    private static func read(_ answer: WebAnswer) throws(OpenIDFailure) -> JSON {
        guard answer.status == 200, !answer.isCut, let json = JSON(parsing: answer.body) else {
            throw .answer(String(answer.status))
        }
        return json
    }
}

/// As forms and addresses hold it: everything but what is never special.
private func formEncoded(_ text: String) -> String {
    PercentEncoding.encoded(text).replacing("/", with: "%2F")
}
