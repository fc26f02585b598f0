import Basics
import Database
import TestSupport
import Testing

@testable import Core
@testable import Sales
@testable import comptoir

/// Whoever is erased is nowhere any more, but where the law keeps them.
struct ErasureTests {
    /// Issued documents and payments with what was typed on them: accounting records.
    static let legal: Set = [
        "invoices.buyer", "invoices.subject", "invoices.reference", "invoices.message",
        "invoice_lines.label", "invoice_lines.description", "kept_documents.cii",
        "kept_documents.content", "payments.reference", "payments.notes",
    ]

    @Test func anErasedPersonStandsInNoColumnButThoseTheLawKeeps() throws {
        let person = try KnownPerson()
        let before = try person.columns()
        for column in KnownPerson.expected {
            #expect(before.contains(column), "the test puts nothing into \(column)")
        }
        let wrong = try findings(person.test)
        #expect(try person.test.post(person.client.path + "/erase", ["number": "?"]).status == 422)
        let number = person.client.number
        #expect(
            try person.test.post(person.client.path + "/erase", ["number": number]).status == 303)
        let after = try person.columns()
        #expect(after.subtracting(ErasureTests.legal).sorted() == [])
        #expect(after.contains("invoices.buyer"))
        try person.follow()
        let test = person.test
        for report in try test.read({ [try $0.verify(Books.chain), try $0.verifyJournal()] }) {
            #expect(report.findings.map(\.message.english) == [])
        }
        let erased = try test.read { try $0.verifyJournal() }.erased
        #expect(erased > 20)
        print(
            "figure: erasure: \(before.count) columns named the person, "
                + "\(after.subtracting(ErasureTests.legal).count) do now, and "
                + "\(after.count) which the law keeps; \(erased) entries of the journal lost "
                + "their words and verify")
        #expect(try findings(test) == wrong)
        for address in ["/search?q=", "/clients?q=", "/clients?archived=on&q=", "/mails?q="] {
            let page = try test.get(address + person.marker).text
            #expect(!page.contains(person.name), "\(address)")
        }
        #expect(try test.get(person.client.path).text.contains("a été effacée"))
        #expect(try test.get(person.client.path + "/erase").text.contains("a été effacée"))
    }

    /// What the doctor finds, by check.
    private func findings(_ test: TestApplication) throws -> [String: [Finding]] {
        var found: [String: [Finding]] = [:]
        for check in test.application.checks {
            guard case .organisation(let run) = check.subject else { continue }
            found[check.name] = try test.read(run)
        }
        return found
    }

    @Test func theAccountOfAnErasedClientOpensNothing() throws {
        let person = try KnownPerson()
        try person.browser.get("/my-documents")
        #expect(person.browser.status == 200)
        try person.test.write { try $0.erasePerson(person.client.id) }
        try person.browser.get("/my-documents")
        #expect(person.browser.address.hasPrefix("/sign-in"))
        let again = person.test.browser(as: nil)
        try again.get("/sign-in")
        try again.submit(
            "/sign-in", ["email": person.email, "password": TestApplication.password])
        #expect(again.status == 422 || again.address.hasPrefix("/sign-in"))
    }

    @Test func anErasedRecordChangesNoMore() throws {
        let person = try KnownPerson()
        let (test, client) = (person.test, person.client)
        try test.write { try $0.erasePerson(client.id) }
        #expect(try test.post(client.path + "/restore").status == 409)
        #expect(try test.post(client.path + "/contacts", ["name": "Zoé"]).status == 409)
        #expect(throws: DatabaseError.self) {
            try test.write {
                try $0.run(
                    """
                    UPDATE clients SET email = 'zoe@aubrac.example'
                    WHERE organisation_id = \($0.organisation) AND id = \(client.id)
                    """)
            }
        }
    }

    @Test func aContactIsErasedAndTheCompanyStays() throws {
        let filled = try FilledOrganisation()
        let (test, path) = (filled.test, filled.client.path)
        let word = KnownPerson.word(at: test.clock.now)
        let marked = MarkedDatabase(word)
        #expect(
            try test.post(
                path + "/contacts", ["name": "Odile \(word)", "email": "\(word)@aubrac.example"]
            ).status == 303)
        let contact = try #require(
            try test.read { try $0.contacts(of: filled.client.id) }.first {
                $0.name.hasSuffix(word)
            })
        try test.write { transaction in
            let mail = try transaction.queueMail(
                MailDraft(
                    about: MailedRecord(
                        .client, filled.client.id.value, label: filled.client.name,
                        client: filled.client.id.value),
                    recipient: "\(word)@aubrac.example", subject: "Pour Odile \(word)",
                    body: "Bonjour", attachment: nil))
            try transaction.noteDelivery(of: mail.id)
            let note = "rappeler Odile \(word)"
            try transaction.run(
                """
                UPDATE quotes SET notes = \(note), message = 'à garder'
                WHERE organisation_id = \(transaction.organisation)
                    AND client_id = \(filled.client.id)
                """)
        }
        #expect(try marked.columns().count > 6)
        #expect(
            try test.post(path + "/contacts/\(contact.id)/erase").status == 303)
        #expect(try marked.columns().sorted() == [])
        #expect(try test.read { try $0.client(filled.client.id) }.name == filled.client.name)
        #expect(
            try test.read { try $0.quotes(of: filled.client.id, most: 1) }.first?.head.message
                == "à garder")
    }

    @Test func nobodyIsErasedWhileSomethingIsOpenAndCompaniesNever() throws {
        let filled = try FilledOrganisation()
        let test = filled.test
        let company = try test.post(
            filled.client.path + "/erase", ["number": filled.client.number])
        #expect(company.status == 409)
        #expect(company.text.contains("Une entreprise n’est pas une personne"))
        try test.write {
            try $0.run(
                """
                UPDATE clients SET kind = 'person' WHERE organisation_id = \($0.organisation)
                    AND id = \(filled.client.id)
                """)
        }
        let page = try test.get(filled.client.path + "/erase").text
        for word in ["devis en brouillon", "commandes en cours", "solde dû", "abonnements"] {
            #expect(page.contains(word), "\(word)")
        }
        #expect(
            try test.post(filled.client.path + "/erase", ["number": filled.client.number]).status
                == 409)
        #expect(
            try test.post(
                filled.client.path + "/erase", ["number": filled.client.number], as: .agent
            ).status == 403)
    }
}
