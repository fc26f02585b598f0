import CCrypto

/// A key that signs with Ed25519 (RFC 8032).
public struct SigningKey: Sendable {
    public static let seedBytes = 32

    private let seed: [UInt8]

    /// - Parameter seed: `seedBytes` random bytes; another length stops the program.
    public init(seed: [UInt8]) {
        precondition(seed.count == SigningKey.seedBytes, "the seed has 32 bytes")
        self.seed = seed
    }

    private func withKey<T>(_ body: (OpaquePointer) -> T) -> T {
        guard let key = EVP_PKEY_new_raw_private_key(ed25519Kind, nil, seed, seed.count) else {
            preconditionFailure("no Ed25519 key")
        }
        defer { EVP_PKEY_free(key) }
        return body(key)
    }

    /// 32 bytes.
    public var publicKey: [UInt8] {
        withKey { key in
            var out = [UInt8](repeating: 0, count: 32)
            var count = out.count
            precondition(EVP_PKEY_get_raw_public_key(key, &out, &count) == 1)
            return out
        }
    }

    /// 64 bytes.
    public func sign(_ message: [UInt8]) -> [UInt8] {
        withKey { key in
            let context = EVP_MD_CTX_new()
            defer { EVP_MD_CTX_free(context) }
            var out = [UInt8](repeating: 0, count: 64)
            var count = out.count
            precondition(EVP_DigestSignInit(context, nil, nil, nil, key) == 1)
            precondition(EVP_DigestSign(context, &out, &count, message, message.count) == 1)
            return out
        }
    }
}

/// What proves a signature: of Ed25519, or of RSA with PKCS #1 v1.5 and SHA-256. Others are not spoken.
public enum VerificationKey: Sendable, Hashable {
    case ed25519([UInt8])
    /// Modulus and exponent, the most significant byte first. Less than 2048 bits prove nothing.
    case rsa(modulus: [UInt8], exponent: [UInt8])

    private static let fewestModulusBytes = 256

    public func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard let key = makeKey() else { return false }
        defer { EVP_PKEY_free(key) }
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        let digest: OpaquePointer? =
            if case .rsa = self { EVP_sha256() } else { nil }
        guard EVP_DigestVerifyInit(context, nil, digest, nil, key) == 1 else { return false }
        return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    private func makeKey() -> OpaquePointer? {
        switch self {
        case .ed25519(let bytes):
            return EVP_PKEY_new_raw_public_key(ed25519Kind, nil, bytes, bytes.count)
        case .rsa(let modulus, let exponent):
            guard modulus.drop(while: { $0 == 0 }).count >= Self.fewestModulusBytes else {
                return nil
            }
            return Self.rsaKey(modulus, exponent)
        }
    }

    private static func name(_ text: StaticString) -> UnsafePointer<CChar> {
        UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
    }

    private static func rsaKey(_ modulus: [UInt8], _ exponent: [UInt8]) -> OpaquePointer? {
        let n = BN_bin2bn(modulus, Int32(modulus.count), nil)
        let e = BN_bin2bn(exponent, Int32(exponent.count), nil)
        let builder = OSSL_PARAM_BLD_new()
        let context = EVP_PKEY_CTX_new_from_name(nil, "RSA", nil)
        defer {
            BN_free(n)
            BN_free(e)
            OSSL_PARAM_BLD_free(builder)
            EVP_PKEY_CTX_free(context)
        }
        // The builder keeps the address of a name, not the name: it must outlive the call.
        guard OSSL_PARAM_BLD_push_BN(builder, name("n"), n) == 1,
            OSSL_PARAM_BLD_push_BN(builder, name("e"), e) == 1,
            let parameters = OSSL_PARAM_BLD_to_param(builder)
        else { return nil }
        defer { OSSL_PARAM_free(parameters) }
        var key: OpaquePointer?
        guard EVP_PKEY_fromdata_init(context) == 1,
            EVP_PKEY_fromdata(context, &key, publicPart, parameters) == 1
        else { return nil }
        return key
    }
}

/// NID_ED25519: a macro that is no number to Swift.
private let ed25519Kind: Int32 = 1087
/// EVP_PKEY_PUBLIC_KEY: the parameters of a key and its public part.
private let publicPart: Int32 = 0x86
