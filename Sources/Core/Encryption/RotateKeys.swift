import Basics
import Database

/// What a rotation did.
public struct KeyRotation: Sendable {
    /// Secrets that were sealed anew.
    public var secrets = 0
    /// Secrets that no key here opens, by column; the keys that sealed them stay.
    public var unreadable: [String] = []
    /// Keys that are gone.
    public var removed = 0
}

extension Application {
    /// For so long after it was retired a key stays: another program that runs may know it as the current
    /// one for a while, and seal with it.
    static let keyGraceSeconds = 900

    /// A new key for an organisation: all its secrets are sealed with it; the old key goes a while later.
    /// Broken off, it is finished by the next call, which then makes no other key.
    public func rotateKeys(of organisation: Organisation) throws -> KeyRotation {
        let rotation = try rotate(.organisation(organisation.id))
        try write(for: organisation.id) {
            try $0.record(
                .keysRotated, .organisation, organisation.id.value, label: organisation.name,
                details: ["secrets": .int(rotation.secrets)])
        }
        return rotation
    }

    /// The same for accounts and the program itself.
    public func rotateOwnKeys() throws -> KeyRotation { try rotate(.installation) }

    private func rotate(_ owner: KeyOwner) throws -> KeyRotation {
        let master = vault.master
        try vault.on(owner) { connection in
            let keys = try connection.keys(of: owner)
            // Secrets that are sealed with another key: the rotation that retired it was broken off.
            guard try !(keys.contains(where: \.isRetired) && isUnfinished(owner, keys, connection))
            else { return }
            try connection.retireKey(of: owner, at: clock.now())
            try connection.makeKey(of: owner, sealedWith: master, at: clock.now())
        }
        vault.forget()
        return try sealAnew(owner)
    }

    private func isUnfinished(
        _ owner: KeyOwner, _ keys: [EncryptionKey], _ connection: Connection
    ) throws -> Bool {
        try !keysInUse(by: owner, connection)
            .isDisjoint(with: keys.filter(\.isRetired).map(\.id))
    }

    /// The keys that seal something, in any column.
    private func keysInUse(by owner: KeyOwner, _ connection: Connection) throws
        -> Set<EncryptionKey.ID>
    {
        var found = Set<EncryptionKey.ID>()
        for column in capabilities.flatMap({ $0.sealedColumns }) where column.isOf(owner) {
            let values: [SealedColumn.Value] = try connection.all(column.select(owner.organisation))
            found.formUnion(values.compactMap { KeyRing.key(of: $0.sealed) })
        }
        guard let organisation = owner.organisation else { return found }
        for column in sealedTexts where column.key == .organisation {
            found.formUnion(
                try connection.sealedTexts(of: column, organisation).compactMap(\.key))
        }
        return found
    }

    /// Finishes what rotations left for later, once nobody can know the old keys as current any more.
    func removeRetiredKeys() throws {
        let organisations = try pool.withConnection { try $0.organisations().map(\.id) }
        for owner in [.installation] + organisations.map(KeyOwner.organisation) {
            let keys = try vault.on(owner) { try $0.keys(of: owner) }
            guard keys.contains(where: { isOver($0) }) else { continue }
            _ = try sealAnew(owner)
        }
    }

    private func isOver(_ key: EncryptionKey) -> Bool {
        key.retiredAt.map {
            $0.adding(seconds: Application.keyGraceSeconds) < clock.now()
        } ?? false
    }

    /// Seals with the current key what was sealed with another one, and removes keys that seal nothing.
    func sealAnew(_ owner: KeyOwner) throws -> KeyRotation {
        let ring = try vault.ring(of: owner)
        var rotation = KeyRotation()
        for column in capabilities.flatMap({ $0.sealedColumns }) where column.isOf(owner) {
            let id = owner.organisation
            let values: [SealedColumn.Value] = try vault.on(owner) {
                try $0.all(column.select(id))
            }
            for value in values where !ring.isCurrent(value.sealed) {
                let place = column.place(id, value.key)
                guard let secret = try? ring.open(value.sealed, for: place) else {
                    rotation.unreadable.append(column.name)
                    continue
                }
                let sealed = try ring.seal(secret, for: place)
                // Whoever saved another secret meanwhile is not overwritten; what they sealed with the old
                // key is sealed anew when that key goes.
                rotation.secrets += try vault.on(owner) {
                    try $0.run(column.update(id, value.key, value.sealed, sealed))
                }
            }
        }
        if let organisation = owner.organisation {
            for column in sealedTexts where column.key == .organisation {
                try sealAnew(column, of: organisation, ring, &rotation)
            }
        }
        try vault.on(owner) { connection in
            let keys = try connection.keys(of: owner).filter(isOver)
            // While somebody seals, what they have sealed cannot be seen yet: the next hour looks again.
            guard !keys.isEmpty,
                try connection.value("SELECT pg_try_advisory_xact_lock(\(owner.lock))") == true
            else { return }
            let used = try keysInUse(by: owner, connection)
            for key in keys where !used.contains(key.id) {
                try connection.removeKey(key.id, of: owner)
                rotation.removed += 1
            }
        }
        vault.forget()
        return rotation
    }

    /// Seals all keys with another master key. Broken off, it is finished by the next call. Answers how
    /// many there were.
    public func replaceMaster(by master: MasterKey) throws -> Int {
        let organisations = try pool.withConnection { try $0.organisations().map(\.id) }
        var count = 0
        for owner in [.installation] + organisations.map(KeyOwner.organisation) {
            let keys = try vault.on(owner) { try $0.keys(of: owner) }
            for key in keys where key.sealedBy != master.fingerprint {
                let secret = try vault.secret(of: key, of: owner)
                let sealed = master.seal(secret, of: owner.place(of: key.id))
                try vault.on(owner) {
                    try $0.replaceSealing(of: key, of: owner, by: sealed, master)
                }
                count += 1
            }
        }
        vault.forget()
        return count
    }

    /// Keys of an owner for people, the newest first: when it was made, by which master key it is sealed.
    public func keySummaries(of organisation: Organisation?) throws -> [KeySummary] {
        let owner = organisation.map { KeyOwner.organisation($0.id) } ?? .installation
        return try vault.on(owner) { try $0.keys(of: owner) }.map { key in
            KeySummary(
                id: key.id.description, createdAt: key.createdAt, isRetired: key.isRetired,
                sealedBy: key.sealedBy,
                isReadable: (try? vault.secret(of: key, of: owner)) != nil)
        }
    }
}

/// A key, without anything of its secret.
public struct KeySummary: Sendable {
    public var id: String
    public var createdAt: Instant
    public var isRetired: Bool
    /// Fingerprint of the master key.
    public var sealedBy: String
    /// Whether the master key is here.
    public var isReadable: Bool
}

extension SealedColumn {
    fileprivate func isOf(_ owner: KeyOwner) -> Bool {
        (owner == .installation) == (belonging == .installation)
    }
}

extension KeyOwner {
    var organisation: Organisation.ID? {
        if case .organisation(let id) = self { id } else { nil }
    }
}

/// Keys of organisations and of the installation; their pages are the commands `comptoir key`.
public enum Encryption: Capability {
    public static func routes(_: inout Routes) {}
    public static func tidy(_ application: Application) throws {
        try application.sealTexts()
        try application.removeRetiredKeys()
    }
    public static let actions: [Action] = [.keysRotated]
    public static let sealedColumns = [SealedColumn.personKeys]
}

extension Action {
    static let keysRotated = Action(
        "organisation.keys_rotated",
        Text("a changé la clé des secrets de", "changed the key of the secrets of"),
        icon: "key-round", severity: .high)
}
