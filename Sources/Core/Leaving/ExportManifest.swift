import Basics
import Database
import FoundationEssentials

/// What an export consists of (`docs/leaving.md` names each field).
public struct ExportManifest: Sendable, Equatable {
    public struct Table: Sendable, Equatable {
        public var name: String
        public var columns: [String]
        public var rows: Int
        public var bytes: Int
        public var sha256: String
    }

    static let name = "manifest.json"
    static let format = 1
    /// Some kilobytes as a rule; what is larger is something else.
    private static let mostBytes = 1 << 20

    public var version: String
    /// The number of the last migration of the database.
    public var schema: Int
    /// RFC 3339.
    public var createdAt: String
    public var organisation: String
    public var slug: String
    public var title: String
    public var withPasswords: Bool
    public var tables: [Table]
    /// Files of their own, each named by its hash.
    public var fileCount: Int
    public var fileBytes: Int
    /// What was set and stays behind, because it is a secret.
    public var toEnterAgain: [String]

    public var json: JSON {
        [
            "program": "comptoir", "kind": "organisation", "format": .int(ExportManifest.format),
            "version": .string(version), "schema": .int(schema), "created_at": .string(createdAt),
            "organisation": [
                "id": .string(organisation), "slug": .string(slug), "name": .string(title),
            ],
            "with_passwords": .bool(withPasswords),
            "tables": .array(
                tables.map {
                    [
                        "name": .string($0.name),
                        "columns": .array($0.columns.map(JSON.string)), "rows": .int($0.rows),
                        "bytes": .int($0.bytes), "sha256": .string($0.sha256),
                    ]
                }),
            "files": ["count": .int(fileCount), "bytes": .int(fileBytes)],
            "left_out": .array(
                ExportRules.leftOut.map {
                    ["table": .string($0.table), "reason": .string($0.reason)]
                }),
            "to_enter_again": .array(toEnterAgain.map(JSON.string)),
        ]
    }
}

extension ExportManifest {
    /// Reads the manifest of a folder and refuses what this program cannot read.
    init(folder: String, schema known: Int) throws {
        let path = folder + "/" + ExportManifest.name
        guard let data = FileManager.default.contents(atPath: path),
            data.count <= ExportManifest.mostBytes, let json = JSON(parsing: Array(data)),
            json["program"]?.string == "comptoir", json["kind"]?.string == "organisation",
            let format = json["format"]?.int
        else { throw LeavingError.notAnExport(path: folder) }
        guard format <= ExportManifest.format else { throw LeavingError.newerFormat(format) }
        guard let version = json["version"]?.string, let schema = json["schema"]?.int,
            let createdAt = json["created_at"]?.string,
            let organisation = json["organisation"]?["id"]?.string,
            UniqueID(organisation) != nil,
            let slug = json["organisation"]?["slug"]?.string,
            let title = json["organisation"]?["name"]?.string,
            let withPasswords = json["with_passwords"]?.bool,
            let entries = json["tables"]?.array,
            let fileCount = json["files"]?["count"]?.int,
            let fileBytes = json["files"]?["bytes"]?.int,
            let toEnterAgain = json["to_enter_again"]?.array
        else { throw LeavingError.notAnExport(path: folder) }
        guard schema <= known else {
            throw LeavingError.newerSchema(schema, version: version, known: known)
        }
        guard schema == known else {
            throw LeavingError.olderSchema(schema, version: version, known: known)
        }
        let tables = entries.compactMap(Table.init)
        guard tables.count == entries.count else { throw LeavingError.notAnExport(path: folder) }
        self.init(
            version: version, schema: schema, createdAt: createdAt, organisation: organisation,
            slug: slug, title: title, withPasswords: withPasswords, tables: tables,
            fileCount: fileCount, fileBytes: fileBytes,
            toEnterAgain: toEnterAgain.compactMap(\.string))
    }
}

extension ExportManifest.Table {
    init?(_ json: JSON) {
        guard let name = json["name"]?.string, let columns = json["columns"]?.array,
            let rows = json["rows"]?.int, let bytes = json["bytes"]?.int,
            let sha256 = json["sha256"]?.string
        else { return nil }
        self.init(
            name: name, columns: columns.compactMap(\.string), rows: rows, bytes: bytes,
            sha256: sha256)
    }
}
