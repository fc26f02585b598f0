import Basics
import Database
import Synchronization

/// The keys of one owner as they were at one moment.
struct OpenedKeys: Sendable {
    /// What seals.
    var current: EncryptionKey.ID
    /// Those that a master key here opens.
    var boxes: [EncryptionKey.ID: SecretBox]
    var readAt: Instant
}

/// What opens keys of this installation, and those that were opened lately.
public final class Vault: Sendable {
    /// How long keys that were read stay known: another program on the same database may rotate them.
    private static let knownSeconds = 60

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
        _ pool: Pool, readMasters: @escaping @Sendable () -> [MasterKey], former: SecretBox,
        clock: Clock
    ) {
        self.pool = pool
        self.readMasters = readMasters
        masters = Mutex(readMasters())
        self.former = former
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

    private func keys(of owner: KeyOwner, knowing id: EncryptionKey.ID?) throws -> OpenedKeys {
        let now = clock.now()
        let fresh = known.withLock { known -> OpenedKeys? in
            guard let found = known[owner],
                abs(now.seconds - found.readAt.seconds) < Self.knownSeconds,
                id.map({ found.boxes[$0] != nil }) ?? true
            else { return nil }
            return found
        }
        if let fresh { return fresh }
        let read = try read(owner, at: now)
        known.withLock { $0[owner] = read }
        return read
    }

    private func read(_ owner: KeyOwner, at now: Instant) throws -> OpenedKeys {
        try on(owner) { connection in
            var keys = try connection.keys(of: owner)
            if !keys.contains(where: { !$0.isRetired }) {
                // The master key may be being replaced at this moment.
                masters.withLock { $0 = readMasters() }
                try connection.makeKey(of: owner, sealedWith: master, at: now)
                keys = try connection.keys(of: owner)
            }
            guard let current = keys.first(where: { !$0.isRetired }) else {
                throw VaultError.noMasterKey
            }
            let boxes = keys.compactMap { key in
                (try? secret(of: key, of: owner)).map { (key.id, SecretBox(key: $0)) }
            }
            return OpenedKeys(
                current: current.id,
                boxes: Dictionary(boxes, uniquingKeysWith: { first, _ in first }), readAt: now)
        }
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

    public var description: String {
        "the secrets of this database were sealed under another master key than the one given"
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
