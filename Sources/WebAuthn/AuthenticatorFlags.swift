/// What an authenticator says of the moment and of itself (WebAuthn level 2, section 6.1).
public struct AuthenticatorFlags: OptionSet, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Somebody touched it.
    public static let userPresent = AuthenticatorFlags(rawValue: 0x01)
    /// It knew its person: by finger, face or code.
    public static let userVerified = AuthenticatorFlags(rawValue: 0x04)
    /// The key is kept in more places than this device (level 3).
    public static let backedUp = AuthenticatorFlags(rawValue: 0x10)
}
