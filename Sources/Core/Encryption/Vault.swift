import Basics
import Database
import Synchronization

/// The keys of one owner as they were at one moment.
struct OpenedKeys: Sendable {
    /// What seals.
    var current: EncryptionKey.ID
    /// Those that a master key here opens.
    var boxes: [EncryptionKey.ID: SecretBox]
    /// Drawn from the same keys, for indexes of texts.
    var indexKeys: [EncryptionKey.ID: [UInt8]]
    /// When the last of them was made.
    var newest: Instant
    var readAt: Instant
}

/// What opens keys of this installation, and those that were opened lately.
public final class Vault: Sendable {
    /// How long keys that were read stay known: another program on the same database may rotate them.
    private static let knownSeconds = 60
    /// After so long no transaction that made a key is still open.
    private static let settledSeconds = 3600

    private let pool: Pool
    private let clock: Clock
    /// The one that seals first: while one is being replaced, the one that takes its place.
    private let masters: Mutex<[MasterKey]>
    private let readMasters: @Sendable () -> [MasterKey]
    /// Of secrets from before keys had an owner.
    let former: SecretBox
    private let known = Mutex<[KeyOwner: OpenedKeys]>([:])

    /// `readMasters` answers one at least, the current one first. It is asked again when a key was sealed
    /// by one that is not known: somebody replaced it while the program runs.
    init(
        _ pool: Pool, readMasters: @escaping @Sendable () -> [MasterKey], secretKey: [UInt8],
        clock: Clock
    ) {
        self.pool = pool
        self.readMasters = readMasters
        masters = Mutex(readMasters())
        former = SecretBox(
            key: Digest.hmac(key: secretKey, Array("secrets in the database".utf8)))
        self.clock = clock
    }

    /// The keys of an owner; the first who asks makes one. Ask outside of transactions.
    func ring(of owner: KeyOwner) throws -> KeyRing {
        KeyRing(owner, self, try keys(of: owner, knowing: nil))
    }

    /// Nil when the owner has no such key, or no master key here opens it.
    func box(_ id: EncryptionKey.ID, of owner: KeyOwner) -> SecretBox? {
        (try? keys(of: owner, knowing: id))?.boxes[id]
    }

    /// After a rotation.
    func forget() { known.withLock { $0 = [:] } }

    /// Within a transaction of the organisation, on its own connection: nobody waits for a second one.
    func ring(of owner: KeyOwner, on connection: Connection) throws -> KeyRing {
        if let fresh = fresh(owner, knowing: nil) { return KeyRing(owner, self, fresh) }
        guard let read = try read(owner, on: connection, makes: true) else {
            throw VaultError.noMasterKey
        }
        return KeyRing(owner, self, read)
    }

    /// The same where keys are only looked for: nil without any.
    func existingRing(of owner: KeyOwner, on connection: Connection, anew: Bool) throws -> KeyRing?
    {
        if !anew, let fresh = fresh(owner, knowing: nil) { return KeyRing(owner, self, fresh) }
        let read = try read(owner, on: connection, makes: false)
        // What is young may be of this very transaction, and be rolled back with it.
        if let read, read.newest.adding(seconds: Self.settledSeconds) < read.readAt {
            known.withLock { $0[owner] = read }
        }
        return read.map { KeyRing(owner, self, $0) }
    }

    private func fresh(_ owner: KeyOwner, knowing id: EncryptionKey.ID?) -> OpenedKeys? {
        let now = clock.now()
        return known.withLock { known -> OpenedKeys? in
            guard let found = known[owner],
                abs(now.seconds - found.readAt.seconds) < Self.knownSeconds,
                id.map({ found.boxes[$0] != nil }) ?? true
            else { return nil }
            return found
        }
    }

    private func keys(of owner: KeyOwner, knowing id: EncryptionKey.ID?) throws -> OpenedKeys {
        if let fresh = fresh(owner, knowing: id) { return fresh }
        guard let read = try on(owner, { try self.read(owner, on: $0, makes: true) }) else {
            throw VaultError.noMasterKey
        }
        known.withLock { $0[owner] = read }
        return read
    }

    /// Nil when there is no current key, and none may be made.
    private func read(_ owner: KeyOwner, on connection: Connection, makes: Bool) throws
        -> OpenedKeys?
    {
        let now = clock.now()
        var keys = try connection.keys(of: owner)
        if makes, !keys.contains(where: { !$0.isRetired }) {
            // The master key may be being replaced at this moment.
            masters.withLock { $0 = readMasters() }
            try connection.makeKey(of: owner, sealedWith: master, at: now)
            keys = try connection.keys(of: owner)
        }
        guard let current = keys.first(where: { !$0.isRetired }) else { return nil }
        let secrets = keys.compactMap { key in
            (try? secret(of: key, of: owner)).map { (key.id, $0) }
        }
        return OpenedKeys(
            current: current.id,
            boxes: Dictionary(
                secrets.map { ($0, SecretBox(key: $1)) }, uniquingKeysWith: { first, _ in first }),
            indexKeys: Dictionary(
                secrets.map { ($0, Digest.hmac(key: $1, Array("index of texts".utf8))) },
                uniquingKeysWith: { first, _ in first }),
            newest: keys.map(\.createdAt).max() ?? now, readAt: now)
    }

    /// What seals new keys.
    var master: MasterKey {
        masters.withLock { masters in
            precondition(!masters.isEmpty, "a vault has a master key")
            return masters[0]
        }
    }

    /// The key itself.
    func secret(of key: EncryptionKey, of owner: KeyOwner) throws(VaultError) -> [UInt8] {
        guard let master = master(key.sealedBy),
            let secret = try? master.open(key.sealedKey, of: owner.place(of: key.id))
        else { throw .noMasterKey }
        return secret
    }

    private func master(_ fingerprint: String) -> MasterKey? {
        masters.withLock { masters in
            if let known = masters.first(where: { $0.fingerprint == fingerprint }) { return known }
            masters = readMasters()
            return masters.first { $0.fingerprint == fingerprint }
        }
    }

    /// A transaction in which the owner's keys are there.
    func on<T>(_ owner: KeyOwner, _ body: (Connection) throws -> T) throws -> T {
        let settings: [(name: String, value: String)] =
            switch owner {
            case .installation: []
            case .organisation(let id): [("app.organisation", id.description)]
            }
        return try pool.withConnection { connection in
            try connection.transaction(settings: settings, readOnly: false, body)
        }
    }
}

public enum VaultError: Error, Sendable, CustomStringConvertible {
    /// None of the master keys that were given opens a key of the database.
    case noMasterKey
    /// Whoever began this transaction gave it no keys.
    case noKeysHere

    public var description: String {
        switch self {
        case .noMasterKey:
            "the secrets of this database were sealed under another master key than the one given"
        case .noKeysHere: "this part of the program has no keys to seal with"
        }
    }
}

extension Application {
    /// The keys of one organisation's secrets. Ask outside of transactions.
    public func keys(of organisation: Organisation.ID) throws -> KeyRing {
        try vault.ring(of: .organisation(organisation))
    }
    /// The keys of what belongs to no organisation: accounts, and the program itself.
    var ownKeys: KeyRing { get throws { try vault.ring(of: .installation) } }
}

extension Request {
    /// The keys of the secrets of the organisation that asks. Ask outside of transactions.
    public func keys() throws -> KeyRing { try application.keys(of: organisation.id) }
}
