import Basics
import TestSupport
import Testing

@testable import Core
@testable import Sales

/// What those see who have one page only.
struct OwnPagesTests {
    private let test: TestApplication

    init() throws {
        test = try TestApplication(
            Clients.self, Catalogue.self, Quotes.self, Orders.self, MyDay.self, Invoicing.self,
            Deposits.self, Sharing.self, MyDocuments.self, Suppliers.self)
    }

    private func confirmedOrder(_ subject: String, due: Day? = nil) throws -> Order {
        let order = try test.newOrder(due: due)
        return try test.write { transaction in
            try transaction.run(
                """
                UPDATE orders SET subject = \(subject), notes = 'Code du portail 4321'
                WHERE organisation_id = \(transaction.organisation) AND id = \(order.id)
                """)
            return try transaction.moveOrder(order.id, to: .confirmed)
        }
    }

    @Test func aTechnicianSeesTheOrdersAssignedToThemWithoutPrices() throws {
        let technician = try #require(test.people[.technician])
        let mine = try confirmedOrder("Vues du barrage", due: try test.read { $0.today })
        _ = try confirmedOrder("Vues de la mairie")
        let form: KeyValuePairs = ["assigned_to": technician.id.description]
        #expect(try test.post(mine.path + "/assign", form).status == 303)
        #expect(try test.get(mine.path).text.contains("technician"))
        let browser = test.browser(as: .technician)
        try browser.get("/")
        #expect(browser.address == "/my-day")
        #expect(browser.text.contains("Vues du barrage"))
        #expect(browser.text.contains("Prise de vue aérienne"))
        #expect(!browser.text.contains("Vues de la mairie"))
        #expect(!browser.text.contains("100,00") && !browser.text.contains("120,00"))
        #expect(!browser.text.contains("4321"), "internal notes are another permission")
        #expect(try test.get(mine.path, as: .technician).status == 403)
        #expect(try test.get("/orders", as: .technician).status == 403)
    }

    @Test func aDoneOrderLeavesTheDay() throws {
        let technician = try #require(test.people[.technician])
        let order = try confirmedOrder("Vues du barrage")
        try test.write { transaction in
            _ = try transaction.assignOrder(order.id, to: technician.id)
            _ = try transaction.moveOrder(order.id, to: .inProgress)
            _ = try transaction.moveOrder(order.id, to: .completed)
        }
        #expect(!(try test.get("/my-day", as: .technician).text.contains("Vues du barrage")))
    }

    @Test func anOrderIsAssignedToPeopleOfTheOrganisationOnly() throws {
        let order = try confirmedOrder("Vues du barrage")
        let stranger = try #require(TestApplication().people[.agent])
        let client = try #require(test.people[.client])
        for value in [stranger.id.description, client.id.description, "nobody"] {
            let answer = try test.post(order.path + "/assign", ["assigned_to": value])
            #expect(answer.status == 404)
        }
        #expect(try test.read { try $0.order(order.id).assignedTo } == nil)
    }

    /// Makes the person with the role of a client that client.
    private func become(_ client: Client) throws {
        let person = try #require(test.people[.client])
        try test.write { transaction in
            try transaction.run(
                """
                UPDATE memberships SET client_id = \(client.id)
                WHERE organisation_id = \(transaction.organisation) AND user_id = \(person.id)
                """)
        }
    }

    @Test func aClientSeesTheirOwnDocumentsAndNoDraft() throws {
        let (mine, other) = (try test.client("Aubrac"), try test.client("Brethes"))
        try become(mine)
        let sent = try test.write { try $0.markQuoteSent(test.quote(for: mine).id) }
        let draft = try test.quote(for: mine)
        let theirs = try test.write { try $0.markQuoteSent(test.quote(for: other).id) }
        let browser = test.browser(as: .client)
        try browser.get("/")
        #expect(browser.address == "/my-documents")
        #expect(browser.text.contains(sent.number))
        #expect(!browser.text.contains(draft.number) && !browser.text.contains(theirs.number))
        let link = try #require(browser.text.firstMatch(of: /href="(\/shared\/[^"]+)"/))
        #expect(try test.get(String(link.output.1), as: nil).status == 200)
        for path in ["/quotes", sent.path, mine.path, "/clients", "/journal", "/orders"] {
            #expect([403, 404].contains(try test.get(path, as: .client).status), "\(path)")
        }
    }

    @Test func somebodyWithoutAClientReadsThatThereIsNothing() throws {
        #expect(try test.get("/my-documents", as: .client).text.contains("Rien à lire"))
    }

    @Test func aClientIsInvitedFromTheirPageAndComesInAsThatClient() throws {
        let client = try test.client("Aubrac")
        let email = "lea-\(UniqueID.make(at: .now))@aubrac.example"
        let owner = test.browser()
        try owner.get(client.path + "/access")
        try owner.submit(client.path + "/access", ["name": "Léa Aubrac", "email": email])
        #expect(owner.status == 200)
        let token = Random.token()
        let user = try test.write { transaction in
            try transaction.run(
                """
                UPDATE invitations SET token_hash = \(Session.hash(token))
                WHERE organisation_id = \(transaction.organisation) AND email = \(email)
                """)
            return try transaction.accept(token: token, name: "Léa Aubrac", password: "-")
        }
        let colleague = try test.read { try $0.colleague(user) }
        #expect(colleague.role == .client && colleague.client == client.id.value)
        #expect(try test.get(client.path + "/access").text.contains("Léa Aubrac"))
        let form: KeyValuePairs = ["role": "agent"]
        #expect(
            try test.post("/settings/colleagues/\(user)", form).status == 409,
            "a client becomes no colleague")
    }

    @Test func whoeverMayNotReadNotesSeesNoneAndEmptiesNone() throws {
        let client = try test.client { $0.notes = "Paie toujours en retard" }
        let role = try test.write {
            try $0.createRole(
                CustomRoleDraft(name: "Accueil", permissions: [.writeClients, .writePurchases]))
        }
        let agent = try #require(test.people[.agent])
        _ = try test.post(
            "/settings/colleagues/\(agent.id)", ["role": role.id.description])
        #expect(!(try test.get(client.path, as: .agent).text.contains("toujours en retard")))
        let browser = test.browser(as: .agent)
        try browser.get(client.path + "/edit")
        #expect(!browser.text.contains("name=\"notes\""))
        try browser.submit(client.path, ["name": "Aubrac et fils"])
        let after = try test.read { try $0.client(client.id) }
        #expect(after.name == "Aubrac et fils" && after.notes == "Paie toujours en retard")
    }

    @Test func whoeverMayNotSeeBankDetailsSeesNoneAndChangesNone() throws {
        let supplier = try test.write { transaction in
            var draft = SupplierDraft(name: "Fournitures du Rhône")
            draft.iban = "FR7630006000011234567890189"
            return try transaction.createSupplier(draft)
        }
        let role = try test.write {
            try $0.createRole(CustomRoleDraft(name: "Achats", permissions: [.writePurchases]))
        }
        let agent = try #require(test.people[.agent])
        _ = try test.post(
            "/settings/colleagues/\(agent.id)", ["role": role.id.description])
        #expect(!(try test.get(supplier.path, as: .agent).text.contains("0189")))
        let browser = test.browser(as: .agent)
        try browser.get(supplier.path + "/edit")
        try browser.submit(supplier.path, ["name": "Fournitures"])
        let after = try test.read { try $0.supplier(supplier.id) }
        #expect(after.name == "Fournitures" && after.iban == supplier.iban)
        let form: KeyValuePairs = [
            "name": "Fournitures", "country": "FR", "iban": "FR7630004000031234567890143",
        ]
        let answer = try test.post(supplier.path, form, as: .agent)
        #expect(answer.status == 422 && answer.text.contains("bancaires"))
    }
}
