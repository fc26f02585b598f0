import Basics
import Database

// Texts of whole columns: sealed where they were written before there were keys, and anew when keys change.

/// A text of a column, as it stands.
struct StoredText: Record, Sendable {
    var row: UniqueID
    var text: String

    init(row: Row) throws {
        self.row = try row["id"]
        text = try row["text"]
    }

    /// The key that sealed it.
    var key: EncryptionKey.ID? { SealedText.parts(of: text).flatMap { KeyRing.key(of: $0.sealed) } }
}

extension Application {
    /// Held in memory, and locked, at once.
    static let textsAtOnce = 500

    /// Every column of sealed texts.
    public var sealedTexts: [SealedTextColumn] { capabilities.flatMap { $0.sealedTexts } }

    /// Seals what stands in clear: written by a version that did not seal, or come in with an
    /// organisation. Answers how many texts that were.
    @discardableResult
    public func sealTexts() throws -> Int {
        var count = 0
        for organisation in try pool.withConnection({ try $0.organisations().map(\.id) }) {
            do {
                for column in sealedTexts { count += try sealTexts(of: column, organisation) }
            } catch {
                // What keeps one from it keeps none of the others.
                Log.error(
                    "texts not sealed",
                    [
                        "organisation": .string(organisation.description),
                        "error": .string(String(describing: error)),
                    ])
            }
        }
        return count
    }

    private func sealTexts(of column: SealedTextColumn, _ organisation: Organisation.ID) throws
        -> Int
    {
        var count = 0
        while true {
            let sealed = try write(for: organisation) {
                try $0.sealClearTexts(of: column, most: Application.textsAtOnce)
            }
            count += sealed
            if sealed < Application.textsAtOnce { return count }
        }
    }

    /// Seals the texts of a column with the organisation's current key, as `sealAnew` does with secrets.
    func sealAnew(
        _ column: SealedTextColumn, of organisation: Organisation.ID, _ ring: KeyRing,
        _ rotation: inout KeyRotation, _ used: inout Set<EncryptionKey.ID>
    ) throws {
        let texts = try vault.on(.organisation(organisation)) {
            try $0.sealedTexts(of: column, organisation)
        }
        for stored in texts {
            guard let sealed = SealedText.parts(of: stored.text)?.sealed, !ring.isCurrent(sealed)
            else { continue }
            let place = column.place(organisation, stored.row)
            guard let words = try? ring.open(sealed, for: place) else {
                stored.key.map { _ = used.insert($0) }
                rotation.unreadable.append(column.name)
                continue
            }
            rotation.secrets += try write(for: organisation) {
                try $0.put(
                    String(decoding: words, as: UTF8.self), in: column, of: stored)
            }
        }
    }
}

extension Connection {
    /// Those that are sealed with keys of the organisation.
    func sealedTexts(of column: SealedTextColumn, _ organisation: Organisation.ID) throws
        -> [StoredText]
    {
        try all(
            """
            SELECT id, \(raw: column.column) AS text FROM \(raw: column.table)
            WHERE organisation_id = \(organisation) AND is_sealed(\(raw: column.column)) ORDER BY id
            """)
    }
}

extension Transaction {
    /// The first of those that are not sealed. Answers how many there were.
    func sealClearTexts(of column: SealedTextColumn, most: Int) throws -> Int {
        let texts: [StoredText] = try connection.all(
            """
            SELECT id, \(raw: column.column) AS text FROM \(raw: column.table)
            WHERE organisation_id = \(organisation) AND \(raw: column.column) <> ''
                AND NOT is_sealed(\(raw: column.column))
            ORDER BY id LIMIT \(most)
            """)
        // Keys before records, as whoever edits takes them; what was edited meanwhile is sealed already.
        if column.key == .person, !texts.isEmpty { _ = try keysForSealing(of: texts.map(\.row)) }
        for stored in texts { try put(stored.text, in: column, of: stored) }
        return texts.count
    }

    /// Puts words, sealed, where a text still stands. Answers whether it still did, as 1 or 0.
    @discardableResult
    func put(_ words: String, in column: SealedTextColumn, of stored: StoredText) throws -> Int {
        let sealed = try sealed(words, in: column, of: stored.row)
        var index: SQL = .empty
        if let name = column.index {
            index = ", \(raw: name) = \(try indexes(of: words, in: column).first)"
        }
        return try run(
            """
            UPDATE \(raw: column.table) SET \(raw: column.column) = \(sealed)\(index)
            WHERE organisation_id = \(organisation) AND id = \(stored.row)
                AND \(raw: column.column) = \(stored.text)
            """)
    }
}

extension Check {
    /// That no text of a column is sealed with a key of its person that is gone.
    public static func personKeys(of column: SealedTextColumn) -> Check {
        .organisation("\(column.name).keys") { transaction in
            let lost: [UniqueID] = try transaction.values(
                """
                SELECT t.id FROM \(raw: column.table) t
                WHERE t.organisation_id = \(transaction.organisation)
                    AND is_sealed(t.\(raw: column.column))
                    AND left(t.\(raw: column.column), 9) = 'sealed:p:'
                    AND NOT EXISTS (SELECT FROM person_keys k
                        WHERE k.organisation_id = t.organisation_id AND k.client_id = t.id
                            AND uuid_send(k.id) = substring(
                                decode(substr(t.\(raw: column.column), 10), 'base64') FROM 2 FOR 16))
                ORDER BY t.id LIMIT 20
                """)
            return lost.map { Finding("the key that sealed \(column.name) of \($0) is gone") }
        }
    }
}

extension SealedColumn {
    /// The keys of people, sealed with that of their organisation.
    static let personKeys = SealedColumn(
        "person_keys.sealed_key",
        select: {
            """
            SELECT id::text AS key, sealed_key AS sealed FROM person_keys
            WHERE organisation_id = \($0) ORDER BY id
            """
        },
        place: { organisation, id in
            EncryptionKey.ID(id).map { PersonKey.place(organisation, $0) } ?? []
        },
        update: { organisation, id, before, after in
            """
            UPDATE person_keys SET sealed_key = \(after)
            WHERE organisation_id = \(organisation) AND id = \(id)::uuid AND sealed_key = \(before)
            """
        })
}
