import CPostgres

/// How statements travel: everything that is due goes out at once in libpq's pipeline mode
/// (pending commands, preparations, statements), then all answers are read.
extension Connection {
    private enum Step {
        case deallocate(name: String)
        case mark
        case prepare(text: String, name: String)
        case pending
        case statement(text: String)
    }

    /// Runs the pending commands and `statements` in one round trip; answers one result for each
    /// of `statements`.
    func roundTrip(_ statements: [SQL]) throws -> [ResultSet] {
        for statement in statements { try Parameters.check(statement) }
        let carried = pending
        pending = []
        holdsChanges = false
        let wasIdle = PQtransactionStatus(handle) == PQTRANS_IDLE
        do {
            return try attempt(carried, statements)
        } catch {
            guard error.isStalePlan, !isBroken else { throw error }
            prepared.refuse(isUnknownToServer: error.isUnknownToServer)
            // What an open transaction did before cannot be repeated here: its owner does that.
            guard wasIdle else { throw error }
            if PQtransactionStatus(handle) != PQTRANS_IDLE { try simple("ROLLBACK") }
            return try attempt(carried, statements)
        }
    }

    /// Sends what is pending, before a command that cannot travel in a pipeline.
    func sendPending() throws {
        guard !isBroken else { throw DatabaseError.lostBefore }
        if !pending.isEmpty { _ = try roundTrip([]) }
    }

    /// Runs text through the simple protocol: several statements, nothing prepared.
    func simple(_ text: String) throws {
        guard !isBroken else { throw DatabaseError.lostBefore }
        roundTripCount += 1
        let result = PQexec(handle, text)
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH: throw copyInTheWrongPlace()
        default: throw failure(result, statement: nil)
        }
    }

    /// The error of a result; notes when the connection is lost.
    func failure(_ result: OpaquePointer?, statement: String?) -> DatabaseError {
        if PQstatus(handle) == CONNECTION_BAD { isBroken = true }
        return DatabaseError(result: result, connection: handle, statement: statement)
    }

    /// The connection can no longer be trusted to be in step with the server.
    func lost() -> DatabaseError {
        isBroken = true
        return DatabaseError(lost: handle)
    }

    private func attempt(
        _ carried: [SQL], _ statements: [SQL]
    ) throws(DatabaseError) -> [ResultSet] {
        guard !isBroken else { throw DatabaseError.lostBefore }
        guard PQenterPipelineMode(handle) == 1 else { throw lost() }
        var steps: [Step] = []
        steps.reserveCapacity(carried.count + statements.count + 2)
        try sendDeallocations(&steps)
        for command in carried { try send(command, as: .pending, &steps) }
        for statement in statements {
            try send(statement, as: .statement(text: statement.text), &steps)
        }
        try sendMark(&steps)
        roundTripCount += 1
        let answers = receive(steps)
        if isBroken { throw answers.failure ?? lost() }
        guard PQexitPipelineMode(handle) == 1 else { throw lost() }
        if let failure = answers.failure { throw failure }
        return answers.results
    }

    private func send(_ sql: SQL, as step: Step, _ steps: inout [Step]) throws(DatabaseError) {
        let name: String
        if let known = prepared.name(for: sql) {
            name = known
        } else {
            let entry = prepared.add(sql)
            name = entry.name
            let types = entry.types.map(\.rawValue)
            guard PQsendPrepare(handle, name, sql.text, Int32(types.count), types) == 1 else {
                throw lost()
            }
            steps.append(.prepare(text: sql.text, name: name))
        }
        let sent = parameters.with(sql.values) { count, values, lengths, formats in
            PQsendQueryPrepared(handle, name, count, values, lengths, formats, 0)
        }
        guard sent == 1 else { throw lost() }
        steps.append(step)
    }

    /// They end with a mark of their own: a DEALLOCATE takes a snapshot, after which BEGIN could
    /// no longer choose an isolation level.
    private func sendDeallocations(_ steps: inout [Step]) throws(DatabaseError) {
        guard !prepared.retired.isEmpty, PQtransactionStatus(handle) != PQTRANS_INERROR else {
            return
        }
        for name in prepared.retired {
            let text = "DEALLOCATE \(name)"
            guard PQsendQueryParams(handle, text, 0, nil, nil, nil, nil, 0) == 1 else {
                throw lost()
            }
            steps.append(.deallocate(name: name))
        }
        try sendMark(&steps)
    }

    private func sendMark(_ steps: inout [Step]) throws(DatabaseError) {
        guard PQpipelineSync(handle) == 1 else { throw lost() }
        steps.append(.mark)
    }

    /// Reads one answer for each step.
    private func receive(_ steps: [Step]) -> (results: [ResultSet], failure: DatabaseError?) {
        var results: [ResultSet] = []
        var failure: DatabaseError?
        for step in steps {
            guard let answer = PQgetResult(handle) else {
                return (results, failure ?? lost())
            }
            let status = PQresultStatus(answer)
            let succeeded =
                status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK
                || status == PGRES_PIPELINE_SYNC
            let wasTried = status != PGRES_PIPELINE_ABORTED
            switch step {
            case .deallocate(let name) where wasTried:
                // A name the server does not know is released too, and nobody's error.
                prepared.released(name)
            case .prepare(let text, let name) where !succeeded:
                prepared.forget(text: text, name: name)
            default: break
            }
            if succeeded, case .statement = step {
                results.append(ResultSet(answer))
            } else {
                if !succeeded, wasTried, failure == nil {
                    failure = isCopy(status) ? copyInTheWrongPlace() : error(answer, of: step)
                }
                PQclear(answer)
            }
            if isBroken || PQstatus(handle) == CONNECTION_BAD {
                isBroken = true
                return (results, failure)
            }
            if case .mark = step {
                guard status == PGRES_PIPELINE_SYNC else { return (results, failure ?? lost()) }
                continue
            }
            // Each answer of a statement is followed by a nil.
            if let unexpected = PQgetResult(handle) {
                PQclear(unexpected)
                return (results, failure ?? lost())
            }
        }
        return (results, failure)
    }

    private func error(_ answer: OpaquePointer, of step: Step) -> DatabaseError? {
        switch step {
        case .prepare(let text, _), .statement(let text): failure(answer, statement: text)
        case .mark, .pending: failure(answer, statement: nil)
        case .deallocate: nil
        }
    }

    private func isCopy(_ status: ExecStatusType) -> Bool {
        status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH
    }

    /// A COPY leaves the protocol in a state that only `copyIn` gets out of.
    private func copyInTheWrongPlace() -> DatabaseError {
        isBroken = true
        return DatabaseError(.other, "COPY runs through copyIn only")
    }
}

extension DatabaseError {
    static var lostBefore: DatabaseError {
        DatabaseError(.unavailable, sqlState: "08003", "the connection to the database was lost")
    }
}
