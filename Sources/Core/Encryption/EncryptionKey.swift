import Basics
import Database

/// Whose secrets a key seals.
enum KeyOwner: Hashable, Sendable {
    /// Accounts and the program itself.
    case installation
    case organisation(Organisation.ID)

    /// Whoever seals with its keys shares this lock to the end of the transaction; whoever removes one holds
    /// it alone.
    var lock: Int {
        let digest =
            switch self {
            case .installation: Digest.sha256(Array("keys".utf8))
            case .organisation(let id): Digest.sha256(Array("keys of \(id)".utf8))
            }
        return digest.prefix(7).reduce(0) { $0 << 8 | Int($1) }
    }

    /// What a sealed key is bound to: in another row it opens nothing.
    func place(of key: EncryptionKey.ID) -> [UInt8] {
        switch self {
        case .installation: Array("key of the installation:\(key)".utf8)
        case .organisation(let id): Array("key of \(id):\(key)".utf8)
        }
    }
}

/// A key as it stands in the database, sealed.
struct EncryptionKey: Record, Sendable {
    typealias ID = Basics.ID<EncryptionKey>

    var id: ID
    var sealedKey: [UInt8]
    /// The fingerprint of the master key that opens it.
    var sealedBy: String
    var createdAt: Instant
    var retiredAt: Instant?
    var isRetired: Bool { retiredAt != nil }

    init(row: Row) throws {
        id = try row["id"]
        sealedKey = try row["sealed_key"]
        sealedBy = try row["sealed_by"]
        createdAt = try row["created_at"]
        retiredAt = try row["retired_at"]
    }

    static let columns: SQL =
        "id, sealed_key, sealed_by, created_at, retired_at"
}

/// Reading and changing keys, on a connection whose organisation is set.
extension Connection {
    /// The newest first.
    func keys(of owner: KeyOwner) throws -> [EncryptionKey] {
        switch owner {
        case .installation:
            try all(
                """
                SELECT \(EncryptionKey.columns) FROM installation_keys
                ORDER BY created_at DESC, id DESC
                """)
        case .organisation(let organisation):
            try all(
                """
                SELECT \(EncryptionKey.columns) FROM organisation_keys
                WHERE organisation_id = \(organisation) ORDER BY created_at DESC, id DESC
                """)
        }
    }

    /// A new current key. Where somebody else made one at the same moment, theirs stays.
    func makeKey(of owner: KeyOwner, sealedWith master: MasterKey, at now: Instant) throws {
        let id: EncryptionKey.ID = ID(UniqueID.make(at: now))
        let sealed = master.seal(Random.bytes(SecretBox.keyBytes), of: owner.place(of: id))
        switch owner {
        case .installation:
            try run(
                """
                INSERT INTO installation_keys (id, sealed_key, sealed_by, created_at)
                VALUES (\(id), \(sealed), \(master.fingerprint), \(now)) ON CONFLICT DO NOTHING
                """)
        case .organisation(let organisation):
            try run(
                """
                INSERT INTO organisation_keys
                    (organisation_id, id, sealed_key, sealed_by, created_at)
                VALUES (\(organisation), \(id), \(sealed), \(master.fingerprint), \(now))
                ON CONFLICT DO NOTHING
                """)
        }
    }

    /// From here on the current key only opens.
    func retireKey(of owner: KeyOwner, at now: Instant) throws {
        switch owner {
        case .installation:
            try run("UPDATE installation_keys SET retired_at = \(now) WHERE retired_at IS NULL")
        case .organisation(let organisation):
            try run(
                """
                UPDATE organisation_keys SET retired_at = \(now)
                WHERE organisation_id = \(organisation) AND retired_at IS NULL
                """)
        }
    }

    func removeKey(_ id: EncryptionKey.ID, of owner: KeyOwner) throws {
        switch owner {
        case .installation:
            try run(
                "DELETE FROM installation_keys WHERE id = \(id) AND retired_at IS NOT NULL")
        case .organisation(let organisation):
            try run(
                """
                DELETE FROM organisation_keys
                WHERE organisation_id = \(organisation) AND id = \(id) AND retired_at IS NOT NULL
                """)
        }
    }

    func replaceSealing(
        of key: EncryptionKey, of owner: KeyOwner, by sealed: [UInt8], _ master: MasterKey
    ) throws {
        switch owner {
        case .installation:
            try run(
                """
                UPDATE installation_keys SET sealed_key = \(sealed),
                    sealed_by = \(master.fingerprint)
                WHERE id = \(key.id) AND sealed_by = \(key.sealedBy)
                """)
        case .organisation(let organisation):
            try run(
                """
                UPDATE organisation_keys SET sealed_key = \(sealed),
                    sealed_by = \(master.fingerprint)
                WHERE organisation_id = \(organisation) AND id = \(key.id)
                    AND sealed_by = \(key.sealedBy)
                """)
        }
    }
}
