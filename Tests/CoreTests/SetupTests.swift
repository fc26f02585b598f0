import Basics
@testable import Core
import TestSupport
import Testing

@Suite struct SetupTests {
    @Test func anOwnerIsLedThroughTheStepsAndTheSeriesGoesOn() throws {
        let test = try TestApplication(isSetUp: false)
        let browser = test.browser()
        try browser.get("/")
        #expect(browser.address == "/setup/company", "first things first")
        #expect(faultsOfMarkup(browser.text) == [])
        try browser.submit(
            "/setup/company",
            [
                "name": "Alta Vista", "siren": "732 829 320", "street": "12 quai Perrache",
                "postal_code": "69002", "city": "Lyon", "email": "contact@altavista.example",
            ])
        #expect(browser.address == "/setup/vat")
        #expect(
            browser.forms.first { $0.action == "/setup/vat" }?["vat_number"] == "FR44732829320",
            "worked out from the SIREN")
        try browser.submit("/setup/vat")
        #expect(browser.address == "/setup/bank")
        try browser.submit(
            "/setup/bank", ["iban": "FR76 3000 6000 0112 3456 7890 189", "payment_days": "45"])
        #expect(browser.address == "/setup/look")
        try browser.submit("/setup/look", ["accent_color": "#1f6f5c"])
        #expect(browser.address == "/setup/numbering")
        try browser.submit("/setup/numbering", ["next_invoice": "419"])
        #expect(browser.address == "/")
        #expect(browser.status == 200)

        let saved = try test.organisation
        #expect(saved.isSetUp)
        #expect(saved.name == "Alta Vista")
        #expect(saved.vatNumber == "FR44732829320")
        #expect(saved.iban == "FR7630006000011234567890189")
        #expect(saved.paymentDays == 45)
        #expect(saved.accentColor == "#1f6f5c")
        #expect(saved.latePenalty != "", "the sentences of the law stay")
        #expect(try test.write { try $0.nextNumber(.invoice, on: $0.today) } == "FACT-2026-419")
        try browser.get("/setup/company")
        #expect(browser.address == "/", "done is done")
    }

    @Test func whoLeavesComesBackToTheStepThatIsNext() throws {
        let test = try TestApplication(isSetUp: false)
        let browser = test.browser()
        try browser.get("/setup")
        try browser.submit("/setup/company", company)
        try browser.post("/sign-out")
        let owner = try #require(test.people[.owner])
        let later = test.browser(as: nil)
        try later.get("/sign-in")
        try later.submit(
            "/sign-in", ["email": owner.email, "password": TestApplication.password])
        #expect(later.address == "/setup/vat")
        try later.get("/setup/company")
        #expect(later.forms.first { $0.action == "/setup/company" }?["city"] == "Lyon")
        try later.submit("/setup/company", ["city": "Nancy"])
        #expect(later.address == "/setup/vat")
        #expect(try test.organisation.address.city == "Nancy")
    }

    @Test func theRestCanWaitOnceCompanyAndVATAreThere() throws {
        let test = try TestApplication(isSetUp: false)
        let browser = test.browser()
        #expect(try test.post("/setup/finish").status == 409)
        try browser.get("/setup")
        try browser.submit("/setup/company", company)
        #expect(try test.post("/setup/finish").status == 409)
        try browser.submit("/setup/vat")
        try browser.submit("/setup/finish")
        #expect(browser.address == "/")
        #expect(try test.organisation.isSetUp)
    }

    @Test(arguments: [
        ("company", "siren", "123456789"), ("company", "name", ""), ("vat", "vat_number", "FR1"),
        ("vat", "default_vat_rate", "33"), ("bank", "iban", "FR76"), ("bank", "bic", "X"),
        ("look", "accent_color", "#ffffff"), ("numbering", "pattern_invoice", "FACT"),
        ("numbering", "next_quote", "0"),
    ])
    func aWrongFieldIsNamedAndTheStepStays(step: String, field: String, value: String) throws {
        let test = try TestApplication(isSetUp: false)
        let browser = test.browser()
        try browser.get("/setup/company")
        try browser.submit("/setup/company", company)
        try browser.get("/setup/\(step)")
        var form = try #require(browser.forms.first { $0.action == "/setup/\(step)" })
        form.set(field, value)
        let answer = try test.respond(
            .post, "/setup/\(step)", form: form.fields.map { ($0.name, $0.value) })
        #expect(answer.status == 422)
        #expect(answer.text.contains("id=\"f-\(field)-e\""))
        #expect(faultsOfMarkup(answer.text) == [])
        let state = try test.read { try $0.setupState() }
        #expect(state.saved == 1)
    }

    @Test func othersWorkWhileTheOwnerHasNotFinished() throws {
        let test = try TestApplication(isSetUp: false)
        #expect(try test.get("/", as: .agent).status == 200)
        #expect(try test.get("/settings/company").location == "/setup")
        #expect(try test.post("/settings/company", ["name": "x"]).location == "/setup")
    }

    private let company: KeyValuePairs = [
        "name": "Alta Vista", "street": "12 quai Perrache", "postal_code": "69002",
        "city": "Lyon",
    ]
}
