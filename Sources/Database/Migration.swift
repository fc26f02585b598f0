/// One numbered change of the schema, from a file `NNNN-name.sql`.
public struct Migration: Sendable, Equatable {
    /// From 1, without gaps.
    public let number: Int
    public let name: String
    /// One statement or several; must not begin or end a transaction.
    public let sql: String

    public init(number: Int, name: String, sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }

    /// As in the file's name: `0007-invoices`.
    public var title: String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "-" + name
    }
}

/// Why a schema cannot be brought up to date. Each description says what to do about it.
public enum MigrationError: Error, Sendable, CustomStringConvertible, Equatable {
    case unreadable(path: String)
    case badFileName(String)
    case duplicate(number: Int)
    case gap(missing: Int)
    /// A migration that this database has already run reads differently now.
    case changed(title: String)
    /// The database has run migrations this program does not know.
    case databaseIsNewer(number: Int, known: Int)
    /// The migration ended its own transaction, so it could not be undone as a whole.
    case endsItsTransaction(title: String)
    /// The server refused a statement; nothing of this migration was kept.
    case failed(title: String, line: Int?, reason: String)

    public var description: String {
        switch self {
        case .unreadable(let path): "the migrations in \(path) cannot be read"
        case .badFileName(let name): "\(name) is not named NNNN-name.sql"
        case .duplicate(let number): "two migrations have the number \(number)"
        case .gap(let missing): "there is no migration with the number \(missing)"
        case .changed(let title):
            "migration \(title) was changed after it ran on this database; write a new one instead"
        case .databaseIsNewer(let number, let known):
            "the database has run migration \(number) but this program knows \(known): "
                + "start a newer program"
        case .endsItsTransaction(let title): "migration \(title) must not commit or roll back"
        case .failed(let title, let line, let reason):
            "migration \(title) failed\(line.map { " in line \($0)" } ?? ""): \(reason)"
        }
    }
}

extension MigrationError {
    /// What the server refused, with the line of the script.
    init(_ migration: Migration, _ error: DatabaseError) {
        let line = error.position.map { position in
            1 + migration.sql.unicodeScalars.prefix(position - 1).count { $0 == "\n" }
        }
        self = .failed(title: migration.title, line: line, reason: error.description)
    }
}
