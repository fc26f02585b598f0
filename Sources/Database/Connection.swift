import CPostgres

/// One connection to PostgreSQL, used by one thread at a time. Statements are prepared once and
/// found again by their text. All calls block until the server has answered.
///
/// Every call throws `DatabaseError`. Once the connection is lost, every call throws
/// `.unavailable`; a `Pool` replaces such a connection.
public final class Connection {
    /// Statements run so far, for tests that bound the cost of a page.
    public internal(set) var queryCount = 0
    /// Times the server was asked and waited for.
    public internal(set) var roundTripCount = 0
    /// Whether the connection was lost and can no longer be used.
    public internal(set) var isBroken = false

    /// The name of the database.
    public let database: String

    let handle: OpaquePointer
    var prepared: PreparedStatements
    var parameters = Parameters()
    /// Commands that travel with the next statement: BEGIN, settings, savepoints.
    var pending: [SQL] = []
    /// Whether changes are among them, which the commit must not leave out.
    var holdsChanges = false
    var isInTransaction = false
    var savepointDepth = 0
    var openCursors = 0

    /// Connects.
    ///
    /// - Parameters:
    ///   - connectionString: libpq keywords (`host=… user=…`) or a `postgresql://` address.
    ///   - preparedLimit: statements that stay prepared on the server.
    public init(_ connectionString: String, preparedLimit: Int = 256) throws {
        handle = try Connection.open(connectionString)
        database = PQdb(handle).map { String(cString: $0) } ?? ""
        prepared = PreparedStatements(limit: max(1, preparedLimit))
        try simple(Connection.session)
    }

    deinit { PQfinish(handle) }

    /// All rows of a query.
    public func all<R: Record>(_ sql: SQL) throws -> [R] {
        let result = try execute(sql)
        var records: [R] = []
        records.reserveCapacity(Int(result.rowCount))
        for number in 0..<result.rowCount {
            records.append(try R(row: result.row(number)))
        }
        return records
    }

    /// The first row of a query, `nil` when there is none.
    public func first<R: Record>(_ sql: SQL) throws -> R? {
        let result = try execute(sql)
        return result.rowCount == 0 ? nil : try R(row: result.row(0))
    }

    /// The first column of the first row; `nil` when there is no row or it is NULL.
    public func value<Value: SQLDecodable>(_ sql: SQL) throws -> Value? {
        let result = try execute(sql)
        return result.rowCount == 0 ? nil : try result.firstColumn(row: 0)
    }

    /// The first column of every row. A NULL throws.
    public func values<Value: SQLDecodable>(_ sql: SQL) throws -> [Value] {
        let result = try execute(sql)
        return try (0..<result.rowCount).map { number in
            guard let value: Value = try result.firstColumn(row: number) else {
                throw DatabaseError(.other, "the first column is NULL")
            }
            return value
        }
    }

    /// Runs a statement and answers how many rows it returned, inserted, updated or deleted.
    @discardableResult
    public func run(_ sql: SQL) throws -> Int {
        try execute(sql).affectedRows
    }

    /// Runs a statement of the open transaction together with the next one, or with the commit:
    /// it costs no round trip of its own. What it is refused for is thrown there.
    public func runLater(_ sql: SQL) throws {
        guard isInTransaction else { return _ = try execute(sql) }
        StatementRecorder.record(sql, on: self)
        queryCount += 1
        pending.append(sql)
        holdsChanges = true
    }

    /// Several statements in one round trip; answers the affected rows of each. The first error
    /// is thrown. Outside a transaction all of them happen or none.
    @discardableResult
    public func pipeline(_ statements: [SQL]) throws -> [Int] {
        guard !statements.isEmpty else { return [] }
        for statement in statements { StatementRecorder.record(statement, on: self) }
        queryCount += statements.count
        return try roundTrip(statements).map(\.affectedRows)
    }

    /// Several statements separated by `;`, as in a migration, without values. Outside a
    /// transaction all of them happen or none (unless the text itself begins and commits).
    public func runScript(_ text: String) throws {
        try sendPending()
        try simple(text)
    }

    /// Asks the server whether a recorded statement can be prepared, without running it.
    public func check(_ statement: StatementRecorder.Statement) throws {
        try sendPending()
        roundTripCount += 1
        let types = statement.types.map(\.rawValue)
        let result = PQprepare(handle, "", statement.text, Int32(types.count), types)
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK else {
            throw failure(result, statement: statement.text)
        }
    }

    private func execute(_ sql: SQL) throws -> ResultSet {
        StatementRecorder.record(sql, on: self)
        queryCount += 1
        return try roundTrip([sql])[0]
    }
}

extension Connection {
    /// Seconds after which a host that does not answer counts as gone.
    private static let connectSeconds = "5"

    /// What the text forms read here depend on, and plans for cursors that are read to the end.
    private static let session = """
        SET client_min_messages = warning; SET datestyle = 'ISO, YMD'; SET intervalstyle = iso_8601;
        SET timezone = 'UTC'; SET bytea_output = 'hex'; SET extra_float_digits = 1;
        SET standard_conforming_strings = on; SET cursor_tuple_fraction = 1
        """

    private static func open(_ connectionString: String) throws -> OpaquePointer {
        // Later keywords win, so defaults stand before the caller's string and rules behind it.
        let keywords = [
            "connect_timeout", "fallback_application_name", "dbname", "client_encoding",
        ]
        let values = [connectSeconds, "comptoir", connectionString, "UTF8"]
        let handle = withCStrings(keywords) { keywords in
            withCStrings(values) { values in PQconnectdbParams(keywords, values, 1) }
        }
        guard let handle else { throw DatabaseError(.unavailable, "out of memory") }
        guard PQstatus(handle) == CONNECTION_OK else {
            defer { PQfinish(handle) }
            throw DatabaseError(lost: handle)
        }
        // Notices would otherwise be printed on the program's standard error.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        return handle
    }

    /// Lends a NULL-terminated array of C strings.
    private static func withCStrings<Answer>(
        _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Answer
    ) -> Answer {
        let bytes = strings.map { Array($0.utf8CString) }
        let joined = bytes.flatMap { $0 }
        return joined.withUnsafeBufferPointer { buffer in
            var pointers: [UnsafePointer<CChar>?] = []
            var offset = 0
            for string in bytes {
                pointers.append(buffer.baseAddress! + offset)
                offset += string.count
            }
            pointers.append(nil)
            return body(pointers)
        }
    }
}
