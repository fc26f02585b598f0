import Basics
import Core
import Database

/// Everything that is held about one client, by the lines of the register.
struct PersonalData: Sendable {
    struct Part: Sendable {
        var table: PersonalTable
        /// Columns by their names, those without a value left out.
        var rows: [JSON]
    }

    var client: Client
    var parts: [(processing: Processing, parts: [Part])]

    var isEmpty: Bool { parts.isEmpty }
}

extension Transaction {
    /// By what the person is found in the register's tables.
    func personalData(of id: Client.ID) throws -> PersonalData {
        let client = try client(id)
        let traces = try traces(of: client)
        var found: [(processing: Processing, parts: [PersonalData.Part])] = []
        for processing in Register.all {
            let parts = try processing.tables.compactMap { table in
                try rows(of: table, traces).map { PersonalData.Part(table: table, rows: $0) }
            }
            if !parts.isEmpty { found.append((processing, parts)) }
        }
        return PersonalData(client: client, parts: found)
    }

    /// Nil without any.
    private func rows(of table: PersonalTable, _ traces: PersonTraces) throws -> [JSON]? {
        guard let condition = table.rows?(traces) else { return nil }
        // Accounts belong to no organisation; these are found by their memberships here.
        let scope: SQL =
            ["users", "passkeys"].contains(table.name.description)
            ? "true" : "t.organisation_id = \(organisation)"
        let rows: [JSON] = try values(
            """
            SELECT jsonb_strip_nulls(to_jsonb(t) - \(table.without + Self.ofNobody))
            FROM \(raw: table.name) t WHERE \(scope) AND (\(condition))
            """)
        return rows.isEmpty ? nil : try rows.map { try opened($0, of: table.name.description) }
    }

    /// Notes on the person in words, as they were typed.
    private func opened(_ row: JSON, of table: String) throws -> JSON {
        switch table {
        case "clients": return try openedNotes(row, of: row["id"])
        case "import_records":
            return .object(
                try (row.members ?? []).map { name, value in
                    (name, name == "before" ? try openedNotes(value, of: row["record_id"]) : value)
                })
        default: return row
        }
    }

    private func openedNotes(_ row: JSON, of id: JSON?) throws -> JSON {
        guard let members = row.members, let id = id?.string.flatMap(UniqueID.init) else {
            return row
        }
        return .object(
            try members.map { name, value in
                guard name == "notes", let text = value.string else { return (name, value) }
                return (name, .string(try opened(text, in: .clientNotes, of: id)))
            })
    }

    private static let ofNobody = ["organisation_id"]
}

extension PersonalData {
    /// For another program, or whoever keeps it: readable, complete, named as in the database.
    func json(_ request: Request) -> JSON {
        let say = request.say
        return [
            "organisation": .string(request.organisation.name),
            "made_at": .string(request.now.rfc3339),
            "client": ["number": .string(client.number), "name": .string(client.name)],
            "processing": .array(
                parts.map { processing, parts in
                    [
                        "title": .string(say(processing.title)),
                        "purpose": .string(say(processing.purpose)),
                        "legal_basis": .string(say(processing.basis.label)),
                        "recipients": .string(say(processing.recipients)),
                        "data": .object(
                            parts.map { ($0.table.name.description, .array($0.rows)) }),
                    ]
                }),
        ]
    }
}
