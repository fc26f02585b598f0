import Basics
import Database
import FoundationEssentials
import Glibc

/// That somebody was erased: ids and a time, and nothing of the person.
public struct Erasure: Record, Sendable, Hashable {
    public enum Kind: String, Sendable, SQLBindable, SQLDecodable { case client, contact }

    public var organisation: Organisation.ID
    public var kind: Kind
    public var subject: UniqueID
    /// The client of a contact; the client itself.
    public var client: UniqueID
    public var erasedAt: Instant

    public init(row: Row) throws {
        organisation = try row["organisation_id"]
        kind = try row["subject_kind"]
        subject = try row["subject_id"]
        client = try row["client_id"]
        erasedAt = try row["erased_at"]
    }

    /// Whoever is erased again is nobody else.
    public static func == (one: Erasure, other: Erasure) -> Bool {
        (one.organisation, one.kind, one.subject) == (other.organisation, other.kind, other.subject)
    }
    public func hash(into hasher: inout Hasher) {
        hasher.combine(organisation)
        hasher.combine(subject)
    }
}

/// Everybody who was ever erased, so that a backup from before is erased again when it comes back. The
/// database knows them; the data folder and the folder of each backup hold the same list as a file, one line
/// of JSON for each. Lists are only ever joined: none makes another forget anybody.
public struct Tombstones: Sendable, Equatable {
    public static let fileName = "erasures.jsonl"
    /// A line has some 300 bytes: this is a list of millions.
    private static let mostBytes = 1 << 30

    public private(set) var all: Set<Erasure> = []

    public init() {}

    /// Reads a file; one that is not there holds nobody.
    public init(file path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        guard let data = FileManager.default.contents(atPath: path), data.count <= Self.mostBytes
        else { throw BackupError.file(path: path, reason: "cannot be read") }
        for (index, line) in data.split(separator: UInt8(ascii: "\n")).enumerated() {
            guard let erasure = JSON(parsing: Array(line)).flatMap({ Erasure($0) }) else {
                throw BackupError.file(path: path, reason: "line \(index + 1) is no erasure")
            }
            all.insert(erasure)
        }
    }

    /// Reads those of every organisation, one after the other.
    public init(_ connection: Connection) throws {
        let known: Bool? = try connection.value("SELECT to_regclass('erasures') IS NOT NULL")
        guard known == true else { return }
        for organisation in try connection.organisations() {
            try connection.transaction { connection in
                try connection.run(
                    "SELECT set_config('app.organisation', \(organisation.id.description), true)")
                all.formUnion(try connection.erasures(of: organisation.id))
            }
        }
    }

    public mutating func add(_ others: Tombstones) { all.formUnion(others.all) }
    public mutating func add(_ others: [Erasure]) { all.formUnion(others) }

    /// Where the list of a backup stands: all backups of a folder share one, so that the oldest finds the newest.
    public static func path(beside backup: String) -> String {
        var path = backup
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        guard let slash = path.lastIndex(of: "/") else { return fileName }
        return path[...slash] + fileName
    }

    /// Joins the lists of the database, of the data folder and of the backups beside which one was just
    /// written. Afterwards, so that whoever was erased while the database was copied is on it.
    public static func keep(beside backup: String, _ data: DataFolder, _ connection: Connection)
        throws
    {
        try keep(at: path(beside: backup), data, connection)
    }

    /// The same, for a list whose place is known.
    static func keep(at path: String, _ data: DataFolder, _ connection: Connection) throws {
        var all = try Tombstones(connection)
        all.add(try Tombstones(file: data.erasures))
        try all.keep(in: data.erasures)
        try all.keep(in: path)
    }

    /// Adds them to the list in a file. It is replaced as a whole, or stays as it was.
    public func keep(in path: String) throws {
        var joined = try Tombstones(file: path)
        let before = joined
        joined.add(self)
        guard joined != before else { return }
        let draft = path + ".\(getpid()).new"
        let lines = joined.all.map(\.json.text).sorted().map { $0 + "\n" }.joined()
        try DataFolder.write(Array(lines.utf8), to: draft)
        guard rename(draft, path) == 0 else {
            throw BackupError.file(path: path, reason: String(cString: strerror(errno)))
        }
    }
}

extension DataFolder {
    public var erasures: String { path + "/" + Tombstones.fileName }
}

extension Connection {
    /// Those of the organisation that the transaction is in.
    public func erasures(of organisation: Organisation.ID) throws -> [Erasure] {
        try all(
            """
            SELECT organisation_id, subject_kind, subject_id, client_id, erased_at FROM erasures
            WHERE organisation_id = \(organisation)
            """)
    }
}

extension Erasure {
    fileprivate var json: JSON {
        [
            "organisation": JSON(organisation), "kind": .string(kind.rawValue),
            "subject": .string(subject.description), "client": .string(client.description),
            "erased_at": .string(erasedAt.rfc3339),
        ]
    }

    fileprivate init?(_ json: JSON) {
        func id(_ name: String) -> UniqueID? { json[name]?.string.flatMap { UniqueID($0) } }
        guard let organisation = id("organisation"), let subject = id("subject"),
            let client = id("client"),
            let kind = json["kind"]?.string.flatMap(Kind.init(rawValue:)),
            let erasedAt = json["erased_at"]?.string.flatMap(Instant.init(rfc3339:))
        else { return nil }
        self.organisation = ID(organisation)
        (self.kind, self.subject, self.client, self.erasedAt) = (kind, subject, client, erasedAt)
    }
}
