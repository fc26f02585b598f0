import CPostgres

extension Connection {
    /// Sends rows by `COPY table (columns) FROM STDIN`, the fastest way in; memory stays flat.
    /// Runs in the open transaction if there is one; when `write` throws, nothing is kept.
    ///
    /// - Parameter copy: the COPY statement, in text format with its default options.
    /// - Returns: how many rows were copied.
    @discardableResult
    public func copyIn(
        _ copy: StaticString, _ write: (inout CopyWriter) throws -> Void
    ) throws -> Int {
        try sendPending()
        queryCount += 1
        roundTripCount += 1
        let text = copy.description
        let answer = PQexec(handle, text)
        defer { PQclear(answer) }
        guard PQresultStatus(answer) == PGRES_COPY_IN else {
            if PQresultStatus(answer) == PGRES_COMMAND_OK {
                throw DatabaseError(.other, "the statement is not a COPY … FROM STDIN")
            }
            throw failure(answer, statement: text)
        }
        var writer = CopyWriter(self)
        do {
            try write(&writer)
            try writer.flush()
        } catch {
            PQputCopyEnd(handle, "stopped by the program")
            _ = try? copyResult(of: text)
            throw error
        }
        guard PQputCopyEnd(handle, nil) == 1 else { throw lost() }
        return try copyResult(of: text)
    }

    private func copyResult(of text: String) throws -> Int {
        var rows = 0
        var problem: DatabaseError?
        while let answer = PQgetResult(handle) {
            if PQresultStatus(answer) == PGRES_COMMAND_OK {
                rows = Int(String(cString: PQcmdTuples(answer))) ?? 0
            } else if problem == nil {
                problem = failure(answer, statement: text)
            }
            PQclear(answer)
            if PQstatus(handle) == CONNECTION_BAD { throw problem ?? lost() }
        }
        if let problem { throw problem }
        return rows
    }
}

/// Writes the rows of a COPY, in the order of its columns.
public struct CopyWriter {
    private let connection: Connection
    private var buffer: [UInt8] = []
    /// Rows written so far.
    public private(set) var rowCount = 0

    /// Bytes gathered before they are handed to libpq.
    private static let bufferSize = 1 << 16

    fileprivate init(_ connection: Connection) {
        self.connection = connection
        buffer.reserveCapacity(2 * CopyWriter.bufferSize)
    }

    /// One row. Throws when a text has a zero byte or the connection is lost; what the server
    /// refuses (a constraint, a number of columns) is thrown when the copy ends.
    public mutating func row<each Value: SQLBindable>(_ values: repeat each Value) throws {
        var isFirst = true
        for value in repeat each values {
            try append(value.sqlValue, isFirst: &isFirst)
        }
        try endRow()
    }

    /// One row whose number of columns is known only now.
    public mutating func row(values: [SQLValue]) throws {
        var isFirst = true
        for value in values { try append(value, isFirst: &isFirst) }
        try endRow()
    }

    private mutating func append(_ value: SQLValue, isFirst: inout Bool) throws {
        if !isFirst { buffer.append(UInt8(ascii: "\t")) }
        isFirst = false
        guard let text = value.text else {
            buffer.append(UInt8(ascii: "\\"))
            buffer.append(UInt8(ascii: "N"))
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                buffer.append(UInt8(ascii: "\\"))
                buffer.append(CopyWriter.letter(of: byte))
            case 0:
                throw DatabaseError(
                    .other, sqlState: "22021", "row \(rowCount + 1) has a text with a zero byte")
            default:
                buffer.append(byte)
            }
        }
    }

    private mutating func endRow() throws {
        buffer.append(UInt8(ascii: "\n"))
        rowCount += 1
        if buffer.count >= CopyWriter.bufferSize { try flush() }
    }

    fileprivate mutating func flush() throws {
        guard !buffer.isEmpty else { return }
        let sent = buffer.withUnsafeBytes {
            PQputCopyData(
                connection.handle, $0.baseAddress!.assumingMemoryBound(to: CChar.self),
                Int32($0.count))
        }
        guard sent == 1 else { throw connection.lost() }
        buffer.removeAll(keepingCapacity: true)
    }

    private static func letter(of byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "\t"): UInt8(ascii: "t")
        case UInt8(ascii: "\n"): UInt8(ascii: "n")
        case UInt8(ascii: "\r"): UInt8(ascii: "r")
        default: byte
        }
    }
}
