import Basics
import Database

/// The keys that one transaction has read. For one thread.
final class TextKeys {
    var ring: KeyRing?
    var people: [EncryptionKey.ID: SecretBox] = [:]
    /// Those that it seals with, by whom they are of.
    var sealing: [UniqueID: (id: EncryptionKey.ID, box: SecretBox)] = [:]
    var hasAllPeople = false
    /// Whether it holds the lock of those who seal.
    var isSealing = false
}

extension Transaction {
    /// The text as it is stored in that row. Empty text stays as it is; so does what stands there sealed and
    /// did not open, so that nothing is lost by whoever edits the rest.
    ///
    /// - Throws: `VaultError` where this transaction has no keys, or the master key is another.
    public func sealed(_ text: String, in column: SealedTextColumn, of row: UniqueID) throws
        -> String
    {
        guard !text.isEmpty else { return text }
        if SealedText.parts(of: text) != nil, try stored(in: column, of: row) == text {
            return text
        }
        let place = column.place(organisation, row)
        switch column.key {
        case .organisation:
            return SealedText.text(
                try textRing().seal(Array(text.utf8), for: place), .organisation)
        case .person:
            return seal(text, for: place, with: try keyForSealing(of: row))
        }
    }

    /// Many texts of one column as they are stored, each with its row, in the same order.
    public func sealed(_ texts: [(row: UniqueID, text: String)], in column: SealedTextColumn) throws
        -> [String]
    {
        if column.key == .person {
            let wanted = texts.filter { !$0.text.isEmpty }.map(\.row)
            let keys = try wanted.isEmpty ? [:] : keysForSealing(of: wanted)
            return try texts.map { row, text in
                guard let key = keys[row], !text.isEmpty else { return text }
                return seal(text, for: column.place(organisation, row), with: key)
            }
        }
        return try texts.map { try sealed($0.text, in: column, of: $0.row) }
    }

    private func seal(
        _ text: String, for place: [UInt8], with key: (id: EncryptionKey.ID, box: SecretBox)
    ) -> String {
        SealedText.text(KeyRing.seal(Array(text.utf8), for: place, with: key.box, key.id), .person)
    }

    /// The text that was sealed for that row. Clear text stays as it is; so does what opens with no key
    /// here, which nobody could take for words and which is stored as it was.
    public func opened(_ text: String, in column: SealedTextColumn, of row: UniqueID) throws
        -> String
    {
        guard scope.vault != nil, let (key, sealed) = SealedText.parts(of: text) else {
            return text
        }
        let place = column.place(organisation, row)
        switch key {
        case .organisation:
            return try open(sealed, for: place).map { String(decoding: $0, as: UTF8.self) } ?? text
        case .person:
            try readPersonKeys(of: [text])
            if let words = words(in: sealed, for: place) { return words }
            // The key may have been replaced, and the text with it, after this row was read.
            guard !textKeys.hasAllPeople, let anew = try stored(in: column, of: row), anew != text,
                let sealed = SealedText.parts(of: anew)?.sealed
            else { return text }
            try readPersonKeys(of: [anew])
            return words(in: sealed, for: place) ?? text
        }
    }

    private func words(in sealed: [UInt8], for place: [UInt8]) -> String? {
        guard let id = KeyRing.key(of: sealed), let box = textKeys.people[id],
            let words = try? KeyRing.open(sealed, for: place, with: box)
        else { return nil }
        return String(decoding: words, as: UTF8.self)
    }

    private func stored(in column: SealedTextColumn, of row: UniqueID) throws -> String? {
        try value(
            """
            SELECT \(raw: column.column) FROM \(raw: column.table)
            WHERE organisation_id = \(organisation) AND id = \(row)
            """)
    }

    /// Tells equal texts of a column with an index, without saying what they are: one for each key that
    /// the organisation has now, the current one first.
    public func indexes(of text: String, in column: SealedTextColumn) throws -> [[UInt8]] {
        guard !text.isEmpty else { return [] }
        return try openingRing()?.indexes(of: Array("\(column.name):\(text)".utf8)) ?? []
    }

    /// Many texts of one column, each with its row, in the same order.
    public func opened(_ texts: [(row: UniqueID, text: String)], in column: SealedTextColumn) throws
        -> [String]
    {
        try readPersonKeys(of: texts.lazy.map(\.text))
        return try texts.map { try opened($0.text, in: column, of: $0.row) }
    }

    /// Opens what the records hold sealed.
    func opened<R: Record>(_ records: [R]) throws -> [R] {
        guard scope.vault != nil, !records.isEmpty,
            let type = R.self as? any HoldsSealedText.Type
        else { return records }
        return try opened(records, as: type)
    }

    private func opened<R, Holder: HoldsSealedText>(_ records: [R], as: Holder.Type) throws -> [R] {
        guard var holders = records as? [Holder] else { return records }
        let members = Holder.sealedTexts
        try readPersonKeys(
            of: holders.lazy.flatMap { holder in members.map { holder[keyPath: $0.text] } })
        for place in holders.indices {
            for member in members {
                let text = holders[place][keyPath: member.text]
                guard !text.isEmpty else { continue }
                holders[place][keyPath: member.text] = try opened(
                    text, in: member.column, of: member.row(holders[place]))
            }
        }
        return holders as? [R] ?? records
    }

    /// One that was read otherwise.
    public func opened<R: Record>(_ record: R) throws -> R { try opened([record])[0] }

    /// The keys of the organisation, made where there are none.
    func textRing() throws -> KeyRing {
        if !textKeys.isSealing {
            // No key goes while somebody seals with it.
            try runLater(
                "SELECT pg_advisory_xact_lock_shared(\(KeyOwner.organisation(organisation).lock))")
            textKeys.isSealing = true
        }
        if let ring = try openingRing() { return ring }
        guard let vault = scope.vault else { throw VaultError.noKeysHere }
        // Not kept: a savepoint may take the new key back.
        return try vault.ring(of: .organisation(organisation), on: connection)
    }

    /// The same to open with; nil where there are none.
    func openingRing(anew: Bool = false) throws -> KeyRing? {
        if let ring = textKeys.ring, !anew { return ring }
        textKeys.ring = try scope.vault?.existingRing(
            of: .organisation(organisation), on: connection, anew: anew)
        return textKeys.ring
    }

    /// Nil when no key of the organisation opens it.
    func open(_ sealed: [UInt8], for place: [UInt8]) throws -> [UInt8]? {
        if let found = try openingRing()?.openKnown(sealed, for: place) { return found }
        // A key that came while this transaction runs.
        guard let id = KeyRing.key(of: sealed), textKeys.ring?.knows(id) == false else {
            return nil
        }
        return try openingRing(anew: true)?.openKnown(sealed, for: place)
    }
}
