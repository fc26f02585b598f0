import Basics
import Database
import DatabaseTesting
import Foundation
import TestSupport
import Testing

@testable import Core

/// Installations of every release come to this one with what they hold, or stay as they were.
@Suite struct UpgradeTests {
    /// Those that CHANGELOG.md says are out: `## 0.2 — 2026-11-29`.
    static let releases = changelog.split(separator: "\n").compactMap { line -> String? in
        let words = line.split(separator: " ")
        guard words.count == 4, words[0] == "##", words[2] == "—", Day(String(words[3])) != nil
        else { return nil }
        return String(words[1])
    }

    private static let changelog =
        (try? String(contentsOfFile: TestDatabase.repository + "/CHANGELOG.md", encoding: .utf8))
        ?? ""

    /// No release goes out without a dump of a database that it made through its own pages, from which
    /// every later one must take everything along.
    @Test func everyReleaseLeftADatabase() throws {
        #expect(UpgradeTests.releases.contains("0.1") && UpgradeTests.releases.contains("0.2"))
        let headings = UpgradeTests.changelog.split(separator: "\n").filter { $0.hasPrefix("## ") }
        #expect(
            headings.count { !$0.hasSuffix("unreleased") } == UpgradeTests.releases.count,
            "each heading of CHANGELOG.md names a release and its day: \(headings)")
        for release in UpgradeTests.releases {
            let path = Fixture.packed(release)
            #expect(
                FileManager.default.fileExists(atPath: path),
                "\(release) is in CHANGELOG.md, and its database is missing: \(path)")
        }
        let names = try FileManager.default.contentsOfDirectory(
            atPath: TestDatabase.repository + "/Tests/Fixtures")
        for name in names where name.hasPrefix("release-") {
            #expect(UpgradeTests.releases.contains { Fixture.packed($0).hasSuffix("/" + name) })
        }
    }

    @Test(arguments: releases)
    func anOlderReleaseComesAlongWithEverything(release: String) throws {
        let place = try Place(holding: release)
        let before = try place.figures()
        #expect(before.keys.contains { $0.hasSuffix(", invoices, total_gross") })
        let trial = try place.run(["upgrade", "--dry-run", "--json"])
        #expect(trial.code == 0, "\(trial.complaints)")
        #expect(try place.figures() == before)
        #expect(try place.run(["migrate", "--check"]).code == 1, "a rehearsal changes nothing")
        let run = try place.run(["upgrade", "--json"])
        #expect(run.code == 0, "\(run.complaints)")
        let report = try #require(JSON(parsing: run.output))
        #expect(report["upgrade"]?.array?.isEmpty == false)
        #expect(report["compared"]?.int ?? 0 > 30)
        let after = try place.figures()
        for (name, value) in before { #expect(after[name] == value, "\(name)") }
        UpgradeTests.tell("\(release) upgraded", before, after)
        let doctor = try place.run(["doctor"])
        #expect(doctor.code == 0, "\(doctor.output)")
        #expect(try place.run(["verify"]).code == 0)
        #expect(try place.run(["upgrade"]).complaints.contains("up to date"))
        #expect(try place.rehearsals.isEmpty)
        let server = try RunningServer(data: place.data)
        let answer = try Visitor(server.port).ask("GET /sign-in HTTP/1.1\r\nHost: a\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 200"), "its pages answer")
        #expect(server.stop() == 0)
    }

    @Test func anUpgradeWorksWhereBackupsAreEncrypted() throws {
        let place = try Place(holding: "0.2")
        let key = try Place().folder + "/key.pem"
        try #require(try place.run(["key", "recipient", "--create", key]).code == 0)
        let run = try place.run(["upgrade", "--json"])
        #expect(run.code == 0, "\(run.complaints)")
    }

    @Test func whatFailsOnTheCopyNeverTouchesTheRealOne() throws {
        let place = try Place()
        try #require(try place.addOwner().code == 0)
        let home = try Home(adding: "ALTER TABLE clients ADD COLUMN colour text; SELECT 1 / 0;")
        let before = try place.figures()
        let run = try place.run(["upgrade"], environment: home.environment)
        #expect(run.code == 1)
        #expect(run.complaints.contains("rehearsal"))
        #expect(run.complaints.contains("division by zero"))
        let after = try place.figures()
        #expect(after == before)
        UpgradeTests.tell("failure injected into the rehearsal", before, after)
        #expect(try place.run(["migrate", "--check"]).code == 0, "the older program starts")
        #expect(try place.rehearsals.isEmpty)
    }

    /// The second of two migrations fails, and only where the owner's role is marked: on the real one.
    @Test func whatFailsHalfwayOnTheRealOneIsUndone() throws {
        let place = try Place()
        try #require(try place.addOwner().code == 0)
        let home = try Home(
            adding:
                "ALTER TABLE clients ADD COLUMN colour text; UPDATE users SET name = 'X';",
            """
            DO $$ BEGIN
                IF current_setting('work_mem') = '5123kB' THEN
                    RAISE EXCEPTION 'the lights went out';
                END IF;
            END $$;
            """)
        try place.asOwner { try $0.runScript("ALTER ROLE CURRENT_USER SET work_mem = '5123kB'") }
        let before = try place.figures()
        let people = try place.run(["user", "list"]).output
        let run = try place.run(["upgrade"], environment: home.environment)
        #expect(run.code == 1)
        #expect(run.complaints.contains("everything is as before"))
        #expect(run.complaints.contains("the lights went out"))
        let after = try place.figures()
        #expect(after == before)
        UpgradeTests.tell("failure injected halfway", before, after)
        #expect(try place.run(["migrate", "--check"]).code == 0, "the older program starts")
        #expect(try place.run(["user", "list"]).output == people)
        try place.asOwner { try $0.runScript("ALTER ROLE CURRENT_USER RESET work_mem") }
        #expect(try place.run(["upgrade"], environment: home.environment).code == 0)
    }

    @Test func aMigrationThatLosesRowsIsRefused() throws {
        let place = try Place()
        try #require(try place.addOwner().code == 0)
        let home = try Home(adding: "DELETE FROM sessions; DELETE FROM memberships;")
        let before = try place.figures()
        let run = try place.run(["upgrade"], environment: home.environment)
        #expect(run.code == 1)
        UpgradeTests.tell("migration that loses rows", before, try place.figures())
        #expect(run.complaints.contains("memberships, rows: was 1, is 0"))
        #expect(try place.run(["user", "list"]).output.contains("claire@"))
    }

    @Test func nobodyWorksWhileTheTablesChange() throws {
        let place = try Place()
        try #require(try place.addOwner().code == 0)
        let home = try Home(adding: "ALTER TABLE clients ADD COLUMN colour text;")
        let server = try RunningServer(data: place.data)
        let refused = try place.run(["upgrade"], environment: home.environment)
        #expect(refused.code == 1)
        #expect(refused.complaints.contains("stop it first"))
        let trial = try place.run(["upgrade", "--dry-run"], environment: home.environment)
        #expect(trial.code == 0, "\(trial.complaints)")
        #expect(server.stop() == 0)
        #expect(try place.run(["upgrade"], environment: home.environment).code == 0)
    }

    /// The snapshot is a second way back, for the older program too.
    @Test func theSnapshotRestoresWithTheOlderProgram() throws {
        let place = try Place()
        try #require(try place.addOwner().code == 0)
        let home = try Home(adding: "UPDATE users SET name = 'Changed';")
        let saved = place.folder + "/saved"
        let run = try place.run(["upgrade", "--snapshot", saved], environment: home.environment)
        #expect(run.code == 0, "\(run.complaints)")
        #expect(try place.run(["user", "list"]).code == 1, "the database is newer")
        let restored = try place.run(["restore", saved, "--replace"])
        #expect(restored.code == 0, "\(restored.complaints)")
        #expect(try place.run(["user", "list"]).output.contains("Claire Monnier"))
    }
}

extension UpgradeTests {
    /// A line for the journal of the tests; no row may be lost.
    fileprivate static func tell(
        _ what: String, _ before: [String: String], _ after: [String: String]
    ) {
        var (rows, lost) = (0, 0)
        for (name, value) in before where name.hasSuffix(", rows") {
            let (was, remains) = (Int(value) ?? 0, after[name].flatMap { Int($0) } ?? 0)
            (rows, lost) = (rows + was, lost + max(0, was - remains))
        }
        #expect(rows > 0)
        #expect(lost == 0)
        print(
            "figure: upgrade: \(what): \(rows) rows in \(before.count) figures compared, "
                + "rows lost \(lost)")
    }
}

/// The program's own files, with migrations of a version to come.
private struct Home {
    let environment: [String: String]

    init(adding scripts: String...) throws {
        let folder = try TestCluster.makeFolder()
        let migrations = folder + "/Migrations"
        let own = TestDatabase.repository + "/Migrations"
        try FileManager.default.copyItem(atPath: own, toPath: migrations)
        let last = try Migrations.load(folder: own).count
        for (place, script) in scripts.enumerated() {
            try script.write(
                toFile: "\(migrations)/00\(last + 1 + place)-to-come.sql", atomically: true,
                encoding: .utf8)
        }
        environment = ["COMPTOIR_HOME": folder]
    }
}

extension Place {
    /// A data folder as a release left it.
    init(holding release: String) throws {
        try self.init(named: "data")
        let installation = try Installation(
            Installation.Settings(dataFolder: data, home: TestDatabase.repository),
            log: { _ in })
        defer { try? installation.close() }
        try DatabaseLoad(addresses: installation.addresses).run(Fixture.dump(of: release), nil)
    }

    /// What must not change.
    fileprivate func figures() throws -> [String: String] {
        try asOwner { owner in
            let values = try owner.transaction { try UpgradeFigures($0).values }
            return Dictionary(uniqueKeysWithValues: values.map { ($0.name, $0.value) })
        }
    }

    fileprivate var rehearsals: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: data).filter {
                $0.hasPrefix("rehearsal")
            }
        }
    }
}
