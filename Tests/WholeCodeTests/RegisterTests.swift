import Basics
import Database
import TestSupport
import Testing

@testable import Core
@testable import Sales
@testable import comptoir

/// The register names everything that is held of people.
struct RegisterTests {
    /// Columns that name people, or lead to one.
    private static let personal = [
        "name", "email", "phone", "street", "notes", "recipient", "buyer", "actor_name", "address",
        "user_agent", "changed_by_name", "closed_by_name", "created_by_name", "noted_by_name",
        "client_id", "user_id", "decision_note", "message",
    ]
    /// These name things.
    private static let things: Set = [
        // Names of roles, of what follows the journal, of migrations.
        "custom_roles", "journal_followers", "schema_migrations",
        // The name of this program at an identity provider or a platform.
        "identity_providers", "platform_connections",
    ]

    @Test func everyTableThatNamesPeopleStandsInTheRegister() throws {
        let tables: [String] = try TestDatabase.pool.withConnection {
            try $0.values(
                """
                SELECT DISTINCT c.table_name::text FROM information_schema.columns c
                JOIN information_schema.tables t USING (table_schema, table_name)
                WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
                    AND c.column_name = ANY (\(RegisterTests.personal))
                """)
        }
        #expect(tables.count > 20)
        let listed = Set(Register.tables.map(\.name.description))
        let missing = Set(tables).subtracting(listed).subtracting(RegisterTests.things)
        #expect(missing.sorted() == [])
        #expect(listed.count == Register.tables.count, "a table stands there twice")
    }

    @Test func everyTableOfTheRegisterIsThere() throws {
        let all: [String] = try TestDatabase.pool.withConnection {
            try $0.values(
                """
                SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'
                """)
        }
        #expect(Set(Register.tables.map(\.name.description)).subtracting(all).sorted() == [])
    }

    @Test func theRegisterIsPrintedInBothLanguages() throws {
        for (language, word) in [(Language.french, "Base légale"), (.english, "Legal basis")] {
            let test = try TestApplication(all: capabilities, language: language)
            let page = try test.get("/settings/privacy").text
            #expect(page.contains(word))
            #expect(Register.all.allSatisfy { page.contains(language($0.title).escaped) })
            #expect(faultsOfMarkup(page) == [])
        }
    }

    @Test func aPersonsDataAreExportedWholeAndTheReadingIsNoted() throws {
        let person = try KnownPerson()
        let test = person.test
        let page = try test.get(person.client.path + "/personal-data")
        #expect(page.status == 200 && faultsOfMarkup(page.text) == [])
        for word in [person.name, "Chez \(person.marker)", "Chère \(person.marker)"] {
            #expect(page.text.contains(word), "\(word)")
        }
        let file = try test.get(person.client.path + "/personal-data/export")
        let data = try #require(file.json?["processing"]?.array).flatMap {
            $0["data"]?.members ?? []
        }
        let found = Set(data.filter { $0.1.text.contains(person.marker) }.map { $0.0 })
        for table in [
            "clients", "contacts", "addresses", "quotes", "quote_lines", "orders", "order_lines",
            "recurring_invoices", "deposit_requests", "invoices", "invoice_lines", "payments",
            "mails", "users", "invitations", "journal_entries", "import_records",
        ] {
            #expect(found.contains(table), "\(table)")
        }
        #expect(!file.text.contains("password_hash") && !file.text.contains("token_hash"))
        let actions = try test.read { try $0.journal(of: .client, person.client.id.value) }
            .map(\.action)
        #expect(actions.contains("personal_data.read") && actions.contains("data.exported"))
        #expect(try test.get(person.client.path + "/personal-data", as: .agent).status == 403)
    }
}

extension String {
    fileprivate var escaped: String {
        replacing("&", with: "&amp;").replacing("'", with: "&#39;")
    }
}
