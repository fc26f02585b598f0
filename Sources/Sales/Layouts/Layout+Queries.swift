import Basics
import Core
import Database

/// What the documents of an organisation look like today.
struct DocumentLook: Record, Sendable {
    /// SHA-256 of the logo; empty without one.
    var logo: String
    var layout: DocumentLayout

    init(logo: String, layout: DocumentLayout) {
        self.logo = logo
        self.layout = layout
    }

    init(row: Row) throws {
        logo = try row["logo"]
        let saved: JSON? = try row["layout"]
        layout = saved.map { DocumentLayout($0) } ?? .standard
    }
}

/// The layout of today, with what a change of it must name.
struct SavedLayout: Record, Sendable {
    var layout = DocumentLayout.standard
    /// 0 before it was ever saved.
    var version = 0

    init() {}

    init(row: Row) throws {
        layout = DocumentLayout(try row["content"])
        version = try row["version"]
    }
}

extension Transaction {
    func documentLook() throws -> DocumentLook {
        try first(
            """
            SELECT coalesce((SELECT sha256 FROM logos WHERE organisation_id = \(organisation)), '')
                    AS logo,
                (SELECT content FROM document_layouts WHERE organisation_id = \(organisation))
                    AS layout
            """) ?? DocumentLook(logo: "", layout: .standard)
    }

    /// Who sells, as documents say it today.
    func seller() throws -> Seller { Seller(scope.organisation, try documentLook()) }

    func savedLayout() throws -> SavedLayout {
        try first(
            """
            SELECT content, version FROM document_layouts WHERE organisation_id = \(organisation)
            """) ?? SavedLayout()
    }
}
