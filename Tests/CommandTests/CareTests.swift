import Basics
import Core
import Database
import DatabaseTesting
import Foundation
import Testing

@Suite struct CareTests {
    private static let french = ["LANG": "fr_FR.UTF-8"]

    @Test func cleanupSaysWhatWouldGoAndThenRemovesThatAndNothingElse() throws {
        let place = try Place()
        #expect(try place.addOwner().code == 0)
        try place.asOwner { owner in
            let user: String? = try owner.value("SELECT id::text FROM users")
            let organisation: String? = try owner.value("SELECT id::text FROM organisations")
            try owner.runScript(
                """
                SET app.organisation = '\(organisation ?? "")';
                INSERT INTO sessions (token_hash, user_id, organisation_id, created_at, last_seen_at,
                    expires_at)
                SELECT decode(md5(n::text), 'hex'), '\(user ?? "")', '\(organisation ?? "")', now(),
                    now(), now() + make_interval(days => n) FROM generate_series(-3, 2) n;
                INSERT INTO submissions (organisation_id, token, path, created_at)
                SELECT '\(organisation ?? "")', gen_random_uuid(), '/x', now() - make_interval(days => n)
                FROM generate_series(0, 40, 20) n;
                INSERT INTO jobs (id, organisation_id, kind, run_at, finished_at)
                SELECT gen_random_uuid(), '\(organisation ?? "")', 'mail.send', now(),
                    now() - make_interval(days => n) FROM generate_series(20, 40, 20) n;
                INSERT INTO imports (organisation_id, id, kind, state, file_name, started_at)
                SELECT '\(organisation ?? "")', gen_random_uuid(), 'clients', s, 'x.csv',
                    now() - make_interval(days => 40) FROM unnest('{ready,finished}'::text[]) s
                """)
        }
        try FileManager.default.createDirectory(
            atPath: place.data + "/archives", withIntermediateDirectories: true)
        for (name, days) in [("old.zip", 8.0), ("new.zip", 1.0)] {
            let path = place.data + "/archives/" + name
            try DataFolder.write([1], to: path)
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -days * 86_400)], ofItemAtPath: path)
        }
        try DataFolder.write([1], to: place.data + "/secret.key.999999999.new")
        let expected = [
            "sessions": 4, "submissions": 1, "jobs": 1, "imports": 1, "archives": 1, "drafts": 1,
        ]
        func counts(_ words: [String]) throws -> [String: Int] {
            let run = try place.run(["cleanup", "--json"] + words)
            #expect(run.code == 0, "\(run.complaints)")
            let results = try #require(JSON(parsing: run.output)?.array)
            return Dictionary(
                results.compactMap { result in
                    let count = result["count"]?.int ?? 0
                    return count > 0 ? (result["name"]?.string ?? "", count) : nil
                }, uniquingKeysWith: +)
        }
        #expect(try counts(["--dry-run"]) == expected)
        #expect(try counts(["--dry-run"]) == expected, "a trial changes nothing")
        let french = try place.run(["cleanup", "--dry-run"], environment: CareTests.french)
        #expect(french.output.contains("4\tà supprimer\tsessions: sessions terminées"))
        #expect(try counts([]) == expected)
        #expect(try counts([]) == [:])
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: place.data + "/archives") == [
                "new.zip"
            ])
        let noted = try place.run(["usage", "--json"])
        #expect(noted.output.contains("\"journal_entries\""))
    }

    @Test func optimiseRebuildsWhatIsUnusableAndClearsDeadRows() throws {
        let place = try Place()
        #expect(try place.addOwner().code == 0)
        // A unique index that cannot be made concurrently is left behind, not valid.
        try place.asOwner { owner in
            try owner.runScript(
                """
                CREATE TABLE worn (n integer);
                INSERT INTO worn SELECT n % 2 FROM generate_series(1, 20000) n
                """)
            #expect(throws: DatabaseError.self) {
                try owner.runScript("CREATE UNIQUE INDEX CONCURRENTLY worn_n ON worn (n)")
            }
            try owner.runScript("DELETE FROM worn WHERE ctid > '(0,2)'")
            try owner.runScript(
                "DELETE FROM worn a USING worn b WHERE a.n = b.n AND a.ctid > b.ctid")
            // A business table, whose statistics even its owner does not see.
            let organisation: String? = try owner.value("SELECT id::text FROM organisations")
            try owner.runScript(
                """
                SET app.organisation = '\(organisation ?? "")';
                INSERT INTO submissions (organisation_id, token, path)
                SELECT '\(organisation ?? "")', gen_random_uuid(), ''
                FROM generate_series(1, 60000) n;
                DELETE FROM submissions WHERE random() < 0.95
                """)
            try owner.runScript("VACUUM ANALYZE submissions")
            // Told to the statistics when the connection ends at the latest.
            try owner.runScript("SELECT pg_stat_force_next_flush()")
        }
        let ill = try place.run(["doctor"])
        #expect(ill.code == 1)
        #expect(ill.output.contains("WRONG schema.indexes: index worn_n"))
        let plan = try place.run(["optimise", "--dry-run", "--json"])
        #expect(plan.output.contains("{\"step\":\"rebuildInvalidIndex\",\"name\":\"worn_n\""))
        #expect(plan.output.contains("{\"step\":\"vacuum\",\"name\":\"worn\""))
        let bloated = "{\"step\":\"rebuildBloatedIndex\",\"name\":\"submissions_pkey\""
        #expect(plan.output.contains(bloated))
        #expect(try place.run(["doctor"]).code == 1, "a plan changes nothing")
        let done = try place.run(["optimise"], environment: CareTests.french)
        #expect(done.code == 0, "\(done.complaints)")
        #expect(done.output.contains("fait\tworn_n\tindex inutilisable reconstruit"))
        let after = try place.run(["optimise", "--dry-run", "--json"])
        #expect(!after.output.contains("ebuild"), "\(after.output)")
        #expect(try place.run(["doctor"]).code == 0)
    }

    @Test func doctorMendsWhatIsComputedAndSaysWhatToDoAboutTheRest() throws {
        let place = try Place()
        #expect(try place.addOwner().code == 0)
        try place.asOwner { owner in
            let organisation: String? = try owner.value("SELECT id::text FROM organisations")
            try owner.runScript(
                """
                SET app.organisation = '\(organisation ?? "")';
                INSERT INTO clients (organisation_id, id, number, kind, name, open_amount)
                VALUES ('\(organisation ?? "")', gen_random_uuid(), 'aubrac', 'company', 'Aubrac', 1200);
                INSERT INTO daily_quotes (organisation_id, day, status, writer, document_count, net)
                VALUES ('\(organisation ?? "")', current_date, 'sent', 0, 3, 100);
                ALTER TABLE mails NO FORCE ROW LEVEL SECURITY
                """)
        }
        let ill = try place.run(["doctor"])
        #expect(ill.code == 1)
        #expect(ill.output.contains("WRONG clients.balances"))
        let mended = try place.run(["doctor", "--mend"], environment: CareTests.french)
        #expect(mended.code == 1, "what takes a person is wrong still")
        #expect(mended.complaints.contains("MENDED clients.balances"))
        #expect(mended.complaints.contains("MENDED statistics.quotes"))
        #expect(mended.complaints.contains("recalcule ce qui est alloué, réglé et dû"))
        #expect(mended.complaints.contains("TO DO  schema.isolation: Quelqu’un a changé le schéma"))
        #expect(mended.output.contains("ok    clients.balances"))
        #expect(mended.output.contains("WRONG schema.isolation: table mails"))
        let recent = try place.run(["audit", "recent", "--json"])
        #expect(recent.output.contains("\"records.mended\""))
        try place.asOwner { try $0.runScript("ALTER TABLE mails FORCE ROW LEVEL SECURITY") }
        #expect(try place.run(["doctor", "--mend"]).code == 0)
    }

    @Test func thePrivateDatabaseCountsItsStatements() throws {
        let place = try Place()
        #expect(try place.addOwner().code == 0)
        let run = try place.run(["slow-queries", "--json", "--by", "calls", "--most", "5"])
        #expect(run.code == 0, "\(run.complaints)")
        let statements = try #require(JSON(parsing: run.output)?.array)
        #expect(statements.count == 5)
        #expect(statements.allSatisfy { ($0["calls"]?.int ?? 0) > 0 })
        let text = try place.run(["slow-queries"], environment: CareTests.french)
        #expect(text.output.hasPrefix("appels\tmoyenne ms\ttotal ms\tlignes\trequête\n"))
        #expect(!text.output.contains("claire@altavista.example"), "no values")
        #expect(try place.run(["slow-queries", "--by", "age"]).code == 2)
    }

    @Test func aDatabaseWithoutCountingSaysWhatItNeeds() throws {
        let place = try Place()
        let strings = try TestCluster.shared.makeDatabase()
        let environment = [
            "COMPTOIR_DATABASE_URL": strings.runtime,
            "COMPTOIR_MIGRATION_DATABASE_URL": strings.owner,
        ]
        #expect(try place.addOwner(environment).code == 0)
        let superuser = strings.owner.replacingOccurrences(
            of: "comptoir_owner", with: "comptoir_superuser")
        try Connection(superuser).runScript("DROP EXTENSION IF EXISTS pg_stat_statements")
        let run = try place.run(["slow-queries"], environment: environment)
        #expect(run.code == 1)
        #expect(run.complaints.contains("shared_preload_libraries"))
        let usage = try place.run(["usage", "--json"], environment: environment)
        #expect(usage.code == 0)
        #expect(JSON(parsing: usage.output)?["organisations"]?.array?.count == 1)
    }
}
