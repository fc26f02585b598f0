import Basics
import Database

/// What a rotation of people's keys did.
public struct PeopleRotation: Sendable {
    public var people = 0
    /// People some of whose texts no key here opens; theirs stays.
    public var unreadable = 0
}

extension Application {
    /// A new key for each client of an organisation whose key is older than the organisation's own; all
    /// that is sealed with it is sealed anew. Where none is older the organisation gets a new key first.
    /// Broken off, it is finished by the next call.
    public func rotatePeople(of organisation: Organisation) throws -> PeopleRotation {
        if try oldestPerson(of: organisation) == nil { _ = try rotateKeys(of: organisation) }
        var rotation = PeopleRotation()
        var last: UniqueID?
        while let person = try oldestPerson(of: organisation, after: last) {
            last = person
            let isDone = try write(for: organisation.id) {
                try $0.rotateKey(of: person, sealedTexts)
            }
            if isDone { rotation.people += 1 } else { rotation.unreadable += 1 }
        }
        return rotation
    }

    private func oldestPerson(of organisation: Organisation, after last: UniqueID? = nil) throws
        -> UniqueID?
    {
        try vault.on(.organisation(organisation.id)) {
            try $0.value(
                """
                SELECT client_id FROM person_keys p
                WHERE organisation_id = \(organisation.id) AND created_at < (
                        SELECT created_at FROM organisation_keys
                        WHERE organisation_id = \(organisation.id) AND retired_at IS NULL)
                    AND (\(last)::uuid IS NULL OR client_id > \(last))
                ORDER BY client_id LIMIT 1
                """)
        }
    }
}

/// From one key of a person to the next.
private struct KeyChange {
    let box: SecretBox
    let id: EncryptionKey.ID
    let secret = Random.bytes(SecretBox.keyBytes)

    /// Nil for what the former key does not open.
    func anew(_ text: String, for place: [UInt8]) -> String? {
        guard let sealed = SealedText.parts(of: text)?.sealed,
            let words = try? KeyRing.open(sealed, for: place, with: box)
        else { return nil }
        return SealedText.text(
            KeyRing.seal(words, for: place, with: SecretBox(key: secret), id), .person)
    }
}

extension Transaction {
    /// False when one of the texts does not open: then nothing changes.
    func rotateKey(of person: UniqueID, _ columns: [SealedTextColumn]) throws -> Bool {
        guard let key = try heldKey(of: person) else { return true }
        guard let box = try box(of: key) else { return false }
        let change = KeyChange(box: box, id: newID())
        var statements: [SQL] = []
        for column in columns where column.key == .person {
            let place = column.place(organisation, person)
            let texts: [String] = try values(
                """
                SELECT \(raw: column.column) FROM \(raw: column.table)
                WHERE organisation_id = \(organisation) AND id = \(person)
                    AND is_sealed(\(raw: column.column)) FOR NO KEY UPDATE
                """)
            for text in texts {
                guard let anew = change.anew(text, for: place) else { return false }
                statements.append(
                    """
                    UPDATE \(raw: column.table) SET \(raw: column.column) = \(anew)
                    WHERE organisation_id = \(organisation) AND id = \(person)
                    """)
            }
            for copy in column.copies {
                statements += try copies(copy, column.column.description, place, person, change)
            }
        }
        let sealed = try textRing().seal(
            change.secret, for: PersonKey.place(organisation, change.id))
        statements.append(
            """
            UPDATE person_keys SET id = \(change.id), sealed_key = \(sealed), created_at = \(now)
            WHERE organisation_id = \(organisation) AND client_id = \(person)
            """)
        try run(all: statements)
        return true
    }

    /// What stands sealed in rows that are kept as they were. One that does not open is left.
    private func copies(
        _ copy: SealedTextColumn.Copy, _ name: String, _ place: [UInt8], _ person: UniqueID,
        _ change: KeyChange
    ) throws -> [SQL] {
        let texts: [String] = try values(
            """
            SELECT DISTINCT \(raw: copy.document) ->> \(name) FROM \(raw: copy.table)
            WHERE organisation_id = \(organisation) AND \(raw: copy.row) = \(person)
                AND is_sealed(\(raw: copy.document) ->> \(name))
            """)
        return texts.compactMap { text in
            change.anew(text, for: place).map { anew in
                """
                UPDATE \(raw: copy.table) SET \(raw: copy.document) = jsonb_set(
                    \(raw: copy.document), ARRAY[\(name)], to_jsonb(\(anew)::text))
                WHERE organisation_id = \(organisation) AND \(raw: copy.row) = \(person)
                    AND \(raw: copy.document) ->> \(name) = \(text)
                """
            }
        }
    }
}
