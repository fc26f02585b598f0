import Basics
import Database
import Glibc

/// What stands in the file of a `DatabaseExport`, read back from the file itself.
public struct DatabaseExportReport: Sendable, Equatable {
    public private(set) var bytes = 0
    /// Of the SQL, compressed or not; nil for `custom`, which has none.
    public private(set) var lines: Int?
    /// The tables that the file makes, by name.
    public private(set) var created: [String] = []
    /// The tables whose rows it holds, by name.
    public private(set) var filled: [String] = []

    /// A heading of pg_dump is shorter.
    private static let mostHeading = 200

    /// - Parameter tables: those of the database: what else a line names is text that somebody typed.
    init(
        _ path: String, _ format: DatabaseExport.Format, isCompressed: Bool, tables: [String]
    ) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw BackupError.file(path: path, reason: String(cString: strerror(errno)))
        }
        bytes = Int(status.st_size)
        var names = (created: Set<String>(), filled: Set<String>())
        let known = Set(tables)
        let count = try DatabaseExportReport.eachLine(path, format, isCompressed: isCompressed) {
            guard let (name, isMade) = DatabaseExportReport.table($0), known.contains(name) else {
                return
            }
            if isMade { names.created.insert(name) } else { names.filled.insert(name) }
        }
        lines = format == .custom ? nil : count
        (created, filled) = (names.created.sorted(), names.filled.sorted())
    }

    public var json: JSON {
        [
            "bytes": .int(bytes), "lines": JSON(lines),
            "created": .array(created.map(JSON.string)), "filled": .array(filled.map(JSON.string)),
        ]
    }

    /// The table that a heading names, and whether it is made there or filled:
    ///
    ///     -- Name: invoices; Type: TABLE; Schema: public; Owner: -
    ///     -- Data for Name: invoices; Type: TABLE DATA; Schema: public; Owner: -
    ///     245; 1259 16442 TABLE public invoices comptoir_owner
    ///     4242; 0 16442 TABLE DATA public invoices comptoir_owner
    private static func table(_ line: String) -> (name: String, isMade: Bool)? {
        for (start, end, isMade) in [
            ("-- Name: ", "; Type: TABLE; Schema: public;", true),
            ("-- Data for Name: ", "; Type: TABLE DATA; Schema: public;", false),
        ] where line.hasPrefix(start) {
            return line.firstRange(of: end).map {
                (String(line[..<$0.lowerBound].dropFirst(start.count)), isMade)
            }
        }
        let words = line.split(separator: " ")
        guard words.count > 5, words[0].last == ";", words[3] == "TABLE" else { return nil }
        if words[4] == "public" { return (String(words[5]), true) }
        guard words.count > 6, words[4] == "DATA", words[5] == "public" else { return nil }
        return (String(words[6]), false)
    }

    /// Hands on the beginning of each line and answers how many there are.
    private static func eachLine(
        _ path: String, _ format: DatabaseExport.Format, isCompressed: Bool,
        _ body: (String) -> Void
    ) throws -> Int {
        var count = 0
        func take(_ line: String) {
            count += 1
            body(line)
        }
        if format == .custom {
            try ChildProcess.eachLine(
                of: [try Cluster.program("pg_restore"), "--list", path], most: mostHeading, take)
        } else if isCompressed {
            try ChildProcess.eachLine(of: ["/usr/bin/gzip", "-dc", path], most: mostHeading, take)
        } else {
            let file = try Descriptor.open(path)
            defer { close(file) }
            var lines = OutputLines(most: mostHeading)
            try lines.read(
                { try Descriptor.read(file, atMost: Descriptor.pieceBytes, path) }, take)
        }
        return count
    }
}
