import Basics
import Database

/// Puts words in the place of sealed texts, in lines that leave. For one thread.
struct OpenedLines {
    private let columns: [String: [SealedTextColumn]]
    private let transaction: Transaction

    /// Reads all keys: none can be asked for while lines come in.
    init(_ columns: [SealedTextColumn], _ transaction: Transaction) throws {
        self.columns = Dictionary(grouping: columns) { $0.table.description }
        self.transaction = transaction
        try transaction.readTextKeys()
    }

    /// Throws `LeavingError.sealed` for a text that no key here opens: it would leave as nothing.
    func line(_ line: String, of table: String) throws -> String {
        guard let columns = columns[table], line.contains(":\"sealed:"),
            let row = JSON(parsing: line), let id = row["id"]?.string.flatMap(UniqueID.init)
        else { return line }
        var line = line
        for column in columns {
            let name = column.column.description
            guard let text = row[name]?.string, SealedText.parts(of: text) != nil else { continue }
            let words = try transaction.opened(text, in: column, of: id)
            guard words != text else { throw LeavingError.sealed(column: column.name, row: id) }
            line.replace(
                "\"\(name)\":\"\(text)\"", with: "\"\(name)\":\(OpenedLines.quoted(words))",
                maxReplacements: 1)
        }
        return line
    }

    /// As PostgreSQL writes it, which writes all other texts of the line.
    static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case "\u{8}": out += "\\b"
            case "\u{C}": out += "\\f"
            case ..<" ": out += "\\u00" + hexadecimal([UInt8(scalar.value)])
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
