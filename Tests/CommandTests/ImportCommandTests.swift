import Basics
import Database
import DatabaseTesting
import Foundation
import TestSupport
import Testing

@testable import Core
@testable import Sales

@Suite struct ImportCommandTests {
    private static let slug = "alta-vista-drones"

    private static func clients(_ count: Int) -> String {
        "Code client;Nom;Ville;E-mail\n"
            + (1...count).map { "K\($0);Client \($0);Lyon;c\($0)@client.example\n" }.joined()
    }

    @Test func filesComeInByTheCommandLine() throws {
        let place = try Place()
        try #require(try place.addOwner().code == 0)
        let folder = try TestCluster.makeFolder()
        let file = folder + "/clients.csv"
        try DataFolder.write(Array((Self.clients(20) + "X;;Lyon;faux\n").utf8), to: file)
        let words = ["import", "clients", file, "--organisation", Self.slug]
        let trial = try place.run(words + ["--dry-run"])
        #expect(trial.code == 0)
        #expect(trial.output.contains("21 lines: 20 new, 0 updated, 0 there already"))
        #expect(trial.output.contains("line 22"))
        let report = folder + "/refused.csv"
        let real = try place.run(words + ["--json", "--report", report])
        let json = try #require(JSON(parsing: PlainText.line(real.output)))
        #expect(json["counts"]?["new"]?.int == 20, "the trial kept nothing")
        #expect(json["counts"]?["refused"]?.int == 1)
        #expect(try String(contentsOfFile: report, encoding: .utf8).contains("faux"))
        let again = try place.run(words)
        #expect(again.output.contains("21 lines: 0 new, 0 updated, 20 there already"))
        let wrong = try place.run(words + ["--mapping", "nothing"])
        #expect(wrong.code == 1)
        #expect(wrong.complaints.contains("There is no mapping “nothing”."))
    }

    @Test func aProgramThatIsKilledWhileItImportsFinishesAtItsNextStart() throws {
        let place = try Place()
        try #require(try place.addOwner().code == 0)
        let first = try RunningServer(data: place.data)
        let strings = try Cluster(folder: place.data + "/postgres").start()
        let pool = Pool(connectionString: strings.runtime, size: 2)
        defer { pool.close() }
        let count = 6000
        let own = try SalesImport.commandScope(organisation: Self.slug, pool: pool)
        func within<Answer>(_ body: (Transaction) throws -> Answer) throws -> Answer {
            try pool.transaction(own, at: .now, body)
        }
        let bytes = Array(Self.clients(count).utf8)
        let id = try within { transaction in
            let found = try transaction.createImport(.clients, fileName: "a.csv", among: []) {
                try $0(bytes[...])
            }
            try transaction.mapImport(found.id, MappingDraft(fields: found.fields))
            return found.id
        }
        func record() throws -> Import { try within { try $0.importRecord(id) } }
        try eventually("it was checked") { try record().state == .ready }
        try within { try $0.startImport(id) }
        try eventually("it is under way") { try record().doneLines > 0 }
        _ = first.stop(SIGKILL)
        try #require(try record().state == .importing, "killed in the middle")
        // The dead runner's lease ends by itself after five minutes; here it ends now.
        try within {
            _ = try $0.run(
                """
                UPDATE jobs SET leased_until = \(Instant.now)
                WHERE organisation_id = \($0.organisation) AND subject_id = \(id)
                """)
        }
        let second = try RunningServer(data: place.data)
        try eventually("it has finished") { try record().state == .finished }
        let made: [Int] = try within { transaction in
            try [
                transaction.value(
                    """
                    SELECT count(DISTINCT external_reference) FROM clients
                    WHERE organisation_id = \(transaction.organisation)
                    """) ?? 0,
                transaction.value(
                    """
                    SELECT count(*) FROM clients
                    WHERE organisation_id = \(transaction.organisation)
                    """) ?? 0,
                transaction.value(
                    """
                    SELECT count(*) FROM import_records
                    WHERE organisation_id = \(transaction.organisation)
                    """) ?? 0,
            ]
        }
        #expect(made == [count, count, count])
        #expect(second.stop() == 0)
    }
}
