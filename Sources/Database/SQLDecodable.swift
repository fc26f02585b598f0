/// What can be read from a column.
///
/// Throw `DatabaseError.undecodable(_:)` (or anything else) when the text is not a value of the
/// type; the row names the column. The buffer is valid during the call only.
public protocol SQLDecodable {
    /// Reads PostgreSQL's text form (UTF-8, never NULL).
    init(sqlText: UnsafeBufferPointer<UInt8>) throws
    /// Reads a column that holds an array of these; one-dimensional arrays unless stated.
    static func sqlArray(_ sqlText: UnsafeBufferPointer<UInt8>) throws -> [Self]
}

extension SQLDecodable {
    public static func sqlArray(_ sqlText: UnsafeBufferPointer<UInt8>) throws -> [Self] {
        try ArrayText.read(sqlText).map { try $0.withUnsafeBufferPointer(Self.init(sqlText:)) }
    }
}

/// Enumerations with text cases are read from text.
extension SQLDecodable where Self: RawRepresentable, RawValue == String {
    public init(sqlText: UnsafeBufferPointer<UInt8>) throws {
        guard let known = Self(rawValue: String(decoding: sqlText, as: UTF8.self)) else {
            throw DatabaseError.undecodable(Self.self)
        }
        self = known
    }
}

extension String: SQLDecodable {
    public init(sqlText: UnsafeBufferPointer<UInt8>) {
        self.init(decoding: sqlText, as: UTF8.self)
    }
}

extension SQLDecodable where Self: FixedWidthInteger {
    public init(sqlText: UnsafeBufferPointer<UInt8>) throws {
        let isNegative = sqlText.first == UInt8(ascii: "-")
        let digits = isNegative ? sqlText.dropFirst() : sqlText[...]
        guard !digits.isEmpty else { throw DatabaseError.undecodable(Self.self) }
        var number: Self = 0
        for digit in digits {
            let value = digit &- UInt8(ascii: "0")
            // Summed below zero, because the smallest number has no positive counterpart.
            let (product, overflows) = number.multipliedReportingOverflow(by: 10)
            let (sum, overflowsToo) =
                isNegative
                ? product.subtractingReportingOverflow(Self(truncatingIfNeeded: value))
                : product.addingReportingOverflow(Self(truncatingIfNeeded: value))
            guard value <= 9, !overflows, !overflowsToo else {
                throw DatabaseError.undecodable(Self.self)
            }
            number = sum
        }
        self = number
    }
}

extension Int: SQLDecodable {}
extension Int64: SQLDecodable {}
extension Int32: SQLDecodable {}

/// A byte alone is a small integer; an array of bytes is `bytea`.
extension UInt8: SQLDecodable {
    public static func sqlArray(_ sqlText: UnsafeBufferPointer<UInt8>) throws -> [UInt8] {
        guard let bytes = Hexadecimal.bytes(ofBytea: sqlText) else {
            throw DatabaseError.undecodable([UInt8].self)
        }
        return bytes
    }
}

extension Bool: SQLDecodable {
    public init(sqlText: UnsafeBufferPointer<UInt8>) throws {
        guard sqlText.count == 1, let letter = sqlText.first,
            letter == UInt8(ascii: "t") || letter == UInt8(ascii: "f")
        else { throw DatabaseError.undecodable(Bool.self) }
        self = letter == UInt8(ascii: "t")
    }
}

extension Double: SQLDecodable {
    public init(sqlText: UnsafeBufferPointer<UInt8>) throws {
        guard let number = Double(String(decoding: sqlText, as: UTF8.self)) else {
            throw DatabaseError.undecodable(Double.self)
        }
        self = number
    }
}

extension Array: SQLDecodable where Element: SQLDecodable {
    public init(sqlText: UnsafeBufferPointer<UInt8>) throws {
        self = try Element.sqlArray(sqlText)
    }
}
