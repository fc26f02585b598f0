import CCrypto

/// Why a key cannot be used. Each description says what a person can do.
public enum RecipientKeyError: Error, Sendable, CustomStringConvertible, Equatable {
    case notAPublicKey
    case notAPrivateKey
    /// Somebody is about to hand over what must stay with its owner.
    case isPrivate
    case tooShort(bits: Int)
    case passphraseNeeded
    case wrongPassphrase

    public var description: String {
        switch self {
        case .notAPublicKey: "this file holds no RSA public key in PEM (BEGIN PUBLIC KEY)"
        case .notAPrivateKey: "this file holds no RSA private key in PEM (BEGIN PRIVATE KEY)"
        case .isPrivate:
            "this is a private key, which must not be given away: give its public part, which "
                + "openssl pkey -in FILE -pubout prints"
        case .tooShort(let bits):
            "this key has \(bits) bits; at least \(RecipientKey.fewestBits) are asked for"
        case .passphraseNeeded: "this private key is protected by a passphrase"
        case .wrongPassphrase: "the passphrase does not open this private key"
        }
    }
}

/// Whom secrets are encrypted for: an RSA public key, whose private part somebody keeps elsewhere.
public struct RecipientKey: Sendable, Equatable {
    /// NIST SP 800-57: good beyond 2030.
    public static let fewestBits = 3072
    public static let bits = 4096
    /// A PEM file is a few kilobytes long.
    public static let mostBytes = 65_536

    /// SubjectPublicKeyInfo.
    private let der: [UInt8]
    public let pem: String

    /// Reads a public key of at least `fewestBits` in PEM (`BEGIN PUBLIC KEY`).
    public init(pem: String) throws(RecipientKeyError) {
        if pem.contains("PRIVATE KEY-----") { throw .isPrivate }
        let key = withBIO(Array(pem.utf8)) { PEM_read_bio_PUBKEY($0, nil, noPassphrase, nil) }
        guard let key else { throw .notAPublicKey }
        defer { EVP_PKEY_free(key) }
        try self.init(key)
    }

    fileprivate init(_ key: OpaquePointer) throws(RecipientKeyError) {
        guard EVP_PKEY_is_a(key, "RSA") == 1 else { throw .notAPublicKey }
        let bits = Int(EVP_PKEY_get_bits(key))
        guard bits >= RecipientKey.fewestBits else { throw .tooShort(bits: bits) }
        var start: UnsafeMutablePointer<UInt8>?
        let count = i2d_PUBKEY(key, &start)
        guard count > 0, let start else { throw .notAPublicKey }
        defer { CRYPTO_free(start, "", 0) }
        der = Array(UnsafeBufferPointer(start: start, count: Int(count)))
        pem = written { PEM_write_bio_PUBKEY($0, key) == 1 }
    }

    /// SHA-256 of the key, by which people tell one from another.
    public var fingerprint: [UInt8] { Digest.sha256(der) }

    /// Encrypts a short secret with RSA-OAEP (SHA-256, MGF1 with SHA-256; RFC 8017).
    public func wrap(_ secret: [UInt8]) -> [UInt8] {
        let key = der.withUnsafeBufferPointer { bytes -> OpaquePointer? in
            var start = bytes.baseAddress
            return d2i_PUBKEY(nil, &start, bytes.count)
        }
        defer { EVP_PKEY_free(key) }
        let context = EVP_PKEY_CTX_new(key, nil)
        defer { EVP_PKEY_CTX_free(context) }
        precondition(EVP_PKEY_encrypt_init(context) == 1)
        usePadding(context)
        var count = 0
        precondition(EVP_PKEY_encrypt(context, nil, &count, secret, secret.count) == 1)
        var out = [UInt8](repeating: 0, count: count)
        precondition(EVP_PKEY_encrypt(context, &out, &count, secret, secret.count) == 1)
        return Array(out.prefix(count))
    }
}

/// The private part of a `RecipientKey`. Nothing of it is kept by the program.
public final class RecipientSecret: @unchecked Sendable {
    // Unchecked: nothing changes the key once it is made, and OpenSSL lets threads share one.
    private let key: OpaquePointer
    public let publicKey: RecipientKey

    /// Draws a new pair.
    public init(bits: Int = RecipientKey.bits) throws {
        guard let key = comptoir_rsa_generate(UInt32(bits)) else {
            preconditionFailure("no RSA key could be made")
        }
        self.key = key
        publicKey = try RecipientKey(key)
    }

    /// Whether a passphrase is needed to read it.
    public static func isProtected(pem: String) -> Bool { pem.contains("ENCRYPTED") }

    /// Reads a private key in PEM.
    public init(pem: String, passphrase: String? = nil) throws(RecipientKeyError) {
        let isProtected = RecipientSecret.isProtected(pem: pem)
        guard pem.contains("PRIVATE KEY-----") else { throw .notAPrivateKey }
        if isProtected, passphrase == nil { throw .passphraseNeeded }
        var words = Array((passphrase ?? "").utf8CString)
        let key = withBIO(Array(pem.utf8)) { bio in
            words.withUnsafeMutableBytes {
                PEM_read_bio_PrivateKey(
                    bio, nil, isProtected ? nil : noPassphrase,
                    isProtected ? $0.baseAddress : nil)
            }
        }
        guard let key else { throw isProtected ? .wrongPassphrase : .notAPrivateKey }
        do {
            publicKey = try RecipientKey(key)
        } catch {
            EVP_PKEY_free(key)
            throw error == .notAPublicKey ? .notAPrivateKey : error
        }
        self.key = key
    }

    deinit { EVP_PKEY_free(key) }

    /// PKCS #8 in PEM; with a passphrase it is encrypted with AES-256 under a key made by scrypt
    /// (16 MiB), which `openssl pkey` reads too.
    public func pem(passphrase: String?) -> String {
        guard let passphrase else {
            return written {
                PEM_write_bio_PKCS8PrivateKey($0, key, nil, nil, 0, nil, nil) == 1
            }
        }
        let words = Array(passphrase.utf8CString)
        var salt = Random.bytes(16)
        let plain = EVP_PKEY2PKCS8(key)
        defer { PKCS8_PRIV_KEY_INFO_free(plain) }
        let method = PKCS5_pbe2_set_scrypt(
            EVP_aes_256_cbc(), &salt, Int32(salt.count), nil, 1 << 14, 8, 1)
        // The envelope takes the method over.
        let sealed = PKCS8_set0_pbe(words, Int32(words.count - 1), plain, method)
        defer { X509_SIG_free(sealed) }
        return written { PEM_write_bio_PKCS8($0, sealed) == 1 }
    }

    /// What was wrapped for this key; nil when it was not, or was changed.
    public func unwrap(_ wrapped: [UInt8]) -> [UInt8]? {
        let context = EVP_PKEY_CTX_new(key, nil)
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_decrypt_init(context) == 1 else { return nil }
        usePadding(context)
        var count = 0
        guard EVP_PKEY_decrypt(context, nil, &count, wrapped, wrapped.count) == 1 else {
            return nil
        }
        var out = [UInt8](repeating: 0, count: count)
        guard EVP_PKEY_decrypt(context, &out, &count, wrapped, wrapped.count) == 1 else {
            return nil
        }
        return Array(out.prefix(count))
    }
}

/// RSA_PKCS1_OAEP_PADDING with SHA-256 throughout.
private func usePadding(_ context: OpaquePointer?) {
    precondition(EVP_PKEY_CTX_set_rsa_padding(context, 4) == 1)
    precondition(EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) == 1)
    precondition(EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) == 1)
}

/// Answers that there is none: OpenSSL would ask on the terminal by itself.
private func noPassphrase(
    _: UnsafeMutablePointer<CChar>?, _: Int32, _: Int32, _: UnsafeMutableRawPointer?
) -> Int32 { -1 }

private func withBIO<T>(_ bytes: [UInt8], _ body: (OpaquePointer?) -> T) -> T {
    bytes.withUnsafeBytes { buffer in
        let bio = BIO_new_mem_buf(buffer.baseAddress, Int32(buffer.count))
        defer { BIO_free(bio) }
        return body(bio)
    }
}

/// What OpenSSL writes as text.
private func written(_ write: (OpaquePointer?) -> Bool) -> String {
    let bio = BIO_new(BIO_s_mem())
    defer { BIO_free(bio) }
    precondition(write(bio), "a key could not be written")
    var out: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 8192)
    while case let count = BIO_read(bio, &buffer, Int32(buffer.count)), count > 0 {
        out += buffer.prefix(Int(count))
    }
    return String(decoding: out, as: UTF8.self)
}
