import CFido2

/// The public key of a credential: what proves that a signature was made by the authenticator that holds
/// the other half.
public struct CredentialKey: Sendable, Equatable {
    /// The signatures that are spoken, by their COSE numbers (RFC 9053), the most wanted first.
    public enum Algorithm: Int, Sendable, CaseIterable {
        /// ECDSA over P-256 with SHA-256: every authenticator.
        case es256 = -7
        /// Ed25519.
        case eddsa = -8
        /// RSA with PKCS #1 v1.5 and SHA-256, 2048 bits: older Windows.
        case rs256 = -257

        var number: Int32 { Int32(rawValue) }

        /// Bytes of a key in libfido2's form.
        var keyBytes: Int {
            switch self {
            case .es256: 64
            case .eddsa: 32
            case .rs256: 259
            }
        }
    }

    public let algorithm: Algorithm
    /// As libfido2 keeps it: x and y of ES256 (64 bytes), x of EdDSA (32), modulus and exponent of
    /// RS256 (256 and 3), the most significant byte first.
    public let bytes: [UInt8]

    /// Nil for bytes that are no key of that kind, such as a point beside the curve.
    public init?(_ algorithm: Algorithm, _ bytes: [UInt8]) {
        guard bytes.count == algorithm.keyBytes else { return nil }
        self.algorithm = algorithm
        self.bytes = bytes
        guard withKey({ _ in true }) else { return nil }
    }

    /// Whether libfido2 finds the assertion right: signature, relying party, flags that it was told.
    func verifies(_ assertion: OpaquePointer) -> Bool {
        withKey { fido_assert_verify(assertion, 0, algorithm.number, $0) == FIDO_OK }
    }

    /// False when libfido2 does not take the key.
    private func withKey(_ body: (UnsafeRawPointer) -> Bool) -> Bool {
        switch algorithm {
        case .es256:
            var key = es256_pk_new()
            defer { es256_pk_free(&key) }
            guard let made = key, es256_pk_from_ptr(made, bytes, bytes.count) == FIDO_OK else {
                return false
            }
            return body(UnsafeRawPointer(made))
        case .eddsa:
            var key = eddsa_pk_new()
            defer { eddsa_pk_free(&key) }
            guard let made = key, eddsa_pk_from_ptr(made, bytes, bytes.count) == FIDO_OK else {
                return false
            }
            return body(UnsafeRawPointer(made))
        case .rs256:
            var key = rs256_pk_new()
            defer { rs256_pk_free(&key) }
            guard let made = key, rs256_pk_from_ptr(made, bytes, bytes.count) == FIDO_OK else {
                return false
            }
            return body(UnsafeRawPointer(made))
        }
    }
}
