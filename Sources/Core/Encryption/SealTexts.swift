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
        _ rotation: inout KeyRotation
    ) throws {
        let texts = try vault.on(.organisation(organisation)) {
            try $0.sealedTexts(of: column, organisation)
        }
        var changes: [(stored: StoredText, words: String)] = []
        for stored in texts {
            guard let sealed = SealedText.parts(of: stored.text)?.sealed, !ring.isCurrent(sealed)
            else { continue }
            guard let words = try? ring.open(sealed, for: column.place(organisation, stored.row))
            else {
                rotation.unreadable.append(column.name)
                continue
            }
            changes.append((stored, String(decoding: words, as: UTF8.self)))
        }
        while !changes.isEmpty {
            let some = Array(changes.prefix(Application.textsAtOnce))
            changes.removeFirst(some.count)
            rotation.secrets += try write(for: organisation) { try $0.store(some, in: column) }
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
        // What was edited meanwhile is sealed already.
        try store(texts.map { ($0, $0.text) }, in: column)
        return texts.count
    }

    /// Puts words, sealed, where these texts still stand, in one statement. Keys are taken before records, as
    /// whoever edits takes them. Answers how many texts still stood there.
    @discardableResult
    func store(_ changes: [(stored: StoredText, words: String)], in column: SealedTextColumn) throws
        -> Int
    {
        guard !changes.isEmpty else { return 0 }
        let sealed = try sealed(changes.map { ($0.stored.row, $0.words) }, in: column)
        var (index, indexes): (SQL, [String]) = (.empty, changes.map { _ in "" })
        if let name = column.index {
            index = ", \(raw: name) = decode(nullif(f.index, ''), 'hex')"
            indexes = try changes.map {
                try self.indexes(of: $0.words, in: column).first.map(hexadecimal) ?? ""
            }
        }
        return try run(
            """
            UPDATE \(raw: column.table) t SET \(raw: column.column) = f.sealed\(index)
            FROM unnest(\(changes.map(\.stored.row)), \(changes.map(\.stored.text)), \(sealed),
                \(indexes)) AS f (id, before, sealed, index)
            WHERE t.organisation_id = \(organisation) AND t.id = f.id
                AND t.\(raw: column.column) = f.before
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
