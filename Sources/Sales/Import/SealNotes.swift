import Basics
import Core
import Database

// Notes of imported clients are sealed before they are written, and compared as the words that they are.

/// Notes of a line, and those of the client that it is about.
private struct StagedNotes: Record {
    let line: Int
    let client: UniqueID
    let notes: String
    /// As they are stored.
    let known: String

    init(row: Row) throws {
        line = try row["line_number"]
        client = try row["client_id"]
        notes = try row["notes"]
        known = try row["known"]
    }
}

extension Transaction {
    /// A line whose notes are those that its client has already says nothing of them.
    func recogniseNotes() throws {
        try eachNotes(
            """
            SELECT l.line_number, c.id AS client_id, l.record ->> 'notes' AS notes, c.notes AS known
            FROM staged_lines l
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = l.record_id
            WHERE l.state IS NULL AND l.record ->> 'notes' <> '' AND is_sealed(c.notes)
            """
        ) { rows in
            let known = try opened(rows.map { ($0.client, $0.known) }, in: .clientNotes)
            return zip(rows, known).filter { $0.notes == $1 }.map { row, _ in (row.line, nil) }
        }
    }

    /// Seals the notes of lines that make or change a client.
    func sealNotes() throws {
        try eachNotes(
            """
            SELECT l.line_number, l.record_id AS client_id, l.record ->> 'notes' AS notes, '' AS known
            FROM staged_lines l
            WHERE l.record_id IS NOT NULL AND (l.makes_client OR l.state = 'changed')
                AND l.record ->> 'notes' <> ''
            """
        ) { rows in
            let sealed = try sealed(rows.map { ($0.client, $0.notes) }, in: .clientNotes)
            return zip(rows, sealed).map { ($0.line, $1) }
        }
    }

    /// Some lines after the other; what `body` answers takes the place of their notes, nil takes them away.
    private func eachNotes(
        _ lines: SQL, _ body: ([StagedNotes]) throws -> [(line: Int, notes: String?)]
    ) throws {
        var last = -1
        while true {
            let rows: [StagedNotes] = try all(
                """
                \(lines) AND l.line_number > \(last) ORDER BY l.line_number
                LIMIT \(ImportLimits.linesAtOnce)
                """)
            guard let end = rows.last?.line else { return }
            last = end
            let changes = try body(rows)
            guard !changes.isEmpty else { continue }
            try run(
                """
                UPDATE staged_lines l SET record = CASE WHEN f.notes = '' THEN l.record - 'notes'
                    ELSE jsonb_set(l.record, '{notes}', to_jsonb(f.notes)) END
                FROM unnest(\(changes.map(\.line)), \(changes.map { $0.notes ?? "" })) AS f (line, notes)
                WHERE l.line_number = f.line
                """)
        }
    }
}
