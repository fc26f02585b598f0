import Basics
import TestSupport
import Testing

/// A token as no honest provider would make it for us.
struct Forgery: Sendable, CustomTestStringConvertible {
    let testDescription: String
    private var claims: [String: JSON] = [:]
    private var make: @Sendable (JSON) -> String = { Forgery.signed($0, ForgingProvider.key) }

    private init(_ name: String, _ claims: [String: JSON]) {
        testDescription = name
        self.claims = claims
    }

    private init(_ name: String, make: @escaping @Sendable (JSON) -> String) {
        testDescription = name
        self.make = make
    }

    /// What is signed after all, in place of the honest claims.
    func token(_ honest: [String: JSON]) -> String {
        let claims = honest.merging(claims) { $1 }.filter { $0.value != .null }
        return make(.object(claims.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
    }

    static let honest = Forgery("honest", [:])
    static let all = [
        Forgery("wrong nonce", ["nonce": "another"]),
        Forgery("no nonce", ["nonce": .null]),
        Forgery("another audience", ["aud": "another"]),
        Forgery("no audience", ["aud": .null]),
        Forgery("several audiences, wrong azp", ["aud": ["comptoir", "b"], "azp": "b"]),
        Forgery("several audiences, no azp", ["aud": ["comptoir", "b"]]),
        Forgery("one audience, wrong azp", ["azp": "b"]),
        Forgery("another issuer", ["iss": "https://login.example.com"]),
        Forgery("over", ["exp": 1]),
        Forgery("without an end", ["exp": .null]),
        Forgery("of tomorrow", ["iat": 99_999_999_999]),
        Forgery("no subject", ["sub": .null]),
        Forgery("alg none") { assembled(["alg": "none"], $0) { _ in [] } },
        Forgery("alg none, with its key's name") {
            assembled(["alg": "none", "kid": .string(ForgingProvider.keyID)], $0) { _ in [] }
        },
        Forgery("HS256 with the public key") {
            assembled(["alg": "HS256"], $0) { Digest.hmac(key: ForgingProvider.key.publicKey, $0) }
        },
        Forgery("RS256 said, EdDSA made") {
            assembled(["alg": "RS256"], $0) { ForgingProvider.key.sign($0) }
        },
        Forgery("another key") { signed($0, stranger) },
        Forgery("another key, unnamed") { assembled(["alg": "EdDSA"], $0) { stranger.sign($0) } },
        Forgery("changed afterwards") { claims in
            let parts = signed(["sub": "other"], ForgingProvider.key).split(separator: ".")
            return "\(parts[0]).\(Base64URL.text(claims.bytes)).\(parts[2])"
        },
    ]

    private static let stranger = SigningKey(seed: [UInt8](repeating: 9, count: 32))

    private static func signed(_ claims: JSON, _ key: SigningKey) -> String {
        JSONWebToken.signed(claims, type: "JWT", by: key, id: ForgingProvider.keyID)
    }

    private static func assembled(
        _ header: JSON, _ claims: JSON, _ sign: ([UInt8]) -> [UInt8]
    ) -> String {
        let content = Base64URL.text(header.bytes) + "." + Base64URL.text(claims.bytes)
        return content + "." + Base64URL.text(sign(Array(content.utf8)))
    }
}
