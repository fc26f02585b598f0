import Basics
import Database

/// One form of settings: what it reads, and the statement that writes it.
public protocol OrganisationDraft: Sendable {
    /// Reads the form. What it does not hold stays as `organisation` has it.
    init(_ input: inout Input, _ organisation: Organisation)
    /// Writes its own columns of the organisation's row, and counts the version up.
    func update(_ id: Organisation.ID) -> SQL
}

extension Transaction {
    /// Writes a draft and records which fields changed. Without `version` the last writer wins.
    @discardableResult
    public func updateOrganisation(_ draft: some OrganisationDraft, version: Int?) throws
        -> Organisation
    {
        let before = try lockedOrganisation(version: version)
        try run(draft.update(organisation))
        let after = try currentOrganisation()
        let changes = FieldChanges(
            before: before.formValues(.english), after: after.formValues(.english))
        if !changes.isEmpty {
            try record(
                .organisationUpdated, .organisation, organisation.value, details: changes.json)
        }
        return after
    }

    func currentOrganisation() throws -> Organisation {
        try one("SELECT \(Organisation.columns) FROM organisations o WHERE o.id = \(organisation)")
    }

    /// The row, held until this transaction ends. A conflict when it is newer than the form.
    func lockedOrganisation(version: Int?) throws -> Organisation {
        let current: Organisation = try one(
            """
            SELECT \(Organisation.columns) FROM organisations o
            WHERE o.id = \(organisation) FOR UPDATE
            """)
        if let version, version != current.version {
            throw Problem.conflict(
                Text(
                    "Quelqu’un a modifié ces réglages entre-temps. Vos saisies sont conservées : "
                        + "relisez-les, puis enregistrez de nouveau.",
                    "Someone changed these settings meanwhile. What you typed is kept: read it "
                        + "again, then save once more."))
        }
        return current
    }

    /// Amounts stand in minor units of the currency: with a document it cannot change any more.
    func currencyIsFixed() throws -> Bool {
        try value("SELECT organisation_has_documents(\(organisation))") ?? false
    }
}

/// Which fields of a form changed, for the journal.
struct FieldChanges {
    let fields: [(name: String, before: String, after: String)]

    init(before: [String: String], after: [String: String]) {
        fields = after.keys.sorted().compactMap { name in
            let (old, new) = (before[name] ?? "", after[name] ?? "")
            return old == new || name == "version" ? nil : (name, old, new)
        }
    }

    var isEmpty: Bool { fields.isEmpty }

    /// `{"changes": [{"field": "city", "before": "Lyon", "after": "Nancy"}]}`
    var json: JSON {
        [
            "changes": .array(
                fields.map {
                    [
                        "field": .string($0.name), "before": .string($0.before),
                        "after": .string($0.after),
                    ]
                })
        ]
    }
}
