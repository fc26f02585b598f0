import CPostgres

/// What is read from rows: one initialiser that names its columns.
public protocol Record {
    /// Reads one row. Throw to refuse it; the error reaches the caller of the query.
    init(row: Row) throws
}

/// One row of a result; columns are read by name.
///
/// `let name: String = try row["name"]`; a column that may be NULL is read into an optional.
public struct Row {
    let result: ResultSet
    let number: Int32

    /// The value of a column. Throws a `DatabaseError` that names the column when it does not
    /// exist or is there twice, is NULL, or does not hold a `Value`.
    public subscript<Value: SQLDecodable>(_ column: StaticString) -> Value {
        get throws {
            let index = try result.index(of: column)
            guard let text = result.text(row: number, column: index) else {
                throw DatabaseError(.other, "column \(column) is NULL")
            }
            return try decode(text, column)
        }
    }

    /// The value of a column, `nil` for NULL. Otherwise throws like the subscript above.
    public subscript<Value: SQLDecodable>(_ column: StaticString) -> Value? {
        get throws {
            let index = try result.index(of: column)
            return try result.text(row: number, column: index).map { try decode($0, column) }
        }
    }

    /// Whether the result has such a column, for records that several statements read.
    public func has(_ column: StaticString) -> Bool {
        (try? result.index(of: column)) != nil
    }

    private func decode<Value: SQLDecodable>(
        _ text: UnsafeBufferPointer<UInt8>, _ column: StaticString
    ) throws -> Value {
        do {
            return try Value(sqlText: text)
        } catch let error as DatabaseError {
            throw DatabaseError(.other, "column \(column) \(error.message)")
        } catch {
            throw DatabaseError(.other, "column \(column) is not a value of \(Value.self)")
        }
    }
}

/// A result of libpq, freed with the last row that refers to it.
final class ResultSet {
    let rowCount: Int32
    private let pointer: OpaquePointer
    private let columnCount: Int32
    /// Columns already looked up. A record reads its columns in the same order for every row,
    /// so the next one is nearly always where the cursor stands and no name is compared.
    private var lookups: [Lookup] = []
    private var cursor = 0

    private struct Lookup {
        let name: UnsafePointer<UInt8>
        let length: Int
        let index: Int32
    }

    /// Takes ownership of `pointer`.
    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
        rowCount = PQntuples(pointer)
        columnCount = PQnfields(pointer)
    }

    deinit { PQclear(pointer) }

    /// Rows that the statement returned, inserted, updated or deleted.
    var affectedRows: Int {
        PQcmdTuples(pointer).flatMap { Int(String(cString: $0)) } ?? 0
    }

    func row(_ number: Int32) -> Row {
        cursor = 0
        return Row(result: self, number: number)
    }

    /// The text of a value, `nil` for NULL; valid while the result lives.
    func text(row: Int32, column: Int32) -> UnsafeBufferPointer<UInt8>? {
        if PQgetisnull(pointer, row, column) != 0 { return nil }
        let start = UnsafeRawPointer(PQgetvalue(pointer, row, column)!)
        return UnsafeBufferPointer(
            start: start.assumingMemoryBound(to: UInt8.self),
            count: Int(PQgetlength(pointer, row, column)))
    }

    func index(of column: StaticString) throws -> Int32 {
        let name = column.utf8Start
        let length = column.utf8CodeUnitCount
        if cursor < lookups.count, lookups[cursor].name == name, lookups[cursor].length == length {
            cursor += 1
            return lookups[cursor - 1].index
        }
        if let known = lookups.firstIndex(where: { $0.name == name && $0.length == length }) {
            cursor = known + 1
            return lookups[known].index
        }
        let index = try search(column)
        lookups.append(Lookup(name: name, length: length, index: index))
        cursor = lookups.count
        return index
    }

    /// The first column of a row as a `Value`, `nil` for NULL.
    func firstColumn<Value: SQLDecodable>(row: Int32) throws -> Value? {
        guard columnCount > 0 else { throw DatabaseError(.other, "the statement has no columns") }
        return try text(row: row, column: 0).map {
            do {
                return try Value(sqlText: $0)
            } catch let error as DatabaseError {
                throw DatabaseError(.other, "the first column \(error.message)")
            }
        }
    }

    private func search(_ column: StaticString) throws -> Int32 {
        let wanted = UnsafeBufferPointer(
            start: column.utf8Start, count: column.utf8CodeUnitCount)
        var found: Int32?
        for index in 0..<columnCount {
            guard let name = PQfname(pointer, index) else { continue }
            let matches = UnsafeRawBufferPointer(start: name, count: stringLength(name))
                .elementsEqual(wanted)
            guard matches else { continue }
            if found != nil {
                throw DatabaseError(.other, "column \(column) is in the result twice")
            }
            found = index
        }
        guard let found else { throw DatabaseError(.other, "there is no column \(column)") }
        return found
    }

    private func stringLength(_ text: UnsafePointer<CChar>) -> Int {
        var length = 0
        while text[length] != 0 { length += 1 }
        return length
    }
}
