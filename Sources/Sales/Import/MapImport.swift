import Basics
import Core
import Database
import HTTP

/// What somebody says of the columns of a file.
struct MappingDraft: Sendable {
    /// The field of each column, empty for one that is left out.
    var fields: [String]
    var existing: Import.Existing
    /// Under which to keep it; empty: not at all.
    var name: String
    var mapping: String

    init(
        fields: [String], existing: Import.Existing = .keep, name: String = "", mapping: String = ""
    ) {
        self.fields = fields
        self.existing = existing
        self.name = name
        self.mapping = mapping
    }

    /// `mapping` is the name of the one that the choices came from.
    init(_ input: inout Input, _ found: Import, mapping known: String) {
        var taken: Set<String> = []
        fields = found.form.headings.indices.map { index in
            let name = "column_\(index)"
            let field = input.typed[name] ?? ""
            guard !field.isEmpty else { return "" }
            guard found.kind.field(field) != nil else {
                input.refuse(name, Text("Choix inconnu.", "Unknown choice."))
                return ""
            }
            guard taken.insert(field).inserted else {
                input.refuse(
                    name,
                    Text("Ce champ a déjà une colonne.", "This field has a column already."))
                return ""
            }
            return field
        }
        existing = input.choice("existing", or: .keep)
        name = input.line("keep_as", most: 60)
        mapping = name.isEmpty ? known : name
        if let missing = MappingDraft.missing(found.kind, fields), input.problems.isEmpty {
            input.refuse("fields", missing)
        }
    }

    /// What a kind cannot do without, unless a column holds it.
    static func missing(_ kind: ImportKind, _ fields: [String]) -> Text? {
        func lack(_ names: String...) -> Bool { !names.contains { fields.contains($0) } }
        let lacking: Text? =
            switch kind {
            case .clients where lack("name", "last_name"): kind.field("name")?.label
            case .items where lack("label", "reference"): kind.field("label")?.label
            case .items where lack("unit_price"): kind.field("unit_price")?.label
            case .invoices where lack("number"): kind.field("number")?.label
            case .invoices
            where lack("client_reference", "client_name", "client_siren", "client_email"):
                kind.field("client_name")?.label
            case .invoices where lack("issued_on"): kind.field("issued_on")?.label
            case .invoices where lack("total", "open_amount"): kind.field("total")?.label
            default: nil
            }
        return lacking.map {
            Text(
                "Aucune colonne n’est « \($0.french) ».",
                "No column is “\($0.english)”.")
        }
    }
}

extension Transaction {
    /// Takes what the columns are, keeps that as a mapping if it has a name, and lets a job count what
    /// the import would do.
    func mapImport(_ id: Import.ID, _ draft: MappingDraft) throws {
        let found = try lockedImport(id, in: [.mapping, .ready, .failed])
        if !draft.name.isEmpty { try keepMapping(found, draft) }
        try run(
            """
            UPDATE imports SET fields = \(draft.fields), existing = \(draft.existing),
                mapping = \(draft.mapping), state = 'checking', done_lines = 0, fault = NULL
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        try enqueue(Imports.checking, on: id.value)
    }

    private func keepMapping(_ found: Import, _ draft: MappingDraft) throws {
        let columns = JSON.object(
            zip(draft.fields, found.form.headings).filter { !$0.0.isEmpty }
                .map { ($0.0, .string(PlainText.folded($0.1))) })
        try run(
            """
            INSERT INTO import_mappings (organisation_id, kind, name, columns)
            VALUES (\(organisation), \(found.kind), \(draft.name), \(columns))
            ON CONFLICT (organisation_id, kind, name) DO UPDATE SET columns = excluded.columns
            """)
        let count: Int? = try value(
            """
            SELECT count(*) FROM import_mappings
            WHERE organisation_id = \(organisation) AND kind = \(found.kind)
            """)
        guard count ?? 0 <= ImportLimits.savedMappings else {
            throw Problem.invalid(
                "keep_as",
                Text(
                    "\(ImportLimits.savedMappings) correspondances au plus.",
                    "At most \(ImportLimits.savedMappings) mappings."))
        }
    }

    /// Agrees to what was counted: a job brings the file in.
    func startImport(_ id: Import.ID) throws {
        let found = try lockedImport(id, in: [.ready])
        guard found.counts.written > 0 else {
            throw Problem.conflict(
                Text("Il n’y a rien à importer.", "There is nothing to import."))
        }
        try run(
            """
            UPDATE imports SET state = 'importing', done_lines = 0
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        try enqueue(Imports.running, on: id.value)
    }
}
