import Basics

/// The key above all keys. It opens the keys of organisations and of the installation, and nothing else;
/// it stands in no database.
public struct MasterKey: Sendable {
    static let fingerprintBytes = 16

    /// Says which one sealed a key, and nothing about it: 16 hexadecimal digits.
    public let fingerprint: String
    private let box: SecretBox

    /// - Parameter secret: 32 random bytes; another length stops the program.
    public init(_ secret: [UInt8]) {
        precondition(secret.count == SecretBox.keyBytes, "the master key has 32 bytes")
        let box = Digest.hmac(key: secret, Array("keys of the database".utf8))
        self.box = SecretBox(key: box)
        fingerprint = hexadecimal(
            Array(Digest.hmac(key: secret, Array("fingerprint".utf8)).prefix(8)))
    }

    func seal(_ key: [UInt8], of place: [UInt8]) -> [UInt8] { box.seal(key, for: place) }
    func open(_ sealed: [UInt8], of place: [UInt8]) throws(SecretBoxError) -> [UInt8] {
        try box.open(sealed, for: place)
    }
}
