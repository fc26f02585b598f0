import CFido2

/// A signature of an authenticator that libfido2 found right, by the key of the credential: for this
/// relying party and these client data, by a person who was there and whom the authenticator knew.
public struct Assertion: Sendable, Equatable {
    /// Authenticator data and signatures of more bytes than this are refused: real ones have 37 and 256.
    public static let mostBytes = 2_048

    public let flags: AuthenticatorFlags
    /// How often the credential has signed; 0 for those that do not count.
    public let signCount: UInt32

    /// Nil for what proves nothing.
    ///
    /// - Parameters:
    ///   - authenticatorData: what was signed, before the hash of the client data.
    ///   - clientDataHash: SHA-256 of the client data.
    ///   - relyingParty: the host that the credential was made for.
    public init?(
        authenticatorData data: [UInt8], clientDataHash hash: [UInt8], signature: [UInt8],
        relyingParty: String, key: CredentialKey
    ) {
        guard (1...Self.mostBytes).contains(data.count),
            (1...Self.mostBytes).contains(signature.count)
        else { return nil }
        fido_init(0)
        var assertion = fido_assert_new()
        defer { fido_assert_free(&assertion) }
        guard let assertion, fido_assert_set_count(assertion, 1) == FIDO_OK,
            fido_assert_set_rp(assertion, relyingParty) == FIDO_OK,
            fido_assert_set_clientdata_hash(assertion, hash, hash.count) == FIDO_OK,
            fido_assert_set_authdata_raw(assertion, 0, data, data.count) == FIDO_OK,
            fido_assert_set_sig(assertion, 0, signature, signature.count) == FIDO_OK,
            fido_assert_set_up(assertion, FIDO_OPT_TRUE) == FIDO_OK,
            fido_assert_set_uv(assertion, FIDO_OPT_TRUE) == FIDO_OK,
            key.verifies(assertion)
        else { return nil }
        flags = AuthenticatorFlags(rawValue: fido_assert_flags(assertion, 0))
        signCount = fido_assert_sigcount(assertion, 0)
    }
}
