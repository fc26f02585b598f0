import Basics
@testable import Core
import TestSupport
import Testing

@Suite struct SettingsTests {
    @Test func theCompanyIsSavedAndTheJournalSaysWhatChanged() throws {
        let test = try TestApplication()
        let browser = test.browser()
        try browser.get("/settings/company")
        try browser.submit(
            "/settings/company", ["city": "Villeurbanne", "postal_code": "69100"])
        #expect(browser.status == 200)
        let saved = try test.organisation
        #expect(saved.address.city == "Villeurbanne")
        #expect(saved.siren == "732829320", "what was not touched stays")
        let entry = try #require(try test.read { try $0.journal(most: 1).first })
        #expect(entry.action == "organisation.updated")
        let fields = entry.details?["changes"]?.array?.compactMap { $0["field"]?.string }
        #expect(fields == ["city", "postal_code"])
    }

    @Test(arguments: [
        ("name", ""), ("street", ""), ("city", ""), ("postal_code", "6900"),
        ("siren", "123456789"), ("siret", "73282932000075"), ("siret", "55208131766522"),
        ("vat_number", "FR45732829320"), ("vat_number", "FR83404833048"), ("email", "nobody"),
        ("phone", "call me"), ("website", "javascript:alert(1)"), ("country", "ZZ"),
        ("time_zone", "../../etc/passwd"), ("language", "xx"),
    ])
    func aWrongFieldOfTheCompanyIsNamedAndNothingChanges(field: String, value: String) throws {
        try expectRefusal(at: "/settings/company", field, value)
    }

    @Test(arguments: [
        ("iban", "FR7630006000011234567890188"), ("bic", "AGRI"), ("payment_days", "121"),
        ("payment_days", ""), ("quote_validity_days", "0"), ("default_vat_rate", "19,6"),
        ("default_vat_rate", ""), ("late_penalty", "  "), ("discount_terms", ""),
        ("currency", "ZZZ"), ("vat_regime", "none"),
        ("invoice_footer", String(repeating: "a", count: 501)),
    ])
    func aWrongFieldOfInvoicingIsNamedAndNothingChanges(field: String, value: String) throws {
        try expectRefusal(at: "/settings/invoicing", field, value)
    }

    private func expectRefusal(at path: String, _ field: String, _ value: String) throws {
        let test = try TestApplication()
        let before = try test.organisation.formValues(.english)
        let browser = test.browser()
        try browser.get(path)
        var form = try #require(browser.forms.first { $0.action == path })
        form.set(field, value)
        let answer = try test.respond(
            .post, path, form: form.fields.map { ($0.name, $0.value) })
        #expect(answer.status == 422)
        #expect(answer.text.contains("id=\"f-\(field)-e\""), "the error stands at the field")
        #expect(try test.organisation.formValues(.english) == before)
    }

    @Test func everythingTypedStaysAfterARefusal() throws {
        let test = try TestApplication()
        let browser = test.browser()
        try browser.get("/settings/company")
        try browser.submit(
            "/settings/company",
            ["name": "Élan & \"Fils\" <b>", "siren": "111111111", "trade_register": "RCS Nancy"])
        #expect(browser.status == 422)
        let form = try #require(browser.forms.first { $0.action == "/settings/company" })
        #expect(form["name"] == "Élan & \"Fils\" <b>")
        #expect(form["siren"] == "111111111")
        #expect(form["trade_register"] == "RCS Nancy")
        #expect(!browser.text.contains("<b>\""), "what was typed is text, never markup")
    }

    @Test func aStaleFormOverwritesNobody() throws {
        let test = try TestApplication()
        let (first, second) = (test.browser(), test.browser())
        try first.get("/settings/company")
        try second.get("/settings/company")
        try first.submit("/settings/company", ["city": "Nancy"])
        try second.submit("/settings/company", ["city": "Metz"])
        #expect(second.status == 409)
        #expect(try test.organisation.address.city == "Nancy")
        #expect(second.forms.first { $0.action == "/settings/company" }?["city"] == "Metz")
        try second.submit("/settings/company")
        #expect(try test.organisation.address.city == "Metz", "after the warning it may pass")
    }

    @Test func aFrenchVATNumberIsProposedFromTheSIREN() throws {
        let test = try TestApplication()
        let browser = test.browser()
        try browser.get("/settings/company")
        try browser.submit("/settings/company", ["vat_number": ""])
        #expect(try test.organisation.vatNumber == "")
        let form = try #require(browser.forms.first { $0.action == "/settings/company" })
        #expect(form["vat_number"] == "FR44732829320")
    }

    @Test func theCurrencyIsFixedOnceADocumentExists() throws {
        let test = try TestApplication()
        try test.write { transaction in
            let client = UniqueID.make(at: transaction.now)
            try transaction.run(
                """
                INSERT INTO clients (organisation_id, id, number, kind, name)
                VALUES (\(transaction.organisation), \(client), 'C-1', 'company', 'Aubrac')
                """)
            try transaction.run(
                """
                INSERT INTO invoices (organisation_id, id, kind, client_id, currency, language)
                VALUES (\(transaction.organisation), \(UniqueID.make(at: transaction.now)),
                    'invoice', \(client), 'EUR', 'fr')
                """)
        }
        let browser = test.browser()
        try browser.get("/settings/invoicing")
        #expect(browser.text.contains("readonly"))
        try browser.submit("/settings/invoicing", ["currency": "XOF"])
        #expect(browser.status == 422)
        #expect(try test.organisation.currency == .euro)
    }

    @Test func theCurrencyChangesWhileThereIsNoDocument() throws {
        let test = try TestApplication()
        let browser = test.browser()
        try browser.get("/settings/invoicing")
        try browser.submit("/settings/invoicing", ["currency": "XOF"])
        #expect(try test.organisation.currency == .westAfricanFranc)
    }

    @Test(arguments: [Role.agent, .accountant])
    func onlyOwnersReachTheSettings(role: Role) throws {
        let test = try TestApplication()
        for tab in SettingsFrame.Tab.allCases
        where ![.mail, .layout, .platform, .privacy].contains(tab) {
            #expect(try test.get(tab.address, as: role).status == 403)
        }
        #expect(try test.post("/settings/company", ["name": "x"], as: role).status == 403)
        #expect(try test.get("/setup", as: role).status == 403)
        #expect(try test.get("/", as: role).status == 200)
    }

    @Test func everyPageOfSettingsIsThereAndLinksOnlyToWhatExists() throws {
        let test = try TestApplication()
        for tab in SettingsFrame.Tab.allCases
        where ![.mail, .layout, .platform, .privacy].contains(tab) {
            let answer = try test.get(tab.address)
            #expect(answer.status == 200, "\(tab)")
        }
    }
}

@Suite struct ColorTests {
    @Test(arguments: [("#ffffff", false), ("#ffff00", false), ("#2350c8", true), ("#000000", true)])
    func aColourThatNobodyCanReadOnPaperIsRefused(color: String, isAccepted: Bool) throws {
        let test = try TestApplication()
        let answer = try test.post("/settings/logo/color", ["accent_color": color])
        #expect(answer.status == (isAccepted ? 303 : 422))
        #expect((try test.organisation.accentColor == color) == isAccepted)
    }

    @Test(arguments: ["red", "#12345", "#12345g", "\"><script>", ""])
    func whatIsNoColourIsRefused(color: String) throws {
        let test = try TestApplication()
        let before = try test.organisation.accentColor
        #expect(try test.post("/settings/logo/color", ["accent_color": color]).status == 422)
        #expect(try test.organisation.accentColor == before)
    }
}
