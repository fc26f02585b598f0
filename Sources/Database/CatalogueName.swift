/// The name of a table or column as PostgreSQL's catalogue told it: the one thing beside literals that may
/// become text of a statement. It can be read from a row only, so that nothing a person typed ever is one.
public struct CatalogueName: SQLDecodable, Sendable, Hashable {
    /// Without quotes.
    public let text: String

    public init(sqlText: UnsafeBufferPointer<UInt8>) throws {
        text = String(decoding: sqlText, as: UTF8.self)
        guard !text.isEmpty else { throw DatabaseError.undecodable(Self.self) }
    }

    /// As it stands in a statement.
    fileprivate var quoted: String {
        var out = "\""
        for character in text.unicodeScalars {
            if character == "\"" { out += "\"" }
            out.unicodeScalars.append(character)
        }
        return out + "\""
    }
}

extension SQL.Interpolation {
    /// Splices a name of the catalogue, quoted.
    public mutating func appendInterpolation(name: CatalogueName) {
        appendInterpolation(SQL(trustedText: name.quoted))
    }
}
