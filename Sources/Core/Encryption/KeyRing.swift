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
        let header = [Self.mark] + keys.current.value.bytes
        return header + box.seal(secret, for: header + place)
    }

    /// - Throws: `SecretBoxError.notOpened` when key or place are others, or a byte was changed, which
    ///   cannot be told apart.
    public func open(_ sealed: [UInt8], for place: [UInt8]) throws(SecretBoxError) -> [UInt8] {
        if let id = Self.key(of: sealed),
            let box = keys.boxes[id] ?? vault.box(id, of: owner),
            let secret = try? box.open(
                Array(sealed.dropFirst(Self.headerBytes)),
                for: Array(sealed.prefix(Self.headerBytes)) + place)
        {
            return secret
        }
        return try vault.former.open(sealed, for: place)
    }

    /// Whether it was sealed with the key that seals now.
    func isCurrent(_ sealed: [UInt8]) -> Bool { Self.key(of: sealed) == keys.current }

    /// The key that sealed it, as far as one can tell: a secret from before may look as if it had one.
    static func key(of sealed: [UInt8]) -> EncryptionKey.ID? {
        guard sealed.count > headerBytes, sealed[0] == mark else { return nil }
        return ID(UniqueID(bytes: sealed[1..<headerBytes]))
    }
}
