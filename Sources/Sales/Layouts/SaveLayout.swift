import Basics
import Core
import Database

extension Transaction {
    /// Keeps how documents look from now on. Issued invoices stay as they are.
    func saveLayout(_ draft: LayoutDraft) throws {
        try updateOrganisation(draft.color, version: draft.organisationVersion)
        let isOwn = try savedLayout().version == draft.version ?? 0
        let written =
            try isOwn
            ? run(
                """
                INSERT INTO document_layouts (organisation_id, content, updated_at)
                VALUES (\(organisation), \(draft.layout.json), \(now))
                ON CONFLICT (organisation_id) DO UPDATE
                SET content = EXCLUDED.content, updated_at = EXCLUDED.updated_at,
                    version = document_layouts.version + 1
                WHERE document_layouts.version = \(draft.version ?? 0)
                """) : 0
        guard written == 1 else {
            throw Problem.conflict(
                Text(
                    "Quelqu’un a modifié la mise en page entre-temps. Vos saisies sont conservées : "
                        + "relisez-les, puis enregistrez de nouveau.",
                    "Someone changed the layout meanwhile. What you typed is kept: read it again, "
                        + "then save once more."))
        }
        try record(.layoutChanged, .organisation, organisation.value)
    }
}

extension Action {
    static let layoutChanged = Action(
        "layout.changed",
        Text("a modifié la mise en page des documents", "changed the layout of documents"),
        icon: "palette")
}
