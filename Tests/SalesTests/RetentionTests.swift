import Basics
import Database
import TestSupport
import Testing

@testable import Core
@testable import Sales

/// Terms end, the owner hears of it, and nothing goes that nobody wanted gone.
@Suite struct RetentionTests {
    private static func application() throws -> TestApplication {
        try TestApplication(
            Clients.self, Privacy.self, Quotes.self, Orders.self, Catalogue.self, Invoicing.self)
    }

    /// A prospect whom nobody wrote to for so many months.
    private func prospect(_ name: String, months: Int, _ test: TestApplication) throws -> Client {
        let client = try test.client(name, kind: .person) {
            $0.stage = .prospect
            $0.email = "\(months)@aubrac.example"
        }
        try test.write {
            try $0.run(
                """
                UPDATE clients SET created_at = \($0.now)::timestamptz - make_interval(months => \(months)::int),
                    updated_at = \($0.now)::timestamptz - make_interval(months => \(months)::int)
                WHERE organisation_id = \($0.organisation) AND id = \(client.id)
                """)
        }
        return client
    }

    @Test func whoeversTermIsOverIsListedForTheOwnerAndNotErased() throws {
        let test = try Self.application()
        let old = try prospect("Odile Ancienne", months: 40, test)
        _ = try prospect("Paul Nouveau", months: 30, test)
        let quoted = try prospect("Zoé Suivie", months: 40, test)
        _ = try test.quote(for: quoted)
        let changed = try prospect("Léa Modifiée", months: 40, test)
        try test.write {
            try $0.run(
                """
                UPDATE clients SET updated_at = \($0.now)
                WHERE organisation_id = \($0.organisation) AND id = \(changed.id)
                """)
        }
        #expect(try test.write { try $0.lookForDue() } == [])
        #expect(try test.read { try $0.dueClients(most: 9) }.map(\.id) == [old.id])
        let home = try test.get("/").text
        #expect(home.contains("Données à effacer") && home.contains("Odile Ancienne"))
        #expect(try !test.get("/", as: .agent).text.contains("Données à effacer"))
        #expect(try test.read { try $0.client(old.id) }.name == "Odile Ancienne")
    }

    @Test func documentsPastTheirTermAreCountedInTheRegister() throws {
        let test = try TestApplication(Privacy.self, Invoicing.self)
        #expect(try !test.get("/settings/privacy").text.contains("au-delà de ce terme"))
        // Today is in 2026: kept until the last day of 2025, and of 2026.
        for (day, count) in [("2015-12-31", 1), ("2016-01-01", 1)] {
            _ = try test.issued(on: Day(day))
            #expect(try test.read { try $0.documentsPastTerm() } == count)
        }
        #expect(try test.get("/settings/privacy").text.contains("document conservé, car"))
    }

    @Test func theProgramErasesByItselfOnlyWhereTheOwnerSaidSo() throws {
        let test = try Self.application()
        let old = try prospect("Odile Ancienne", months: 20, test)
        let form: KeyValuePairs = [
            "months_prospects": "18", "erases_prospects": "on", "months_clients": "36",
            "months_mails": "36", "months_imports": "12", "erases_imports": "on",
        ]
        #expect(try test.post("/settings/privacy", form).status == 303)
        #expect(
            try test.get("/settings/privacy").text.contains(
                "18\u{00A0}mois après le dernier contact"))
        #expect(try test.write { try $0.lookForDue() } == [old.id])
        #expect(try test.write { try $0.lookForDue() } == [], "once a day")
        try test.write { try $0.erasePerson(old.id) }
        #expect(try test.read { try $0.dueClients(most: 9) }.isEmpty)
        #expect(try test.post("/settings/privacy", ["months_prospects": "0"]).status == 422)
        #expect(try test.get("/settings/privacy", as: .agent).status == 403)
    }

    /// One look erases a hundred at most; whoever cannot be erased takes nobody's turn.
    @Test func aHundredPeopleAreErasedInALookAndTheRestInTheNext() throws {
        let test = try Self.application()
        for number in 1...101 { _ = try prospect("Prospect Ancien \(number)", months: 50, test) }
        try test.write { transaction in
            try transaction.saveRetention([
                RetentionRule(category: .prospects, months: 36, erases: true)
            ])
        }
        func left() throws -> Int? {
            try test.read {
                try $0.value(
                    """
                    SELECT count(*) FROM clients
                    WHERE organisation_id = \($0.organisation) AND erased_at IS NULL
                        AND stage = 'prospect'
                    """)
            }
        }
        try Privacy.tidy(test.application)
        #expect(try left() == 1)
        try Privacy.tidy(test.application)
        #expect(try left() == 0)
    }
}
