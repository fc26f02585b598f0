/// A public key as programs publish it (RFC 7517): Ed25519 (RFC 8037) and RSA for signatures.
public struct JSONWebKey: Sendable, Hashable {
    public let id: String
    public let key: VerificationKey

    public init(id: String, _ key: VerificationKey) {
        self.id = id
        self.key = key
    }

    /// Nil for keys of other kinds or uses, which prove nothing here.
    public init?(_ json: JSON) {
        if let use = json["use"]?.string, use != "sig" { return nil }
        func bytes(_ member: String) -> [UInt8]? {
            json[member]?.string.flatMap { Base64URL.bytes($0) }
        }
        id = json["kid"]?.string ?? ""
        switch json["kty"]?.string {
        case "OKP"? where json["crv"]?.string == "Ed25519":
            guard let x = bytes("x"), x.count == 32 else { return nil }
            key = .ed25519(x)
        case "RSA"?:
            guard json["alg"].map({ $0.string == "RS256" }) ?? true, let n = bytes("n"),
                let e = bytes("e")
            else { return nil }
            key = .rsa(modulus: n, exponent: e)
        default: return nil
        }
    }

    public var json: JSON {
        switch key {
        case .ed25519(let bytes):
            [
                "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": .string(id),
                "x": .string(Base64URL.text(bytes)),
            ]
        case .rsa(let modulus, let exponent):
            [
                "kty": "RSA", "use": "sig", "alg": "RS256", "kid": .string(id),
                "n": .string(Base64URL.text(modulus)), "e": .string(Base64URL.text(exponent)),
            ]
        }
    }

    /// The one algorithm that a key of this kind is for: what a token says of itself decides nothing.
    var algorithm: String {
        switch key {
        case .ed25519: "EdDSA"
        case .rsa: "RS256"
        }
    }
}

/// Claims with a signature (RFC 7519, compact form). Read, it is worth nothing until `isSigned` said so.
public struct JSONWebToken: Sendable {
    private static let mostBytes = 16_384

    public let claims: JSON
    private let header: JSON
    private let signed: [UInt8]
    private let signature: [UInt8]

    /// Nil for what is no token.
    public init?(_ compact: String) {
        let parts = compact.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, compact.utf8.count <= Self.mostBytes,
            let header = Base64URL.bytes(String(parts[0])).flatMap({ JSON(parsing: $0) }),
            let claims = Base64URL.bytes(String(parts[1])).flatMap({ JSON(parsing: $0) }),
            let signature = Base64URL.bytes(String(parts[2])), case .object = header,
            case .object = claims
        else { return nil }
        self.header = header
        self.claims = claims
        self.signature = signature
        signed = Array((parts[0] + "." + parts[1]).utf8)
    }

    public var keyID: String? { header["kid"]?.string }
    /// Such as `at+jwt`.
    public var type: String? { header["typ"]?.string }

    /// Whether one of the keys made the signature, with the algorithm that is the key's. A token without a
    /// signature, one of a shared secret, or one that asks for extensions is not.
    public func isSigned(by keys: [JSONWebKey]) -> Bool {
        guard header["crit"] == nil, let algorithm = header["alg"]?.string else { return false }
        return keys.contains { candidate in
            (keyID == nil || candidate.id == keyID) && candidate.algorithm == algorithm
                && candidate.key.verifies(signature, of: signed)
        }
    }

    /// The claims in compact form, signed with Ed25519.
    public static func signed(
        _ claims: JSON, type: String, by key: SigningKey, id: String
    ) -> String {
        let header: JSON = [
            "alg": "EdDSA", "typ": .string(type), "kid": .string(id),
        ]
        let content = Base64URL.text(header.bytes) + "." + Base64URL.text(claims.bytes)
        return content + "." + Base64URL.text(key.sign(Array(content.utf8)))
    }
}
