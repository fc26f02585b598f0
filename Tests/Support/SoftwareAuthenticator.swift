import Basics
import CCrypto
import WebAuthn

/// A device with one passkey, as browsers and authenticators together answer: what it makes is put together here
/// byte by byte from the specification, and checked by libfido2.
public final class SoftwareAuthenticator {
    /// Present, verified, with a credential (WebAuthn level 2, section 6.1).
    public static let present: UInt8 = 0x01
    public static let verified: UInt8 = 0x04
    private static let attested: UInt8 = 0x40

    public let algorithm: CredentialKey.Algorithm
    public var credential = Random.bytes(32)
    /// Of whom it keeps the passkey, as it was told.
    public var userHandle: [UInt8] = []
    public var host = "localhost"
    public var origin = "http://localhost"
    public var flags = SoftwareAuthenticator.present | SoftwareAuthenticator.verified
    public var signCount: UInt32 = 0
    /// Members that the client data hold beside the usual ones.
    public var remarks: [(String, JSON)] = [("crossOrigin", false)]

    private let key: OpaquePointer

    public init(_ algorithm: CredentialKey.Algorithm = .es256) {
        self.algorithm = algorithm
        switch algorithm {
        case .es256: key = generated("EC") { EVP_PKEY_CTX_set_group_name($0, "P-256") }
        case .eddsa: key = generated("ED25519") { _ in 1 }
        case .rs256: key = generated("RSA") { EVP_PKEY_CTX_set_rsa_keygen_bits($0, 2048) }
        }
    }

    deinit { EVP_PKEY_free(key) }

    public func clientData(_ type: String, _ challenge: String) -> [UInt8] {
        let members: [(String, JSON)] = [
            ("type", .string(type)), ("challenge", .string(challenge)), ("origin", .string(origin)),
        ]
        return JSON.object(members + remarks).bytes
    }

    public func authenticatorData(withCredential: Bool) -> [UInt8] {
        let flags = withCredential ? flags | Self.attested : flags
        let head = Digest.sha256(host) + [flags] + bigEndian(signCount)
        guard withCredential else { return head }
        let length = [UInt8(credential.count >> 8), UInt8(credential.count & 0xFF)]
        return head + [UInt8](repeating: 0, count: 16) + length + credential + coseKey
    }

    /// Over the authenticator data and the hash of the client data.
    public func signature(over data: [UInt8], _ clientData: [UInt8]) -> [UInt8] {
        let message = data + Digest.sha256(clientData)
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        let digest: OpaquePointer? = algorithm == .eddsa ? nil : EVP_sha256()
        var out = [UInt8](repeating: 0, count: 512)
        var count = out.count
        precondition(EVP_DigestSignInit(context, nil, digest, nil, key) == 1)
        precondition(EVP_DigestSign(context, &out, &count, message, message.count) == 1)
        return Array(out.prefix(count))
    }

    /// RFC 9053, in CBOR (RFC 8949).
    private var coseKey: [UInt8] {
        switch algorithm {
        case .es256:
            let point = octets("pub")
            return [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]
                + point[1...32] + [0x22, 0x58, 0x20] + point[33...64]
        case .eddsa:
            return [0xA4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20] + octets("pub")
        case .rs256:
            return [0xA4, 0x01, 0x03, 0x03, 0x39, 0x01, 0x00, 0x20, 0x59, 0x01, 0x00]
                + number("n") + [0x21, 0x43] + number("e")
        }
    }

    private func octets(_ name: String) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: 128)
        var count = 0
        precondition(EVP_PKEY_get_octet_string_param(key, name, &out, out.count, &count) == 1)
        return Array(out.prefix(count))
    }

    private func number(_ name: String) -> [UInt8] {
        var value: OpaquePointer?
        precondition(EVP_PKEY_get_bn_param(key, name, &value) == 1)
        defer { BN_free(value) }
        var out = [UInt8](repeating: 0, count: 512)
        let count = Int(BN_bn2bin(value, &out))
        return Array(out.prefix(count))
    }

    private func bigEndian(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}

private func generated(_ kind: String, _ choose: (OpaquePointer) -> Int32) -> OpaquePointer {
    guard let context = EVP_PKEY_CTX_new_from_name(nil, kind, nil) else {
        preconditionFailure("no keys of \(kind)")
    }
    defer { EVP_PKEY_CTX_free(context) }
    var key: OpaquePointer?
    precondition(EVP_PKEY_keygen_init(context) == 1 && choose(context) == 1)
    precondition(EVP_PKEY_generate(context, &key) == 1)
    guard let key else { preconditionFailure("no key of \(kind)") }
    return key
}
