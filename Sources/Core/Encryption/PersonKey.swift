import Basics
import Database

/// The key of one client, sealed with that of the organisation.
struct PersonKey: Record, Sendable {
    var id: EncryptionKey.ID
    var person: UniqueID
    var sealedKey: [UInt8]

    init(row: Row) throws {
        id = try row["id"]
        person = try row["client_id"]
        sealedKey = try row["sealed_key"]
    }

    static let columns: SQL = "id, client_id, sealed_key"

    static func place(_ organisation: Organisation.ID, _ id: EncryptionKey.ID) -> [UInt8] {
        Array("key of a person:\(organisation):\(id)".utf8)
    }
}

extension Transaction {
    /// The key that seals what is about somebody, made where there is none. Nobody replaces it until this
    /// transaction ends.
    func keyForSealing(of person: UniqueID) throws -> (id: EncryptionKey.ID, box: SecretBox) {
        if let known = textKeys.sealing[person] { return known }
        guard let made = try keysForSealing(of: [person])[person] else {
            throw VaultError.noMasterKey
        }
        return made
    }

    /// The same of many, in a few statements.
    func keysForSealing(of people: [UniqueID]) throws
        -> [UniqueID: (id: EncryptionKey.ID, box: SecretBox)]
    {
        var found: [UniqueID: (id: EncryptionKey.ID, box: SecretBox)] = [:]
        for key in try lockedKeys(of: people) {
            guard let box = try box(of: key) else { throw VaultError.noMasterKey }
            found[key.person] = (key.id, box)
        }
        textKeys.sealing.merge(found) { $1 }
        let missing = Set(people).filter { found[$0] == nil }
        guard !missing.isEmpty else { return found }
        // In one order, so that two who make some of the same wait for each other in turn.
        let ordered = missing.sorted { $0.description < $1.description }
        try makeKeys(of: ordered)
        // Not kept: a savepoint may take them back. Somebody else's, where two make one at once.
        for key in try lockedKeys(of: ordered) {
            guard let box = try box(of: key) else { throw VaultError.noMasterKey }
            found[key.person] = (key.id, box)
        }
        return found
    }

    private func makeKeys(of people: [UniqueID]) throws {
        let ring = try textRing()
        let ids: [EncryptionKey.ID] = people.map { _ in newID() }
        let sealed = try ids.map { id in
            hexadecimal(
                try ring.seal(
                    Random.bytes(SecretBox.keyBytes), for: PersonKey.place(organisation, id)))
        }
        try run(
            """
            INSERT INTO person_keys (organisation_id, id, client_id, sealed_key, created_at)
            SELECT \(organisation), u.id, u.person, decode(u.sealed, 'hex'), \(now)
            FROM unnest(\(ids.map(\.value)), \(people), \(sealed)) AS u (id, person, sealed)
            ON CONFLICT DO NOTHING
            """)
    }

    private func lockedKeys(of people: [UniqueID]) throws -> [PersonKey] {
        try connection.all(
            """
            SELECT \(PersonKey.columns) FROM person_keys
            WHERE organisation_id = \(organisation) AND client_id = ANY (\(people))
            ORDER BY client_id FOR SHARE
            """)
    }

    /// Nil when no key of the organisation here opens it.
    func box(of key: PersonKey) throws -> SecretBox? {
        guard let secret = try open(key.sealedKey, for: PersonKey.place(organisation, key.id))
        else { return nil }
        return SecretBox(key: secret)
    }

    /// Reads the keys that these texts name, in one statement.
    func readPersonKeys(of texts: some Sequence<String>) throws {
        let wanted = Set(
            texts.lazy.compactMap(SealedText.parts).filter { $0.key == .person }
                .compactMap { KeyRing.key(of: $0.sealed) })
        let missing = wanted.filter { textKeys.people[$0] == nil }
        guard scope.vault != nil, !missing.isEmpty, !textKeys.hasAllPeople else { return }
        let keys: [PersonKey] = try connection.all(
            """
            SELECT \(PersonKey.columns) FROM person_keys
            WHERE organisation_id = \(organisation) AND id = ANY (\(missing.map(\.value)))
            """)
        for key in keys { textKeys.people[key.id] = try box(of: key) }
    }

    /// Reads every key, so that texts can be opened while other rows are still coming in.
    public func readTextKeys() throws {
        guard scope.vault != nil else { return }
        _ = try openingRing()
        let keys: [PersonKey] = try connection.all(
            """
            SELECT \(PersonKey.columns) FROM person_keys
            WHERE organisation_id = \(organisation)
            """)
        for key in keys { textKeys.people[key.id] = try box(of: key) }
        textKeys.hasAllPeople = true
    }

    /// Nobody seals for this person until the transaction ends. Taken before the record itself is locked:
    /// whoever edits it takes the key first, too.
    @discardableResult
    func heldKey(of person: UniqueID) throws -> PersonKey? {
        try connection.first(
            """
            SELECT \(PersonKey.columns) FROM person_keys
            WHERE organisation_id = \(organisation) AND client_id = \(person) FOR UPDATE
            """)
    }

    /// The same for whoever erases.
    public func holdKey(of person: UniqueID) throws { try heldKey(of: person) }

    /// What was sealed for somebody opens no more, wherever a copy of it stands.
    public func destroyKey(of person: UniqueID) throws {
        try run(
            """
            DELETE FROM person_keys
            WHERE organisation_id = \(organisation) AND client_id = \(person)
            """)
        textKeys.sealing[person] = nil
    }
}
