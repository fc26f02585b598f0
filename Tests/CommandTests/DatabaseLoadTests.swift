import Basics
import Database
import DatabaseTesting
import Foundation
import TestSupport
import Testing

@testable import Core

/// What `comptoir export database` writes is a database again elsewhere, row for row.
@Suite struct DatabaseLoadTests {
    @Test func everyFormLoadsIntoANewDatabaseWithTheSameFigures() throws {
        let source = try Place(holding: "0.2")
        try #require(try source.run(["migrate"]).code == 0)
        let tables = try source.figures().tables.count
        for (name, words) in [
            ("plain.sql", []), ("packed.sql.gz", []), ("inserts.sql", ["--inserts"]),
            ("all.dump", ["--format", "custom"]),
        ] {
            let before = try source.figures()
            let (path, report) = try source.export(name, words)
            #expect(report["created"]?.array?.count == tables, "\(name)")
            #expect(report["filled"]?.array?.count == tables, "\(name)")
            let target = try Target()
            // The owner of a database is enough, where nothing is in it yet.
            try target.load(path, as: target.strings.owner)
            let after = try target.figures()
            #expect(before.differences(from: after) == [], "\(name)")
            #expect(after.tables.count == tables)
        }
    }

    @Test func theRowsLoadOverTheSchema() throws {
        let source = try Place(holding: "0.2")
        try #require(try source.run(["migrate"]).code == 0)
        let (schema, made) = try source.export("schema.sql", ["--format", "schema"])
        let before = try source.figures()
        let (rows, filled) = try source.export("data.sql", ["--format", "data"])
        #expect(made["created"]?.array?.count == before.tables.count)
        #expect(made["filled"]?.array?.isEmpty == true)
        #expect(filled["created"]?.array?.isEmpty == true)
        #expect(filled["filled"]?.array?.count == before.tables.count)
        let target = try Target()
        try target.load(schema, as: target.administrator)
        #expect(try target.figures().rows == 0)
        try target.load(rows, as: target.administrator)
        #expect(try before.differences(from: target.figures()) == [])
        // They slept only while the rows came in: an issued invoice is as firm as where it came from.
        let refused = #expect(throws: DatabaseError.self) {
            try Connection(target.administrator).run(
                "UPDATE invoices SET total_gross = total_gross + 1 WHERE status = 'issued'")
        }
        #expect(refused?.message.isEmpty == false)
    }

    @Test func someTablesLoadByThemselves() throws {
        let source = try Place(holding: "0.2")
        try #require(try source.run(["migrate"]).code == 0)
        let before = try source.figures()
        let (path, report) = try source.export(
            "some.sql", ["--format", "data", "--table", "clients", "--table", "items"])
        #expect(report["filled"]?.array?.compactMap(\.string) == ["clients", "items"])
        let (rest, _) = try source.export("schema.sql", ["--format", "schema"])
        let target = try Target()
        try target.load(rest, as: target.administrator)
        try target.load(path, as: target.administrator)
        let after = try target.figures()
        for name in ["clients", "items"] {
            #expect(after.tables[name] == before.tables[name] && after.tables[name]?.rows ?? 0 > 0)
        }
        #expect(after.tables["invoices"]?.rows == 0)
        let (without, others) = try source.export(
            "without.sql", ["--format", "data", "--except", "clients"])
        #expect(others["filled"]?.array?.contains { $0.string == "clients" } == false)
        #expect(others["filled"]?.array?.count == before.tables.count - 1)
        #expect(
            try !String(contentsOfFile: without, encoding: .utf8).contains("COPY public.clients"))
    }

    /// Size, lines and tables, counted in the file itself, compressed or not.
    @Test func theReportCountsWhatIsInTheFile() throws {
        let place = try Place(named: "data")
        try #require(try place.addOwner().code == 0)
        let (plain, report) = try place.export("plain.sql", [])
        let text = try Data(contentsOf: URL(fileURLWithPath: plain))
        #expect(report["bytes"]?.int == text.count)
        #expect(report["lines"]?.int == text.count { $0 == UInt8(ascii: "\n") })
        let created = String(decoding: text, as: UTF8.self).matches(of: /\nCREATE TABLE public/)
        #expect(report["created"]?.array?.count == created.count)
        let schema = ["--format", "schema"]
        let lines = try place.export("schema.sql", schema).report["lines"]?.int
        #expect(try place.export("schema.sql.gz", schema).report["lines"]?.int == lines)
        #expect((lines ?? 0) > 1000)
        let custom = try place.export("all.dump", ["--format", "custom"]).report
        #expect(custom["lines"] == .null && custom["created"] == report["created"])
        let said = try place.run(["export", "database", place.folder + "/again.sql"]).output
        #expect(said.contains("\(created.count) CREATE TABLE"))
        let named = try place.run(
            ["export", "database", place.folder + "/named.sql", "--verbose"]
        ).output
        #expect(named.matches(of: /(?m)^CREATE TABLE\t\w+$/).count == created.count)
        #expect(named.contains("\nrows\tusers\n"))
        let dated = try place.run(["export", "database", place.folder, "--format", "custom"])
        #expect(dated.code == 0, "\(dated.complaints)")
        let name = try #require(
            dated.output.firstMatch(of: /comptoir_[0-9]{8}_[0-9]{6}\.dump/)?.output)
        #expect(FileManager.default.fileExists(atPath: place.folder + "/" + name))
    }
}

/// A new database of the test server, with nothing in it.
private struct Target {
    let strings: Cluster.ConnectionStrings
    let administrator: String

    init() throws {
        strings = try TestCluster.shared.makeDatabase()
        let name: String? = try Connection(strings.owner).value("SELECT current_database()::text")
        administrator = TestCluster.shared.cluster.administrator(database: try #require(name))
    }

    /// By the programs that anybody has, which stop at the first fault.
    func load(_ path: String, as address: String) throws {
        let command: String
        if path.hasSuffix(".dump") {
            command = "pg_restore --exit-on-error --no-owner --dbname=\"$0\" \"$1\""
        } else {
            command = "zcat -f \"$1\" | psql -qX -v ON_ERROR_STOP=1 \"$0\""
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        let programs = try Cluster.program("psql").dropLast("psql".count)
        process.arguments = [
            "-c", "set -o pipefail; PATH=\(programs):$PATH; \(command) >/dev/null", address, path,
        ]
        try process.run()
        try #require(process.exitCode() == 0, "\(path)")
    }

    /// Nobody else may read past the policies there: rights stay behind.
    func figures() throws -> BackupFigures { try BackupFigures(Connection(administrator)) }
}

extension Place {
    /// Writes one and answers its path and what was said of it.
    fileprivate func export(_ name: String, _ words: [String]) throws -> (
        path: String, report: JSON
    ) {
        let path = folder + "/" + name
        let run = try self.run(["export", "database", path, "--json"] + words)
        try #require(run.code == 0, "\(run.complaints)")
        return (path, try #require(JSON(parsing: run.output)))
    }

    /// What the private database holds.
    fileprivate func figures() throws -> BackupFigures {
        let cluster = Cluster(folder: data + "/postgres")
        let strings = try cluster.start()
        defer { try? cluster.stop() }
        return try BackupFigures(Connection(strings.backup))
    }
}
