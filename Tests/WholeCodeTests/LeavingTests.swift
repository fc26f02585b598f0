import Basics
import Database
import DatabaseTesting
import Foundation
import TestSupport
import Testing

@testable import Core
@testable import Sales
@testable import comptoir

/// An organisation leaves with everything and comes in elsewhere as it was.
@Suite struct LeavingTests {
    @Test func whatLeavesComesInAndLeavesAgainByteForByte() throws {
        let place = try LeavingPlace()
        let filled = try FilledOrganisation(clientName: HostileText.plain)
        let other = try FilledOrganisation()
        let words = "Clé \u{1F33F} \"sous\" le\tpot\\\nà gauche / \u{8}\u{C}\u{1}\u{7F}\u{2028}fin"
        try filled.test.write { transaction in
            var draft = ClientDraft(
                name: "Anouk", kind: .person,
                address: PostalAddress(street: "", postalCode: "", city: "", country: "FR"),
                language: .french)
            draft.notes = words
            _ = try transaction.createClient(draft)
            var supplier = SupplierDraft(name: "Optique")
            (supplier.iban, supplier.notes) = ("FR7630006000011234567890189", words)
            _ = try transaction.createSupplier(supplier)
        }
        let first = try place.export(filled.test.organisation, from: TestDatabase.pool, "first")
        #expect(first.tables.first { $0.name == "invoices" }?.rows ?? 0 > 3)
        #expect(first.fileCount > 2)
        let elsewhere = try Elsewhere(place)
        _ = try elsewhere.take(place.folder + "/first")
        let arrived = try #require(
            try elsewhere.pool.withConnection { try $0.organisation(slug: first.slug) })
        let clear =
            try place.text("first/tables/clients.jsonl")
            + place.text("first/tables/suppliers.jsonl")
        #expect(!clear.contains("sealed:"), "it leaves in words")
        let there = Application(
            pool: elsewhere.pool, capabilities: capabilities,
            assets: try TestApplication.assets.get(), secretKey: TestApplication.secretKey)
        #expect(try there.sealTexts() > 2)
        #expect(try there.sealTexts() == 0)
        var second = try place.export(arrived, from: elsewhere.pool, "second")
        second.createdAt = first.createdAt
        #expect(second == first)
        let names = try place.names(in: "first")
        #expect(try place.names(in: "second") == names)
        for name in names where name != ExportManifest.name {
            #expect(try place.bytes("first/" + name) == place.bytes("second/" + name), "\(name)")
        }
        // Row-level security bound the reader: nothing of another organisation is in it.
        let foreign = other.test.organisationID.description
        for name in names {
            #expect(try !place.text("first/" + name).contains(foreign), "\(name)")
        }
    }

    @Test func chainsSearchAndFiguresGoOnWhereTheOrganisationArrives() throws {
        let place = try LeavingPlace()
        // Nobody else follows the journal of this database.
        let strings = try TestDatabase.make()
        let pool = Pool(connectionString: strings.runtime, size: 4)
        let filled = try FilledOrganisation(pool: pool)
        // Some is in the chains, and some not yet.
        let end = ContinuousClock.now + .seconds(60)
        while try filled.test.read({ try $0.verify(Books.chain).waiting }) > 0,
            ContinuousClock.now < end
        {
            try filled.test.application.followJournal()
        }
        try filled.fill()
        _ = try place.export(filled.test.organisation, from: pool, "first")
        let elsewhere = try Elsewhere(place)
        _ = try elsewhere.take(place.folder + "/first")
        let id = filled.test.organisationID
        let there = try #require(try elsewhere.pool.withConnection { try $0.organisation(id) })
        let scope = Scope(organisation: there, user: nil, role: .owner)
        try elsewhere.pool.transaction(scope, at: .now, readOnly: true) { transaction in
            let before = try filled.test.read { try ($0.verify(Books.chain), $0.verifyJournal()) }
            let books = try transaction.verify(Books.chain)
            let journal = try transaction.verifyJournal()
            #expect(books.findings.isEmpty && journal.findings.isEmpty)
            #expect(books.links > 0 && books.waiting > 0)
            #expect(books.links + books.waiting == before.0.links + before.0.waiting)
            #expect(journal.links > 0 && journal.waiting > 0)
        }
        let entries: SQL = """
            SELECT kind || ' ' || record_id || ' ' || label || ' ' || terms::text FROM search_entries
            WHERE organisation_id = \(id) ORDER BY kind, record_id
            """
        let found: [String] = try Connection(elsewhere.strings.owner).values(entries)
        let expected: [String] = try Connection(strings.owner).values(entries)
        #expect(!found.isEmpty)
        #expect(found == expected)
        // The next number follows the last one, and the next entry of the journal too.
        try elsewhere.pool.transaction(scope, at: .now) { transaction in
            let last: Int? = try transaction.value(
                "SELECT max(id) FROM journal_entries WHERE organisation_id = \(id)")
            let address = PostalAddress(
                street: "", postalCode: "69100", city: "Villeurbanne", country: "FR")
            _ = try transaction.createClient(
                ClientDraft(name: "Après", kind: .company, address: address, language: .french))
            let next: Int? = try transaction.value(
                "SELECT max(id) FROM journal_entries WHERE organisation_id = \(id)")
            #expect(try #require(next) > #require(last))
        }
    }

    @Test func secretsStayBehindAndWhatNeedsThemIsOff() throws {
        let place = try LeavingPlace()
        let filled = try FilledOrganisation()
        let manifest = try place.export(filled.test.organisation, from: TestDatabase.pool, "first")
        #expect(manifest.toEnterAgain.contains("platform_secret"))
        #expect(manifest.toEnterAgain.contains { $0.hasPrefix("webhook_secret ") })
        for name in ["users", "webhooks", "platform_connections", "organisations"] {
            let text = try place.text("first/tables/\(name).jsonl")
            #expect(!text.contains("argon2"))
            for line in text.split(separator: "\n") {
                let row = try #require(JSON(parsing: Array(line.utf8)))
                for column in ["secret", "client_secret", "smtp_password"] {
                    #expect((row[column]?.string ?? "").isEmpty, "\(name).\(column)")
                }
                if row["is_active"] != nil, name != "items" {
                    #expect(row["is_active"]?.string == "false")
                }
            }
        }
        let users = try #require(manifest.tables.first { $0.name == "users" })
        #expect(users.columns == ExportRules.peopleColumns)
    }

    @Test func whoHasAnAccountKeepsItAndRowsPointToIt() throws {
        let place = try LeavingPlace()
        let filled = try FilledOrganisation()
        _ = try place.export(filled.test.organisation, from: TestDatabase.pool, "first")
        let users = try place.text("first/tables/users.jsonl").split(separator: "\n")
        let owner = try #require(
            users.compactMap { JSON(parsing: Array($0.utf8)) }.first {
                $0["id"]?.string == filled.test.people[.owner]?.id.description
            })
        let email = try #require(owner["email"]?.string)
        let elsewhere = try Elsewhere(place)
        let known: User.ID = ID(UniqueID.make(at: .now))
        try elsewhere.pool.withConnection {
            try $0.createUser(id: known, email: email, name: "Déjà là", passwordHash: "kept")
        }
        _ = try elsewhere.take(place.folder + "/first", as: "ailleurs")
        let id = filled.test.organisationID
        let there = try #require(
            try elsewhere.pool.withConnection { try $0.organisation(slug: "ailleurs") })
        #expect(there.id == id)
        let scope = Scope(organisation: there, user: nil, role: .owner)
        try elsewhere.pool.transaction(scope, at: .now, readOnly: true) {
            let hash: String? = try $0.value("SELECT password_hash FROM users WHERE id = \(known)")
            #expect(hash == "kept")
            let role: String? = try $0.value(
                """
                SELECT role FROM memberships
                WHERE organisation_id = \(id) AND user_id = \(known)
                """)
            #expect(role == "owner")
        }
    }

    /// Whoever makes a table decides whether it leaves, and says so.
    @Test func everyTableOfAnOrganisationIsNamedInTheDocumentation() throws {
        let page = try String(
            contentsOfFile: TestDatabase.repository + "/docs/leaving.md", encoding: .utf8)
        let owner = try Connection(TestDatabase.strings.owner)
        let exported = try ExportedTable.all(on: owner, withPasswords: true)
        for table in exported {
            #expect(page.contains("| `\(table.name)` |"), "\(table.name) leaves")
        }
        let all: [String] = try owner.values(
            """
            SELECT c.relname::text FROM pg_class c
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organisation_id'
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                AND NOT a.attisdropped
            """)
        for (table, _) in ExportRules.leftOut {
            #expect(page.contains("| `\(table)` | stays"), "\(table) stays")
            #expect(all.contains(table), "\(table) is no table")
        }
        #expect(
            Set(all).union(["organisations", "users"])
                == Set(exported.map(\.name)).union(ExportRules.leftOut.map(\.table)))
    }
}
