import CFido2

/// A credential that an authenticator has just made, as its authenticator data tell it. Nothing in them is
/// signed: that they answer a question of ours, the client data say.
public struct NewCredential: Sendable, Equatable {
    /// Authenticator data of more bytes than this are refused: those of a real key have about 200, of an
    /// RSA key about 500.
    public static let mostBytes = 4_096
    /// The longest name of a credential, in bytes (WebAuthn level 2, section 7.1).
    public static let mostNameBytes = 1_023
    private static let hashBytes = 32

    /// The name by which authenticator and browser know it.
    public let id: [UInt8]
    public let key: CredentialKey
    /// SHA-256 of the relying party that it was made for.
    public let relyingPartyHash: [UInt8]
    public let flags: AuthenticatorFlags
    /// How often it has signed; 0 for those that do not count.
    public let signCount: UInt32

    /// Nil for data that hold no credential, or a key of an algorithm that is not spoken.
    public init?(authenticatorData data: [UInt8]) {
        guard (Self.hashBytes...Self.mostBytes).contains(data.count) else { return nil }
        // libfido2 is told which kind of key to expect.
        let found = CredentialKey.Algorithm.allCases.lazy
            .compactMap { NewCredential(data, $0) }.first
        guard let found else { return nil }
        self = found
    }

    private init?(_ data: [UInt8], _ algorithm: CredentialKey.Algorithm) {
        fido_init(0)
        var credential = fido_cred_new()
        defer { fido_cred_free(&credential) }
        guard let credential, fido_cred_set_type(credential, algorithm.number) == FIDO_OK,
            fido_cred_set_authdata_raw(credential, data, data.count) == FIDO_OK
        else { return nil }
        let id = copied(fido_cred_id_ptr(credential), fido_cred_id_len(credential))
        let bytes = copied(fido_cred_pubkey_ptr(credential), fido_cred_pubkey_len(credential))
        guard (1...Self.mostNameBytes).contains(id.count),
            let key = CredentialKey(algorithm, bytes)
        else { return nil }
        self.id = id
        self.key = key
        relyingPartyHash = Array(data.prefix(Self.hashBytes))
        flags = AuthenticatorFlags(rawValue: fido_cred_flags(credential))
        signCount = fido_cred_sigcount(credential)
    }
}

private func copied(_ pointer: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    pointer.map { Array(UnsafeBufferPointer(start: $0, count: count)) } ?? []
}
