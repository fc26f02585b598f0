import CPostgres

/// What a transaction sees of others that run beside it.
public enum Isolation: Sendable {
    case readCommitted, repeatableRead, serializable

    fileprivate var begin: SQL {
        switch self {
        case .readCommitted: "BEGIN ISOLATION LEVEL READ COMMITTED"
        case .repeatableRead: "BEGIN ISOLATION LEVEL REPEATABLE READ"
        case .serializable: "BEGIN ISOLATION LEVEL SERIALIZABLE"
        }
    }
}

extension Connection {
    /// Runs `body` in a transaction: committed when it returns, rolled back when it throws.
    ///
    /// BEGIN and the settings travel with the first statement, so they cost no round trip; a
    /// body that runs no statement never reaches the server.
    ///
    /// - Parameters:
    ///   - settings: set for this transaction only, as by `set_config(name, value, true)`.
    ///   - readOnly: the server refuses changes.
    /// - Throws: what `body` throws; `DatabaseError` of the commit; an error when a transaction
    ///   is already open (use `savepoint`), or when `body` swallowed the error of a statement,
    ///   after which nothing can be committed.
    @discardableResult
    public func transaction<Answer>(
        settings: [(name: String, value: String)] = [], readOnly: Bool = false,
        isolation: Isolation = .readCommitted, _ body: (Connection) throws -> Answer
    ) throws -> Answer {
        guard !isInTransaction else {
            throw DatabaseError(.other, "a transaction is already open; use a savepoint")
        }
        isInTransaction = true
        pending = [readOnly ? isolation.begin + " READ ONLY" : isolation.begin]
        if let settings = Connection.set(settings) { pending.append(settings) }
        defer {
            isInTransaction = false
            pending = []
            holdsChanges = false
        }
        do {
            let answer = try body(self)
            try commit()
            return answer
        } catch {
            rollBack()
            throw error
        }
    }

    /// Runs `body` inside the open transaction so that, when it throws, only what `body` did is
    /// undone and the transaction goes on. May be nested.
    @discardableResult
    public func savepoint<Answer>(_ body: (Connection) throws -> Answer) throws -> Answer {
        guard isInTransaction else {
            throw DatabaseError(.other, "a savepoint needs an open transaction")
        }
        savepointDepth += 1
        defer { savepointDepth -= 1 }
        let name = "savepoint_\(savepointDepth)"
        let pendingBefore = pending.count
        let roundTripsBefore = roundTripCount
        pending.append(SQL(trustedText: "SAVEPOINT \(name)"))
        // As long as nothing was sent, the server does not know of the savepoint.
        func isUnsent() -> Bool { roundTripCount == roundTripsBefore }
        do {
            let answer = try body(self)
            if isUnsent(), pending.count == pendingBefore + 1 {
                pending.removeLast()
            } else {
                try refuseIfFailed()
                pending.append(SQL(trustedText: "RELEASE SAVEPOINT \(name)"))
            }
            return answer
        } catch {
            if isUnsent() {
                pending.removeSubrange(pendingBefore...)
            } else if !isBroken {
                pending = []
                try simple("ROLLBACK TO SAVEPOINT \(name); RELEASE SAVEPOINT \(name)")
            }
            throw error
        }
    }

    /// Calls `body` with each row in turn while memory stays flat, however many there are. Runs
    /// in the open transaction, or in one of its own. `body` may run other statements on the
    /// connection, and may throw to stop. `sql` must be a query (no `INSERT … RETURNING`).
    /// `rowsAtOnce` are held in memory: fewer where one row may be large.
    public func each(
        _ sql: SQL, rowsAtOnce: Int = Connection.rowsAtOnce, _ body: (Row) throws -> Void
    ) throws {
        guard isInTransaction else {
            return try transaction { try $0.each(sql, rowsAtOnce: rowsAtOnce, body) }
        }
        StatementRecorder.record(sql, on: self)
        queryCount += 1
        openCursors += 1
        defer { openCursors -= 1 }
        let name = "rows_\(openCursors)"
        let fetch = SQL(trustedText: "FETCH \(rowsAtOnce) FROM \(name)")
        let declare = SQL(trustedText: "DECLARE \(name) NO SCROLL CURSOR FOR ")
        var rows = try roundTrip([declare + sql, fetch])[1]
        do {
            while true {
                for number in 0..<rows.rowCount { try body(rows.row(number)) }
                if rows.rowCount < rowsAtOnce { break }
                rows = try roundTrip([fetch])[0]
            }
        } catch {
            // In a failed transaction the cursor is gone with everything else.
            if !isBroken, PQtransactionStatus(handle) == PQTRANS_INTRANS {
                try simple("CLOSE \(name)")
            }
            throw error
        }
        pending.append(SQL(trustedText: "CLOSE \(name)"))
    }

    /// Rows that `each` holds in memory.
    public static let rowsAtOnce = 500

    private static func set(_ settings: [(name: String, value: String)]) -> SQL? {
        guard !settings.isEmpty else { return nil }
        let calls: [SQL] = settings.map { "set_config(\($0.name), \($0.value), true)" }
        return "SELECT \(SQL.joined(calls, separator: ", "))"
    }

    private func commit() throws {
        if wasNeverBegun && !holdsChanges { return }
        try refuseIfFailed()
        pending.append("COMMIT")
        _ = try roundTrip([])
    }

    /// Whether the server never heard of the transaction.
    private var wasNeverBegun: Bool {
        !isBroken && PQtransactionStatus(handle) == PQTRANS_IDLE
    }

    /// COMMIT of a failed transaction succeeds and commits nothing; nobody may believe it did.
    private func refuseIfFailed() throws {
        guard PQtransactionStatus(handle) != PQTRANS_INERROR else {
            throw DatabaseError(
                .other, sqlState: "25P02", "a statement failed before; nothing was kept")
        }
    }

    private func rollBack() {
        pending = []
        guard !isBroken, PQtransactionStatus(handle) != PQTRANS_IDLE else { return }
        do {
            try simple("ROLLBACK")
        } catch {
            // The server rolls back when the connection ends, which is now the only way.
            isBroken = true
        }
    }
}
