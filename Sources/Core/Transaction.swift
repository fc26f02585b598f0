import Basics
import Database

/// One transaction on behalf of one person in one organisation. Verbs are extensions of it: what a verb
/// changes and the journal entry that says so commit together or not at all.
public final class Transaction {
    public let connection: Connection
    public let scope: Scope
    public let now: Instant
    /// Whether runners have something new to look at once this has committed.
    var hasEnqueued = false
    /// The keys of what is sealed, once it has met some.
    let textKeys: TextKeys

    init(
        _ connection: Connection, _ scope: Scope, now: Instant, textKeys: TextKeys = TextKeys()
    ) {
        self.textKeys = textKeys
        self.connection = connection
        self.scope = scope
        self.now = now
    }

    /// The organisation whose rows exist here. It stands in every statement, and row-level security
    /// stands behind the statements.
    public var organisation: Organisation.ID { scope.organisation.id }
    public var currency: Currency { scope.organisation.currency }
    /// The day in the organisation's time zone.
    public var today: Day { scope.organisation.day(at: now) }
    public func newID<Record>() -> ID<Record> { ID(UniqueID.make(at: now)) }

    public func all<R: Record>(_ statement: SQL) throws -> [R] {
        try opened(connection.all(statement))
    }
    public func first<R: Record>(_ statement: SQL) throws -> R? {
        try connection.first(statement).map { try opened($0) }
    }
    public func value<T: SQLDecodable>(_ statement: SQL) throws -> T? {
        try connection.value(statement)
    }
    public func values<T: SQLDecodable>(_ statement: SQL) throws -> [T] {
        try connection.values(statement)
    }
    /// The number of rows changed.
    @discardableResult
    public func run(_ statement: SQL) throws -> Int { try connection.run(statement) }
    /// A change whose count nobody asks for: it travels with the next statement, or with the commit.
    public func runLater(_ statement: SQL) throws { try connection.runLater(statement) }
    public func run(all statements: [SQL]) throws { try connection.pipeline(statements) }
    public func each(_ statement: SQL, _ body: (Row) throws -> Void) throws {
        try connection.each(statement, body)
    }

    /// For statements over everything: they join tables as wholes, never row after row. A plan that
    /// hopes to meet the first few of what is rare soon, or that knows a table as it was before it
    /// filled, would compare every row with every other.
    public func joiningWholes<T>(_ body: () throws -> T) throws -> T {
        let before: String? = try value("SELECT current_setting('enable_nestloop')")
        try connection.runScript("SET LOCAL enable_nestloop = off")
        let answer = try body()
        if before == "on" { try connection.runScript("SET LOCAL enable_nestloop = on") }
        return answer
    }

    /// The record, or `Problem.notFound`.
    public func one<R: Record>(_ statement: SQL) throws -> R {
        guard let record: R = try first(statement) else { throw Problem.notFound }
        return record
    }
}

/// Who acts, and in which organisation.
public struct Scope: Sendable {
    public var organisation: Organisation
    public var user: User?
    public var role: Role
    /// Shown in the journal and in histories.
    public var actorName: String
    /// The network address of the request, empty for commands and jobs.
    public var address: String
    /// How the browser or program of the request names itself.
    public var userAgent: String
    /// What opens and seals notes and accounts; nil where nobody reads or writes any.
    public var vault: Vault?

    public init(
        organisation: Organisation, user: User?, role: Role, actorName: String? = nil,
        address: String = "", userAgent: String = "", vault: Vault? = nil
    ) {
        self.organisation = organisation
        self.user = user
        self.role = role
        self.actorName = actorName ?? user?.name ?? "Comptoir"
        self.address = address
        self.userAgent = userAgent
        self.vault = vault
    }

    /// Read by the policies and by the triggers that write histories.
    func settings(now: Instant) -> [(name: String, value: String)] {
        [
            ("app.organisation", organisation.id.description),
            ("app.user", user?.id.description ?? ""), ("app.user_name", actorName),
            ("app.now", now.rfc3339), ("app.hidden", role.hidden),
        ]
    }
}

extension Pool {
    /// Runs `body` in a transaction of that scope. It commits when `body` returns, and rolls back when
    /// it throws.
    public func transaction<T>(
        _ scope: Scope, at now: Instant, readOnly: Bool = false,
        isolation: Isolation = .readCommitted, _ body: (Transaction) throws -> T
    ) throws -> T {
        try withConnection {
            try $0.transaction(scope, at: now, readOnly: readOnly, isolation: isolation, body)
        }
    }
}

extension Connection {
    /// The same on a connection of one's own.
    func transaction<T>(
        _ scope: Scope, at now: Instant, readOnly: Bool = false,
        isolation: Isolation = .readCommitted, _ body: (Transaction) throws -> T
    ) throws -> T {
        var hasEnqueued = false
        let answer = try transaction(
            settings: scope.settings(now: now), readOnly: readOnly, isolation: isolation
        ) {
            let transaction = Transaction($0, scope, now: now)
            defer { hasEnqueued = transaction.hasEnqueued }
            return try body(transaction)
        }
        if hasEnqueued { JobBell.shared.ring() }
        return answer
    }
}
