import CCrypto

/// Keeps small secrets that are stored beside other data: AES-256-GCM (NIST SP 800-38D), through
/// OpenSSL. Whoever changes a byte of what was sealed, or moves it elsewhere, opens nothing.
public struct SecretBox: Sendable {
    /// 256 bits.
    public static let keyBytes = 32
    static let nonceBytes = 12
    static let tagBytes = 16
    private static let blockBytes = 16

    private let key: [UInt8]

    /// - Parameter key: `keyBytes` random bytes; another length stops the program. With random nonces
    ///   of 96 bits one key is good for some four thousand million secrets.
    public init(key: [UInt8]) {
        precondition(key.count == SecretBox.keyBytes, "the key has 32 bytes")
        self.key = key
    }

    /// The nonce drawn for it, the secret encrypted, and the tag: 28 bytes more than `secret`.
    ///
    /// - Parameter place: where it will be kept, such as the identifier of its owner. It is not part of
    ///   the answer, and `open` must be given the same.
    public func seal(_ secret: [UInt8], for place: [UInt8]) -> [UInt8] {
        seal(secret, for: place, nonce: Random.bytes(SecretBox.nonceBytes))
    }

    /// The secret as it was.
    /// - Throws: `SecretBoxError.notOpened` when key or place are others, or a byte was changed, which
    ///   cannot be told apart.
    public func open(_ sealed: [UInt8], for place: [UInt8]) throws(SecretBoxError) -> [UInt8] {
        let count = sealed.count - SecretBox.nonceBytes - SecretBox.tagBytes
        guard count >= 0 else { throw .notOpened }
        let nonce = Array(sealed.prefix(SecretBox.nonceBytes))
        let encrypted = Array(sealed.dropFirst(SecretBox.nonceBytes).prefix(count))
        var tag = Array(sealed.suffix(SecretBox.tagBytes))
        let context = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(context) }
        var length: Int32 = 0
        var secret = [UInt8](repeating: 0, count: count + SecretBox.blockBytes)
        precondition(EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1)
        precondition(EVP_DecryptUpdate(context, nil, &length, place, Int32(place.count)) == 1)
        precondition(
            EVP_DecryptUpdate(context, &secret, &length, encrypted, Int32(count)) == 1)
        let tagLength = Int32(SecretBox.tagBytes)
        precondition(
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, tagLength, &tag) == 1)
        var rest = [UInt8](repeating: 0, count: SecretBox.blockBytes)
        // Only here does OpenSSL compare the tag: nothing before it may be believed.
        guard EVP_DecryptFinal_ex(context, &rest, &length) == 1 else { throw .notOpened }
        return Array(secret.prefix(count))
    }

    /// With a nonce that the published vectors give. A nonce used twice betrays both secrets.
    func seal(_ secret: [UInt8], for place: [UInt8], nonce: [UInt8]) -> [UInt8] {
        let context = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(context) }
        var length: Int32 = 0
        var encrypted = [UInt8](repeating: 0, count: secret.count + SecretBox.blockBytes)
        var rest = [UInt8](repeating: 0, count: SecretBox.blockBytes)
        var tag = [UInt8](repeating: 0, count: SecretBox.tagBytes)
        precondition(EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1)
        precondition(EVP_EncryptUpdate(context, nil, &length, place, Int32(place.count)) == 1)
        precondition(
            EVP_EncryptUpdate(context, &encrypted, &length, secret, Int32(secret.count)) == 1)
        precondition(EVP_EncryptFinal_ex(context, &rest, &length) == 1)
        let tagLength = Int32(SecretBox.tagBytes)
        precondition(
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, tagLength, &tag) == 1)
        return nonce + encrypted.prefix(secret.count) + tag
    }
}

/// A secret that stays closed.
public enum SecretBoxError: Error, Sendable {
    /// Another key, another place, or bytes that were changed.
    case notOpened
}
