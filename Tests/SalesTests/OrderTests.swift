import Basics
import Core
import TestSupport
import Testing

@testable import Sales

struct OrderTests {
    @Test func transitionsAreThoseOfTheTableAndNoOthers() throws {
        let test = try TestApplication.forDocuments()
        for status in OrderStatus.allCases {
            for wanted in OrderStatus.allCases {
                let order = try test.newOrder()
                try force(order, to: status, test)
                let answer = try test.post(order.path + "/status", ["status": wanted.rawValue])
                let expected = status.next.contains(wanted) ? 303 : 409
                #expect(answer.status == expected, "\(status) → \(wanted)")
                let now = try test.read { try $0.order(order.id) }
                #expect(now.status == (expected == 303 ? wanted : status))
                #expect((now.completedAt != nil) == (expected == 303 && wanted == .completed))
            }
        }
        let order = try test.newOrder()
        #expect(try test.post(order.path + "/status", ["status": "lost"]).status == 422)
    }

    @Test func theHistoryTellsEachStepAndWhatTheConsoleDid() throws {
        let test = try TestApplication.forDocuments()
        let order = try test.newOrder()
        for status in ["confirmed", "in_progress", "suspended"] {
            #expect(try test.post(order.path + "/status", ["status": status]).status == 303)
            test.clock.advance(seconds: 60)
        }
        try force(order, to: .cancelled, test)
        let changes = try test.read { try $0.statusChanges(of: .order, order.id.value) }
        #expect(
            changes.map(\.after) == [
                "cancelled", "suspended", "in_progress", "confirmed", "draft",
            ])
        let page = try test.get(order.path).text
        #expect(page.contains("a suspendu la commande"))
        #expect(page.contains("<del>Suspendue</del> → <ins>Annulée</ins>"))
        #expect(faultsOfMarkup(page).isEmpty)
    }

    @Test func anOrderIsWrittenChangedAndConfirmedInOneGo() throws {
        let test = try TestApplication.forDocuments()
        let client = try test.client()
        let form = test.orderForm(client, ["op": "confirm", "due_on": "2026-12-01"])
        let path = try #require(try test.respond(.post, "/orders", form: form).location)
        let page = try test.get(path)
        #expect(page.text.contains("CMD-2026-0001"))
        #expect(page.text.contains("Confirmée"))
        #expect(page.text.contains("Haute"))
        let change = test.orderForm(client, ["version": "2", "lines[0][quantity]": "3"])
        #expect(try test.respond(.post, path, form: change).status == 303)
        #expect(try test.get(path).text.contains("1\u{202F}458,00"))
    }

    @Test(arguments: [
        ("due_on", "2026-11-20"), ("due_on", "demain"), ("ordered_on", ""), ("priority", "fire"),
        ("client", ""), ("lines[0][quantity]", "0"),
    ])
    func aWrongFieldIsNamed(field: String, value: String) throws {
        let test = try TestApplication.forDocuments()
        let form = test.orderForm(try test.client(), [field: value])
        let answer = try test.respond(.post, "/orders", form: form)
        #expect(answer.status == 422)
        let id =
            "f-" + field.map { $0.isLetter || $0.isNumber || $0 == "_" ? String($0) : "-" }.joined()
        #expect(answer.text.contains("id=\"\(id)-e\""))
        #expect(try test.count(.orders) == 0)
    }

    @Test func aClosedOrderIsNotEdited() throws {
        let test = try TestApplication.forDocuments()
        let order = try test.newOrder()
        let client = try test.read { try $0.client(order.clientID) }
        try force(order, to: .completed, test)
        #expect(try test.get(order.path + "/edit").status == 409)
        #expect(try test.respond(.post, order.path, form: test.orderForm(client)).status == 409)
    }

    @Test func whatIsInvoicedStaysInTheOrder() throws {
        let test = try TestApplication.forDocuments()
        let order = try test.newOrder([test.item("Film", quantity: 50_000), test.item("Photos")])
        _ = try test.write { try $0.moveOrder(order.id, to: .confirmed) }
        let draft = try test.write { try $0.draftInvoice(from: order.id) }
        let client = try test.read { try $0.client(order.clientID) }
        let lines = try test.read { try $0.lines(of: .order, order.id.value) }
        let less = test.orderForm(
            client, ["lines[0][id]": lines[0].id.description, "lines[0][quantity]": "5"])
        let cut = try test.respond(.post, order.path, form: less)
        #expect(cut.status == 409, "the line of photos is gone too")
        let both = [
            "lines[0][id]": lines[0].id.description, "lines[0][quantity]": "4,9999",
            "lines[1][id]": lines[1].id.description, "lines[1][label]": "Photos",
            "lines[1][quantity]": "1", "lines[1][unit_price]": "100", "lines[1][vat]": "S2000",
        ]
        let smaller = try test.respond(.post, order.path, form: test.orderForm(client, both))
        #expect(smaller.status == 422)
        #expect(smaller.text.contains("Déjà facturé : 5"))
        let more = both.merging(["lines[0][quantity]": "6"]) { $1 }
        let form = test.orderForm(client, more)
        #expect(try test.respond(.post, order.path, form: form).status == 303)
        let page = try test.get(order.path).text
        #expect(page.contains("/invoices/\(draft.id)"))
        #expect(try test.post(order.path + "/status", ["status": "cancelled"]).status == 409)
        let other = test.orderForm(try test.client("Autre"), more)
        #expect(try test.respond(.post, order.path, form: other).status == 422)
    }

    @Test func lateOrdersHaveAViewOfTheirOwn() throws {
        let test = try TestApplication.forDocuments()
        let today = try test.read { $0.today }
        let late = try test.newOrder(due: today.adding(days: 1))
        let done = try test.newOrder(due: today.adding(days: 1))
        _ = try test.write { try $0.moveOrder(late.id, to: .confirmed) }
        try force(done, to: .completed, test)
        #expect(!(try test.get("/orders?view=late").text.contains(late.number)))
        test.clock.advance(seconds: 3 * 86_400)
        let list = try test.get("/orders?view=late").text
        #expect(list.contains(late.number))
        #expect(!list.contains(done.number))
        #expect(try test.get(late.path).text.contains("En retard de 2"))
    }

    @Test func aCopyIsADraftWithoutWhatWasInvoiced() throws {
        let test = try TestApplication.forDocuments()
        let order = try test.newOrder()
        _ = try test.write { try $0.moveOrder(order.id, to: .confirmed) }
        _ = try test.write { try $0.draftInvoice(from: order.id) }
        #expect(try test.post(order.path + "/duplicate").status == 303)
        let copy = try #require(
            try test.read { try $0.orders(of: order.clientID, most: 9) }.first { $0.id != order.id }
        )
        #expect(copy.status == .draft)
        #expect(copy.quoteID == nil)
        let lines = try test.read { try $0.lines(of: .order, copy.id.value) }
        #expect(lines.allSatisfy { $0.invoicedQuantity == .zero })
    }

    @Test func anotherOrganisationSeesNothing() throws {
        let (test, other) = (try TestApplication.forDocuments(), try TestApplication.forDocuments())
        let order = try test.newOrder()
        #expect(try other.get(order.path).status == 404)
        #expect(try other.get(order.path + "/edit").status == 404)
        for path in ["", "/status", "/duplicate", "/delete"] {
            let form = [("status", "confirmed"), ("confirmed", "1")]
            #expect(try other.respond(.post, order.path + path, form: form).status == 404)
        }
        #expect(try other.get("/orders/0190f0a0").status == 404)
    }

    @Test func theListIsNarrowedSortedAndExported() throws {
        let test = try TestApplication.forDocuments()
        let order = try test.newOrder()
        for query in [
            "?q=villa", "?q=aubrac", "?view=draft", "?priority=normal", "?from=2026-11-21",
            "?period=month",
            "?client=\(order.clientID)", "?sort=due", "?sort=-client", "?after=nonsense",
        ] {
            #expect(try test.get("/orders" + query).text.contains(order.number), "\(query)")
        }
        for query in [
            "?q=inconnu", "?view=completed", "?priority=urgent", "?to=2020-01-01",
            "?period=last_year",
        ] {
            let page = try test.get("/orders" + query).text
            #expect(page.contains("Aucune commande ne correspond"), "\(query)")
        }
        #expect(try test.get("/orders/export").text.contains(order.number))
    }

    private func force(_ order: Order, to status: OrderStatus, _ test: TestApplication) throws {
        _ = try test.write {
            try $0.run(
                """
                UPDATE orders SET status = \(status)
                WHERE organisation_id = \($0.organisation) AND id = \(order.id)
                """)
        }
    }
}
