import Basics

/// The keys of one owner, by which its secrets are sealed and opened. What was sealed says with which key,
/// so that keys can change while secrets stay.
public struct KeyRing: Sendable {
    /// Before the identifier of the key. Secrets from before there were keys have neither.
    private static let mark: UInt8 = 1
    private static let headerBytes = 17

    private let owner: KeyOwner
    private let vault: Vault
    /// Read before it is needed: whoever seals within a transaction waits for no second connection.
    private let keys: OpenedKeys

    init(_ owner: KeyOwner, _ vault: Vault, _ keys: OpenedKeys) {
        self.owner = owner
        self.vault = vault
        self.keys = keys
    }

    /// `secret` sealed with the current key.
    ///
    /// - Parameter place: where it will be kept, such as the identifier of its owner; `open` must be given
    ///   the same.
    /// - Throws: `VaultError.noMasterKey` when no master key here opens the current key.
    public func seal(_ secret: [UInt8], for place: [UInt8]) throws(VaultError) -> [UInt8] {
        guard let box = keys.boxes[keys.current] else { throw .noMasterKey }
        return Self.seal(secret, for: place, with: box, keys.current)
    }

    static func seal(
        _ secret: [UInt8], for place: [UInt8], with box: SecretBox, _ key: EncryptionKey.ID
    ) -> [UInt8] {
        let header = [mark] + key.value.bytes
        return header + box.seal(secret, for: header + place)
    }

    /// - Throws: `SecretBoxError.notOpened` when key or place are others, or a byte was changed, which
    ///   cannot be told apart.
    public func open(_ sealed: [UInt8], for place: [UInt8]) throws(SecretBoxError) -> [UInt8] {
        if let id = Self.key(of: sealed),
            let box = keys.boxes[id] ?? vault.box(id, of: owner),
            let secret = try? Self.open(sealed, for: place, with: box)
        {
            return secret
        }
        return try vault.former.open(sealed, for: place)
    }

    static func open(
        _ sealed: [UInt8], for place: [UInt8], with box: SecretBox
    ) throws(SecretBoxError) -> [UInt8] {
        try box.open(
            Array(sealed.dropFirst(headerBytes)), for: Array(sealed.prefix(headerBytes)) + place)
    }

    /// The same with the keys that were read, without asking the database for others: within a
    /// transaction nobody waits for a second connection.
    func openKnown(_ sealed: [UInt8], for place: [UInt8]) -> [UInt8]? {
        guard let id = Self.key(of: sealed), let box = keys.boxes[id] else { return nil }
        return try? Self.open(sealed, for: place, with: box)
    }

    func knows(_ id: EncryptionKey.ID) -> Bool { keys.boxes[id] != nil }

    /// What tells equal texts without saying what they are, with each key, the current one first.
    func indexes(of text: [UInt8]) -> [[UInt8]] {
        let current = keys.indexKeys[keys.current].map { [$0] } ?? []
        let others = keys.indexKeys.filter { $0.key != keys.current }.map(\.value)
        return (current + others).map { Digest.hmac(key: $0, text) }
    }

    /// Whether it was sealed with the key that seals now.
    func isCurrent(_ sealed: [UInt8]) -> Bool { Self.key(of: sealed) == keys.current }

    /// The key that sealed it, as far as one can tell: a secret from before may look as if it had one.
    static func key(of sealed: [UInt8]) -> EncryptionKey.ID? {
        guard sealed.count > headerBytes, sealed[0] == mark else { return nil }
        return ID(UniqueID(bytes: sealed[1..<headerBytes]))
    }
}
