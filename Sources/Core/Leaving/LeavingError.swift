import Basics

/// Why an organisation could not leave or come in. Each description says what a person can do.
public enum LeavingError: Error, Sendable, CustomStringConvertible, Equatable {
    case exists(path: String)
    case file(path: String, reason: String)
    case noOrder(table: String)
    case unknownBytes(table: String, column: String)
    /// A text that no key here opens would leave as something nobody can read.
    case sealed(column: String, row: UniqueID)
    case notAnExport(path: String)
    /// A link, a device, or a name that leads elsewhere.
    case unsafe(entry: String, path: String)
    case newerFormat(Int)
    case newerSchema(Int, version: String, known: Int)
    case olderSchema(Int, version: String, known: Int)
    case damaged(file: String)
    /// Passwords came along, and nobody said that they may open accounts here.
    case holdsPasswords
    case missing(file: String)
    case stranger(file: String)
    case otherTables(String)
    case foreignRows(table: String, count: Int)
    case wrongLines(table: String, reason: String)
    case isHere(id: String, slug: String)
    case slugTaken(String)
    case badSlug(String)
    case othersAtWork
    case differs(table: String)
    case unsound([String])

    public var description: String {
        switch self {
        case .exists(let path): "\(path) exists already: choose another name"
        case .file(let path, let reason): "\(path): \(reason)"
        case .noOrder(let table): "table \(table) has no primary key to put its rows in order by"
        case .unknownBytes(let table, let column):
            "\(table).\(column) may hold a secret: ExportRules must say what becomes of it"
        case .sealed(let column, let row):
            "\(column) of \(row) was sealed with a key that is not here: give the master key of its time"
        case .notAnExport(let path): "\(path) is no export of an organisation"
        case .unsafe(let entry, let path):
            "\(path) holds \(entry), which is no plain file of an export: nothing of it was read"
        case .newerFormat(let format):
            "this export has format \(format), which is newer than this program: install a newer one"
        case .newerSchema(let schema, let version, let known):
            "this export was written by Comptoir \(version) with migration \(schema), and this program "
                + "knows \(known): install a newer one first"
        case .olderSchema(let schema, let version, let known):
            "this export was written by Comptoir \(version) with migration \(schema), and this program is "
                + "at \(known): import it with that version, then upgrade and export again"
        case .damaged(let file): "\(file) is not what was exported (its checksum differs)"
        case .missing(let file): "\(file) is missing"
        case .stranger(let file): "\(file) does not belong to this export"
        case .otherTables(let names):
            "the tables or columns of this export are not those of this program: \(names)"
        case .foreignRows(let table, let count):
            "\(table): \(count) rows belong to another organisation"
        case .wrongLines(let table, let reason): "\(table): \(reason)"
        case .isHere(let id, let slug):
            "this organisation is here already, as \(slug) (\(id)); an import never writes over one"
        case .slugTaken(let slug):
            "another organisation is called \(slug) here: name this one with --as"
        case .holdsPasswords:
            "passwords came along: with --with-passwords they open accounts here, which is for an export "
                + "that you made yourself"
        case .badSlug(let slug):
            "\(slug) is no short name: lower-case letters, digits and hyphens, 63 at most"
        case .othersAtWork:
            "others are at work in this installation: stop the program first, or try when it is quiet"
        case .differs(let table):
            "\(table) is not the same when it is read back; nothing was imported"
        case .unsound(let findings):
            "the records are not as they must be; nothing was imported:\n"
                + findings.joined(separator: "\n")
        }
    }
}
