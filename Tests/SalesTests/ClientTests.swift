import Basics
import Core
import HTTP
import Testing
import TestSupport

@testable import Sales

struct ClientTests {
    private func filled(_ changes: [String: String] = [:]) -> [(String, String)] {
        let usual = [
            "name": "Menuiserie Aubrac", "kind": "company", "email": "contact@aubrac.example",
            "phone": "01 99 00 41 72", "city": "Villeurbanne", "sector": "Bâtiment",
            "siren": "732 829 320", "country": "FR", "tags": "Compte clé, Artisan, artisan",
        ]
        return usual.merging(changes) { $1 }.map { ($0.key, $0.value) }
    }

    private func created(_ test: TestApplication, _ changes: [String: String] = [:]) throws
        -> String
    {
        let answer = try test.respond(.post, "/clients", form: filled(changes))
        return try #require(answer.location, "answered \(answer.status)")
    }

    @Test func aNewClientHasTheNextNumberAndIsInTheJournal() throws {
        let test = try TestApplication(Clients.self)
        let first = try created(test)
        _ = try created(test, ["name": "Autre", "email": "", "phone": "", "siren": ""])
        let page = try test.get(first)
        #expect(page.text.contains("C-00001"))
        #expect(page.text.contains("Compte clé"))
        #expect(page.text.contains("732829320"))
        #expect(page.text.contains("a créé le client"))
        #expect(try test.get("/clients").text.contains("C-00002"))
    }

    @Test(arguments: [
        ("name", ""), ("email", "pas une adresse"), ("phone", "12"), ("siren", "732829321"),
        ("siret", "73282932000075"), ("vat_number", "FR00732829320"), ("country", "ZZ"),
        ("payment_days", "999"), ("name", String(repeating: "a", count: 201)),
        ("kind", "robot"), ("tags", String(repeating: "t,u", count: 500)),
    ])
    func aWrongFieldIsNamedAndNothingTypedIsLost(field: String, value: String) throws {
        let test = try TestApplication(Clients.self)
        let answer = try test.respond(
            .post, "/clients", form: filled([field: value, "notes": "À rappeler lundi"]))
        #expect(answer.status == 422)
        #expect(answer.text.contains("href=\"#f-\(field)\""))
        #expect(answer.text.contains("À rappeler lundi"))
        #expect(try test.get("/clients").text.contains("Votre premier client"))
    }

    @Test func aSecondClientWithTheSameNumbersIsAskedAbout() throws {
        let test = try TestApplication(Clients.self)
        let first = try created(test)
        let again = filled(["name": "Aubrac Menuiserie", "email": ""])
        let answer = try test.respond(.post, "/clients", form: again)
        #expect(answer.status == 409)
        #expect(answer.text.contains(first))
        let confirmed = try test.respond(.post, "/clients", form: again + [("confirmed", "on")])
        #expect(confirmed.status == 303)
    }

    @Test func aFormSentTwiceCreatesOnce() throws {
        let test = try TestApplication(Clients.self)
        let token = UniqueID.make(at: test.clock.now).description
        let form = filled() + [("_submission", token)]
        let first = try test.respond(.post, "/clients", form: form)
        let second = try test.respond(.post, "/clients", form: form)
        #expect(first.status == 303)
        #expect(first.location == second.location)
        let count: Int? = try test.read {
            try $0.value("SELECT count(*) FROM clients WHERE organisation_id = \($0.organisation)")
        }
        #expect(count == 1)
    }

    @Test func whatSomebodyElseSavedMeanwhileIsNotOverwritten() throws {
        let test = try TestApplication(Clients.self)
        let path = try created(test)
        let mine = try test.respond(.post, path, form: filled(["version": "1", "city": "Lyon"]))
        #expect(mine.status == 303)
        let late = try test.respond(
            .post, path, form: filled(["version": "1", "city": "Nantes"]), as: .agent)
        #expect(late.status == 409)
        #expect(late.text.contains("Nantes"))
        #expect(try test.get(path).text.contains("Lyon"))
    }

    @Test(arguments: [
        "aubrac", "AUBRAC villeurb", "batiment", "0199004172", "01 99 00 41 72", "contact aubrac",
        "C-00001", "732829320", "men aub",
    ])
    func aClientIsFoundByWhatPeopleRemember(words: String) throws {
        let test = try TestApplication(Clients.self)
        _ = try created(test)
        _ = try created(
            test,
            [
                "name": "Zéphyr", "email": "z@zephyr.example", "phone": "", "siren": "",
                "city": "Nantes", "sector": "Santé", "tags": "",
            ])
        let page = try test.get("/clients?q=" + PercentEncoding.encoded(words)).text
        #expect(page.contains("Menuiserie Aubrac"))
        #expect(!page.contains("Zéphyr"))
    }

    @Test func filtersCombine() throws {
        let test = try TestApplication(Clients.self)
        _ = try created(test)
        _ = try created(
            test, ["name": "Lyonnaise", "email": "", "phone": "", "siren": "", "city": "Lyon"])
        let page = try test.get(
            "/clients?sector=B%C3%A2timent&city=Lyon&kind=company"
        ).text
        #expect(page.contains("Lyonnaise"))
        #expect(!page.contains("Menuiserie Aubrac"))
        // Searching within a tag keeps the tag.
        #expect(
            try test.get("/clients?tag=VIP").text.contains(
                "<input type=\"hidden\" name=\"tag\" value=\"VIP\">"))
    }

    @Test(arguments: ["name", "-name", "city", "-city", "created", "-created", "balance"])
    func everyClientIsOnExactlyOnePageOfTheList(sort: String) throws {
        let test = try TestApplication(Clients.self)
        try test.write { transaction in
            for number in 0..<120 {
                _ = try transaction.createClient(
                    ClientDraft(
                        name: "Client \(number % 60)", kind: .company,
                        address: PostalAddress(city: number % 2 == 0 ? "Lyon" : "Nantes"),
                        language: .french))
            }
        }
        var seen: [String] = []
        var address: String? = "/clients?sort=\(sort)"
        let program = try test.program()
        while let target = address {
            let answer = try program.get(target)
            let json = try #require(answer.json)
            seen += (json["data"]?.array ?? []).compactMap { $0["id"]?.string }
            address = json["next_cursor"]?.string.map { "/clients?sort=\(sort)&after=\($0)" }
            try #require(seen.count <= 120)
        }
        #expect(seen.count == 120)
        #expect(Set(seen).count == 120)
    }

    @Test func anArchivedClientLeavesTheListAndComesBack() throws {
        let test = try TestApplication(Clients.self)
        let path = try created(test)
        _ = try test.post(path + "/archive")
        #expect(!(try test.get("/clients").text.contains("Menuiserie Aubrac")))
        #expect(try test.get("/clients?view=archived").text.contains("Menuiserie Aubrac"))
        _ = try test.post(path + "/restore")
        #expect(try test.get("/clients").text.contains("Menuiserie Aubrac"))
    }

    @Test func anotherOrganisationSeesNothing() throws {
        let ours = try TestApplication(Clients.self)
        let theirs = try TestApplication(Clients.self)
        let path = try created(ours)
        for target in [path, path + "/edit", path + "/contacts/new"] {
            #expect(try theirs.get(target).status == 404)
        }
        #expect(try theirs.respond(.post, path, form: filled()).status == 404)
        #expect(try theirs.post(path + "/archive").status == 404)
        #expect(try theirs.get("/clients?q=aubrac").text.contains("Aucun client ne correspond"))
        #expect(!(try theirs.get("/clients/export").text.contains("Aubrac")))
    }

    @Test func theAccountantReadsButDoesNotWrite() throws {
        let test = try TestApplication(Clients.self)
        let path = try created(test)
        #expect(try test.get(path, as: .accountant).status == 200)
        #expect(try test.respond(.post, path, form: filled(), as: .accountant).status == 403)
        #expect(try test.get("/clients/new", as: .accountant).status == 403)
        #expect(try test.get(path, as: nil).status == 303)
    }

    @Test func contactsAndAddressesComeAndGo() throws {
        let test = try TestApplication(Clients.self)
        let browser = test.browser()
        try browser.get(try created(test) + "/contacts/new")
        let path = String(browser.address.dropLast("/contacts/new".count))
        try browser.submit(
            path + "/contacts", ["name": "Jeanne <Aubrac>", "email": "j@aubrac.example"])
        #expect(browser.text.contains("Jeanne &lt;Aubrac&gt;"))
        #expect(try test.get("/clients?q=jeanne").text.contains("Menuiserie Aubrac"))
        try browser.get(path + "/addresses/new")
        try browser.submit(path + "/addresses", ["label": "Atelier", "city": "Bron"])
        #expect(browser.text.contains("Bron"))
        let removal = try #require(browser.forms.first { $0.action.contains("/addresses/") })
        try browser.submit(removal.action)
        #expect(!browser.text.contains("Bron"))
    }

    @Test func theExportIsSafeToOpenInASpreadsheet() throws {
        let test = try TestApplication(Clients.self)
        _ = try created(test, ["name": "=HYPERLINK(\"x\")"])
        let text = try test.get("/clients/export").text
        #expect(text.contains("\"'=HYPERLINK(\"\"x\"\")\""))
        #expect(text.hasPrefix("\u{FEFF}Numéro;Nom;"))
    }
}
