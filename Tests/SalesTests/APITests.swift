import Basics
@testable import Core
import HTTP
import TestSupport
import Testing

@testable import Sales

@Suite struct APITests {
    private static func application() throws -> TestApplication {
        try TestApplication(
            Clients.self, Catalogue.self, Quotes.self, Orders.self, Invoicing.self, Payments.self,
            Receivables.self, Sending.self)
    }

    private static let line: JSON = [
        "label": "Prise de vue", "quantity": "2.5", "unit": "day", "unit_price": "450",
        "discount_percent": "10", "vat": "S2000",
    ]

    @Test func aProgramWalksFromTheClientToThePaidInvoice() throws {
        let test = try APITests.application()
        let program = try test.program()
        let client = try program.post(
            "/clients",
            [
                "name": "Menuiserie Aubrac", "siren": "552100554", "tags": ["bois"],
                "address": [
                    "street": "14 rue des Artisans", "postal_code": "69100", "city": "Lyon",
                ],
            ])
        #expect(client.status == 201)
        let clientID = try #require(client.json?["id"]?.string)
        #expect(client.location == "/api/v1/clients/\(clientID)")
        #expect(client.json?["address"]?["city"]?.string == "Lyon")
        let quote = try program.post(
            "/quotes",
            [
                "client_id": .string(clientID), "quoted_on": "2026-11-21",
                "valid_until": "2026-12-21", "lines": [APITests.line],
            ])
        #expect(quote.status == 201, "\(quote.text)")
        // 2.5 × 450 = 1,125; less 10 % = 1,012.50; with 20 % VAT 1,215.
        #expect(quote.json?["total_gross"]?.int == 121_500)
        let quoteID = try #require(quote.json?["id"]?.string)
        let order = try program.post("/quotes/\(quoteID)/accept")
        #expect(order.status == 201, "\(order.text)")
        let orderID = try #require(order.json?["id"]?.string)
        let moved = try program.post("/orders/\(orderID)/status", ["status": "in_progress"])
        #expect(moved.json?["status"]?.string == "in_progress", "\(moved.text)")
        let draft = try program.post("/orders/\(orderID)/invoice")
        let invoiceID = try #require(draft.json?["id"]?.string)
        #expect(draft.json?["number"] == .null)
        let issued = try program.post("/invoices/\(invoiceID)/issue", ["issued_on": "2026-11-21"])
        #expect(issued.status == 200, "\(issued.text)")
        #expect(issued.json?["open_amount"]?.int == 121_500)
        #expect(issued.json?["number"]?.string?.isEmpty == false)
        let payment = try program.post(
            "/payments",
            [
                "client_id": .string(clientID), "paid_on": "2026-11-21", "amount": 121_500,
                "settlements": [["invoice_id": .string(invoiceID), "amount": 121_500]],
            ])
        #expect(payment.status == 201, "\(payment.text)")
        let paid = try program.get("/invoices/\(invoiceID)")
        #expect(paid.json?["open_amount"]?.int == 0)
        #expect(paid.json?["currency"]?.string == "EUR")
        let pdf = try program.get("/invoices/\(invoiceID)/pdf")
        #expect(pdf.text.hasPrefix("%PDF"))
        let entry = try test.read { try $0.journal(of: .invoice, UniqueID(invoiceID)!) }.first
        #expect(entry?.actorName == "Claire Monnier (Boutique)", "the journal names the token")
    }

    @Test func whatIsLeftOutOfAChangeStaysAsItWas() throws {
        let test = try APITests.application()
        let program = try test.program()
        let made = try program.post(
            "/clients",
            [
                "name": "Menuiserie Aubrac", "email": "compta@aubrac.example",
                "tags": ["bois", "lyon"], "payment_days": 45, "payment_end_of_month": true,
                "address": ["street": "14 rue des Artisans", "city": "Lyon"],
            ])
        let path = "/clients/" + (made.json?["id"]?.string ?? "")
        let changed = try program.patch(
            path, ["name": "Aubrac & Fils", "address": ["city": "Nantes"], "payment_days": nil])
        #expect(changed.status == 200, "\(changed.text)")
        #expect(changed.json?["name"]?.string == "Aubrac & Fils")
        #expect(changed.json?["email"]?.string == "compta@aubrac.example")
        #expect(changed.json?["address"]?["street"]?.string == "14 rue des Artisans")
        #expect(changed.json?["address"]?["city"]?.string == "Nantes")
        #expect(changed.json?["tags"]?.array?.count == 2)
        #expect(changed.json?["payment_days"] == .null)
        #expect(changed.json?["payment_end_of_month"]?.bool == true)
    }

    @Test func aChangeOfADocumentKeepsTheLinesThatAreSentBack() throws {
        let test = try APITests.application()
        let program = try test.program()
        let client = try test.client()
        let made = try program.post(
            "/orders",
            [
                "client_id": JSON(client.id), "ordered_on": "2026-11-21",
                "lines": [APITests.line, ["kind": "text", "label": "Deux\nlignes"]],
            ])
        #expect(made.status == 201, "\(made.text)")
        let path = "/orders/" + (made.json?["id"]?.string ?? "")
        let kept = try program.patch(path, ["subject": "Vues de la villa"])
        #expect(kept.json?["lines"] == made.json?["lines"])
        let lines = try #require(made.json?["lines"]?.array)
        let cut = try program.patch(path, ["lines": [lines[0]]])
        #expect(cut.status == 200, "\(cut.text)")
        #expect(cut.json?["lines"]?.array == [lines[0]])
        #expect(cut.json?["subject"]?.string == "Vues de la villa")
    }

    @Test func onlyTheVersionThatWasReadIsChanged() throws {
        let test = try APITests.application()
        let program = try test.program()
        let client = try test.client()
        let path = "/clients/\(client.id)"
        let tag = try #require(try program.get(path).response.headers["ETag"])
        #expect(try program.call(.patch, path, ["name": "Autre"]).status == 428)
        let changed = try program.patch(path, ["name": "Aubrac"], headers: ["If-Match": tag])
        #expect(changed.status == 200)
        let late = try program.patch(path, ["name": "Autre"], headers: ["If-Match": tag])
        #expect(late.status == 412)
        #expect(try program.get(path).json?["name"]?.string == "Aubrac")
        let same = try program.get(
            path, headers: ["If-None-Match": changed.response.headers["ETag"] ?? ""])
        #expect(same.status == 304 && same.bytes.isEmpty)
    }

    @Test func aRequestSentTwiceWithItsKeyIsCarriedOutOnce() throws {
        let test = try APITests.application()
        let program = try test.program()
        let headers: HTTPHeaders = ["Idempotency-Key": "commande-17"]
        let body: JSON = ["name": "Menuiserie Aubrac"]
        let first = try program.post("/clients", body, headers: headers)
        let second = try program.post("/clients", body, headers: headers)
        #expect(first.status == 201 && second.status == 201)
        #expect(first.bytes == second.bytes)
        #expect(second.response.headers["Idempotent-Replayed"] == "true")
        #expect(second.location == first.location)
        let other = try program.post("/clients", ["name": "Autre"], headers: headers)
        #expect(other.status == 422, "the key stands for another request")
        #expect(try program.get("/clients").json?["data"]?.array?.count == 1)
        let refused = try program.post(
            "/clients", ["name": ""], headers: ["Idempotency-Key": "vide"])
        #expect(refused.status == 422)
        let mended = try program.post(
            "/clients", ["name": "Notaires Faure"], headers: ["Idempotency-Key": "vide"])
        #expect(mended.status == 201, "what was refused leaves its key free")
    }

    @Test func manyProgramsWithOneKeyMakeOneRecord() async throws {
        let test = try APITests.application()
        let program = try test.program()
        let client = try test.client()
        let body: JSON = ["client_id": JSON(client.id), "lines": [APITests.line]]
        let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
            for _ in 0..<32 {
                group.addTask {
                    try program.post("/invoices", body, headers: ["Idempotency-Key": "facture-1"])
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.allSatisfy { $0.status == 201 || $0.status == 409 })
        #expect(Set(answers.compactMap(\.location)).count == 1)
        #expect(try program.get("/invoices?view=drafts").json?["data"]?.array?.count == 1)
    }

    @Test func whatIsWrongIsNamedByItsPlace() throws {
        let test = try APITests.application()
        let program = try test.program()
        let client = try test.client()
        func pointers(_ answer: Answer) -> [String] {
            answer.json?["errors"]?.array?.compactMap { $0["pointer"]?.string } ?? []
        }
        let wrong = try program.post(
            "/quotes",
            [
                "client_id": 12, "quoted_on": "21/11/2026", "valid_until": "2026-12-21",
                "colour": "blue", "lines": [["label": "A", "quantity": 2]],
            ])
        #expect(wrong.status == 422)
        #expect(wrong.response.headers["Content-Type"] == "application/problem+json")
        #expect(
            Set(pointers(wrong)) == ["/client_id", "/quoted_on", "/colour", "/lines/0/quantity"])
        let deeper = try program.post(
            "/quotes",
            [
                "client_id": JSON(client.id), "quoted_on": "2026-11-21",
                "valid_until": "2026-11-01",
                "lines": [["label": "A", "unit_price": "10", "vat": "S9"]],
            ])
        #expect(deeper.status == 422)
        #expect(Set(pointers(deeper)).isSuperset(of: ["/valid_until"]), "\(deeper.text)")
        let address = try program.post(
            "/clients", ["name": "A", "address": ["country": "XX"], "siren": "123456789"])
        #expect(Set(pointers(address)) == ["/address/country", "/siren"])
        let broken = try program.call(
            .post, "/clients", nil, headers: ["Content-Type": "text/plain"])
        #expect(broken.status == 415 || broken.status == 422)
    }

    @Test func aTokenDoesNoMoreThanItsScopesAndItsPersonAllow() throws {
        let test = try APITests.application()
        let reader = try test.program(scopes: ["clients:read"])
        #expect(try reader.get("/clients").status == 200)
        #expect(try reader.post("/clients", ["name": "Aubrac"]).status == 403)
        #expect(try reader.get("/invoices").status == 403)
        let accountant = try test.program(as: .accountant)
        #expect(try accountant.post("/clients", ["name": "Aubrac"]).status == 403)
        let nobody = try reader.get("/clients", headers: ["Authorization": "Bearer ct_0"])
        #expect(nobody.status == 401)
        #expect(nobody.response.headers["WWW-Authenticate"] == "Bearer error=\"invalid_token\"")
        let session = try test.get("/api/v1/clients")
        #expect(session.status == 401, "a browser's session opens no API")
    }

    @Test func methodsParametersAndPathsThatAreNotThereAreRefused() throws {
        let test = try APITests.application()
        let program = try test.program()
        let method = try program.call(.delete, "/clients")
        #expect(method.status == 405)
        #expect(method.response.headers["Allow"] == "GET, HEAD, POST")
        #expect(try program.get("/clients?colour=blue").status == 422)
        #expect(try program.get("/clients?sort=colour").status == 422)
        #expect(try program.get("/clients?after=zz").status == 422)
        #expect(try program.get("/nothing").status == 404)
        #expect(try program.get("/clients/nothing").status == 404)
        #expect(try program.get("/clients/new").status == 404)
    }

    @Test func otherOrganisationsRecordsAreNotThere() throws {
        let (one, other) = (try APITests.application(), try APITests.application())
        let client = try one.client()
        let program = try other.program()
        let path = "/clients/\(client.id)"
        #expect(try program.get(path).status == 404)
        #expect(
            try program.call(.patch, path, ["name": "A"], headers: ["If-Match": "\"1\""]).status
                == 404)
        #expect(try program.post(path + "/archive").status == 404)
    }

    @Test func draftsAreRemovedAndIssuedInvoicesAreNot() throws {
        let test = try APITests.application()
        let program = try test.program()
        let draft = try test.draft(for: test.client())
        let gone = try program.call(.delete, "/invoices/\(draft.id)")
        #expect(gone.status == 204 && gone.bytes.isEmpty)
        #expect(try program.get("/invoices/\(draft.id)").status == 404)
        let invoice = try test.issued()
        #expect(try program.call(.delete, "/invoices/\(invoice.id)").status == 409)
        let line = try #require(
            try program.get("/invoices/\(invoice.id)").json?["lines"]?.array?.first?["id"])
        let note = try program.post(
            "/invoices/\(invoice.id)/credit-notes",
            ["issued_on": "2026-11-21", "lines": [["line_id": line, "quantity": "1"]]])
        #expect(note.status == 201, "\(note.text)")
        #expect(note.json?["kind"]?.string == "credit_note")
    }

    @Test func aListLeadsToItsNextPage() throws {
        let test = try APITests.application()
        let program = try test.program()
        for number in 0..<60 { try test.client("Client \(number)") { $0.siren = "" } }
        let first = try program.get("/clients?sort=-name")
        let link = try #require(first.response.headers["Link"])
        #expect(link.hasSuffix("; rel=\"next\""))
        let next = try #require(link.split(separator: ">").first).dropFirst("</api/v1".count)
        let second = try program.get(String(next))
        #expect(second.json?["data"]?.array?.count == 10)
        #expect(second.response.headers["Link"] == nil)
    }

    @Test func theDescriptionNamesEveryOperationOnce() throws {
        let test = try APITests.application()
        let document = try #require(try test.get("/api/openapi.json", as: nil).json)
        let operations = (document["paths"]?.members ?? []).flatMap { $0.1.members ?? [] }
        #expect(operations.count == test.application.apiRoutes.count)
        let names = operations.compactMap { $0.1["operationId"]?.string }
        #expect(Set(names).count == operations.count)
    }
}
