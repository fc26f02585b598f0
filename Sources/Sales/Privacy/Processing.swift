import Basics
import Core
import Database

/// One line of the register of processing that article 30 of the GDPR asks for.
struct Processing: Sendable {
    enum Basis: Sendable {
        case contract, law, interest, consent

        var label: Text {
            switch self {
            case .contract: Text("Contrat (art. 6.1.b)", "Contract (art. 6.1.b)")
            case .law: Text("Obligation légale (art. 6.1.c)", "Legal obligation (art. 6.1.c)")
            case .interest:
                Text("Intérêt légitime (art. 6.1.f)", "Legitimate interest (art. 6.1.f)")
            case .consent: Text("Consentement (art. 6.1.a)", "Consent (art. 6.1.a)")
            }
        }
    }

    let id: String
    let title: Text
    let purpose: Text
    let basis: Basis
    let people: Text
    let data: Text
    let recipients: Text
    let term: Term
    let tables: [PersonalTable]

    /// How long.
    enum Term: Sendable {
        /// As the organisation decides, by category.
        case setting([RetentionCategory])
        case fixed(Text)
    }
}

/// A table in which people stand.
struct PersonalTable: Sendable {
    let name: StaticString
    let label: Text
    /// Columns that say nothing to the person: bytes, hashes, names of colleagues.
    let without: [String]
    /// The condition for rows `t` about a client; nil where none is about clients.
    let rows: (@Sendable (PersonTraces) -> SQL)?

    init(
        _ name: StaticString, _ label: Text, without: [String] = [],
        rows: (@Sendable (PersonTraces) -> SQL)? = nil
    ) {
        self.name = name
        self.label = label
        self.without = without
        self.rows = rows
    }

    /// Rows that name the client.
    static func ofClient(_ name: StaticString, _ label: Text, without: [String] = []) -> Self {
        Self(name, label, without: without) { "t.client_id = \($0.client.id)" }
    }

    /// Rows of a client's documents.
    static func ofDocument(
        _ name: StaticString, _ key: StaticString, _ label: Text, without: [String] = []
    ) -> Self {
        Self(name, label, without: without) { "t.\(raw: key) = ANY (\($0.documents))" }
    }

    /// Rows of accounts by which the client comes in.
    static func ofAccount(_ name: StaticString, _ label: Text, without: [String] = []) -> Self {
        Self(name, label, without: without) { "t.user_id = ANY (\($0.users))" }
    }
}
