import Basics
import Database

// Basics and Database do not know each other; here their types meet.

extension UniqueID: SQLBindable, SQLDecodable {
    public static var sqlType: SQLType { .uuid }
    public var sqlValue: SQLValue { SQLValue(description, type: .uuid) }
    public init(sqlText: UnsafeBufferPointer<UInt8>) throws {
        guard let value = UniqueID(bytes: sqlText) else {
            throw DatabaseError.undecodable(UniqueID.self)
        }
        self = value
    }
}

extension ID: SQLBindable, SQLDecodable {
    public static var sqlType: SQLType { .uuid }
    public var sqlValue: SQLValue { value.sqlValue }
    public init(sqlText: UnsafeBufferPointer<UInt8>) throws {
        self.init(try UniqueID(sqlText: sqlText))
    }
}

extension Day: SQLBindable, SQLDecodable {
    public static var sqlType: SQLType { .date }
    public var sqlValue: SQLValue { SQLValue(iso, type: .date) }
    public init(sqlText: UnsafeBufferPointer<UInt8>) throws {
        guard let day = Day(isoBytes: sqlText) else {
            throw DatabaseError.undecodable(Day.self)
        }
        self = day
    }
}

extension Instant: SQLBindable, SQLDecodable {
    public static var sqlType: SQLType { .timestamptz }
    public var sqlValue: SQLValue { SQLValue(rfc3339, type: .timestamptz) }

    /// Reads `2026-11-21 09:30:00.123456+00`, the form of connections whose time zone is UTC.
    public init(sqlText: UnsafeBufferPointer<UInt8>) throws {
        let bytes = sqlText
        guard bytes.count >= 22, let day = Day(isoBytes: bytes[..<10]),
            bytes.suffix(3).elementsEqual("+00".utf8)
        else { throw DatabaseError.undecodable(Instant.self) }
        func number(_ range: Range<Int>) -> Int {
            range.reduce(0) { $0 * 10 + Int(bytes[$1]) - 48 }
        }
        let end = bytes.count - 3
        let microseconds = (20..<26).reduce(0) { $0 * 10 + ($1 < end ? Int(bytes[$1]) - 48 : 0) }
        let seconds = number(11..<13) * 3600 + number(14..<16) * 60 + number(17..<19)
        self.init(
            microseconds: (day.daysSince1970 * 86_400 + seconds) * 1_000_000 + microseconds)
    }
}

/// Numbers with a unit stand in the database as the integer that they hold.
public protocol IntegerColumn: SQLBindable, SQLDecodable {
    init(column: Int)
    var column: Int { get }
}
extension IntegerColumn {
    public static var sqlType: SQLType { .int8 }
    public var sqlValue: SQLValue { column.sqlValue }
    public init(sqlText: UnsafeBufferPointer<UInt8>) throws {
        self.init(column: try Int(sqlText: sqlText))
    }
}
extension Amount: SQLBindable, SQLDecodable, IntegerColumn {
    public init(column: Int) { self.init(column) }
    public var column: Int { minorUnits }
}
extension UnitPrice: SQLBindable, SQLDecodable, IntegerColumn {
    public init(column: Int) { self.init(millionths: column) }
    public var column: Int { millionths }
}
extension Quantity: SQLBindable, SQLDecodable, IntegerColumn {
    public init(column: Int) { self.init(tenThousandths: column) }
    public var column: Int { tenThousandths }
}
extension Percentage: SQLBindable, SQLDecodable, IntegerColumn {
    public init(column: Int) { self.init(hundredths: column) }
    public var column: Int { hundredths }
}

extension Currency: SQLBindable, SQLDecodable {
    public static var sqlType: SQLType { .text }
    public var sqlValue: SQLValue { code.sqlValue }
    public init(sqlText: UnsafeBufferPointer<UInt8>) throws {
        guard let currency = Currency(code: String(decoding: sqlText, as: UTF8.self)) else {
            throw DatabaseError.undecodable(Currency.self)
        }
        self = currency
    }
}

extension Language: SQLBindable, SQLDecodable {}

extension JSON: SQLBindable, SQLDecodable {
    public static var sqlType: SQLType { .jsonb }
    public var sqlValue: SQLValue { SQLValue(text, type: .jsonb) }
    public init(sqlText: UnsafeBufferPointer<UInt8>) throws {
        guard let json = JSON(parsing: Array(sqlText)) else {
            throw DatabaseError.undecodable(JSON.self)
        }
        self = json
    }
}

extension SQL {
    public static func += (left: inout SQL, right: SQL) { left.append(right) }
}
