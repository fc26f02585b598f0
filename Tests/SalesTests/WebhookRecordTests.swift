import Basics
import TestSupport
import Testing

@testable import Core
@testable import Sales

@Suite(.serialized)
struct WebhookRecordTests {
    @Test func anIssuedInvoiceIsToldAsTheAPIAnswersIt() throws {
        let receiver = try Receiver(Clients.self, Catalogue.self, Invoicing.self)
        let (id, _) = try receiver.webhook("/200", ["invoice.issued"])
        let invoice = try receiver.test.issued()
        try receiver.follow(until: 1, of: id)
        try receiver.runJobs()
        let request = try #require(try receiver.sink.requests().first)
        let read = try receiver.test.program().get("/invoices/\(invoice.id)")
        #expect(read.status == 200)
        #expect(request.json["type"] == "invoice.issued")
        #expect(request.json["data"] == read.json)
        #expect(request.json["data"]?["number"]?.string == invoice.number)
    }

    @Test func aRecordThatIsGoneIsToldByItsName() throws {
        let receiver = try Receiver(Clients.self, Catalogue.self, Invoicing.self)
        let (id, _) = try receiver.webhook("/200", ["invoice.drafted"])
        let client = try receiver.test.client()
        let draft = try receiver.test.draft(for: client)
        try receiver.test.write { try $0.deleteInvoiceDraft(draft.id) }
        try receiver.follow(until: 1, of: id)
        try receiver.runJobs()
        let data = try #require(try receiver.sink.requests().first).json["data"]
        #expect(data?["kind"] == "invoice")
        #expect(data?["id"]?.string == draft.id.description)
        #expect(data?["number"] == nil)
    }
}
