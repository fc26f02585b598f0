import Basics
import Database

/// One kind of record that search finds. Capabilities name theirs; without `rows` a result shows the
/// label that the index keeps.
///
///     SearchSource(.client, Text("Clients", "Clients"), icon: "users", .readClients, list: "/clients")
public struct SearchSource: Sendable {
    public typealias Rows = @Sendable (Transaction, [UniqueID], Language) throws -> [SearchRow]

    public let kind: SubjectKind
    public let label: Text
    public let icon: StaticString
    public let permission: Permission
    /// The list that shows all results when `?q=` is added.
    public let list: String
    let rows: Rows?

    public init(
        _ kind: SubjectKind, _ label: Text, icon: StaticString, _ permission: Permission,
        list: String, rows: Rows? = nil
    ) {
        self.kind = kind
        self.label = label
        self.icon = icon
        self.permission = permission
        self.list = list
        self.rows = rows
    }
}

/// One result.
public struct SearchRow: Sendable {
    public var id: UniqueID
    public var title: String
    /// A second line, such as number and city.
    public var note: String
    /// In the organisation's currency.
    public var amount: Amount?

    public init(id: UniqueID, title: String, note: String = "", amount: Amount? = nil) {
        self.id = id
        self.title = title
        self.note = note
        self.amount = amount
    }
}

/// What search found of one kind.
struct SearchGroup: Sendable {
    let source: SearchSource
    let rows: [SearchRow]
}

private struct Hit: Record {
    var kind: SubjectKind
    var id: UniqueID
    var label: String

    init(row: Row) throws {
        kind = try row["kind"]
        id = try row["record_id"]
        label = try row["label"]
    }
}

extension Transaction {
    /// Results of each kind, in the order of the sources; kinds without any are left out.
    func search(
        _ words: String, in sources: [SearchSource], most: Int, _ say: Language
    ) throws -> [SearchGroup] {
        guard let query = SearchQuery(words) else { return [] }
        let found: [Hit] = try all(
            """
            SELECT kind, record_id, label
            FROM search_kinds(\(sources.map(\.kind.rawValue)), \(query.text), \(most))
            """)
        return try sources.compactMap { source in
            let hits = found.filter { $0.kind == source.kind }
            guard !hits.isEmpty else { return nil }
            guard let rows = source.rows else {
                return SearchGroup(
                    source: source, rows: hits.map { SearchRow(id: $0.id, title: $0.label) })
            }
            let shown = try rows(self, hits.map(\.id), say)
            let byID = Dictionary(shown.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
            return SearchGroup(source: source, rows: hits.compactMap { byID[$0.id] })
        }
    }
}
