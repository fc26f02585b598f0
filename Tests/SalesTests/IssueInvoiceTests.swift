import Basics
import Core
import Database
import Synchronization
import Testing
import TestSupport

@testable import Sales

struct IssueInvoiceTests {
    @Test func issuingGivesTheNextNumberAndFreezesEverything() throws {
        let test = try TestApplication(Invoicing.self)
        let client = try test.client()
        let invoice = try test.issued(for: client)
        #expect(invoice.number == "FACT-2026-001")
        #expect(invoice.issuedOn == Day("2026-11-21"))
        #expect(invoice.dueOn == Day("2026-12-21"))
        #expect(invoice.openAmount == Amount(12_000))
        #expect(try test.clientOpenAmount(client.id) == Amount(12_000))
        try test.change(
            "UPDATE organisations SET name = 'Autre nom' WHERE id = \(test.organisationID)")
        let page = try test.read { try $0.printedInvoice(invoice.id) }
        #expect(page.seller.name == "Alta Vista Drones SAS")
        #expect(try test.issued(for: client).number == "FACT-2026-002")
    }

    @Test func issuingTwiceIsAConflict() throws {
        let test = try TestApplication(Invoicing.self)
        let invoice = try test.issued()
        let refusal = problem { _ = try test.write { try $0.issueInvoice(invoice.id) } }
        #expect(refusal?.status == 409)
        #expect(try test.read { try $0.invoice(invoice.id).number } == invoice.number)
    }

    @Test(arguments: [
        ("seller_address", "UPDATE organisations SET city = ''" as SQL),
        ("seller_siren", "UPDATE organisations SET siren = ''"),
        ("seller_vat_number", "UPDATE organisations SET vat_number = ''"),
    ])
    func whatIsMissingOfTheSellerIsNamed(field: String, change: SQL) throws {
        let test = try TestApplication(Invoicing.self)
        let draft = try test.draft(for: try test.client())
        try test.change("\(change) WHERE id = \(test.organisationID)")
        let obstacles = try test.read { try $0.issueObstacles(draft.id, on: $0.today) }
        #expect(obstacles.map(\.field) == [field])
        #expect(obstacles.map(\.place) == [.settings])
        #expect(problem { _ = try test.write { try $0.issueInvoice(draft.id) } }?.status == 422)
    }

    @Test func aSellerWithoutVATNeedsNoVATNumber() throws {
        let test = try TestApplication(Invoicing.self)
        try test.change(
            """
            UPDATE organisations SET vat_regime = 'franchise', vat_number = ''
            WHERE id = \(test.organisationID)
            """)
        let invoice = try test.issued([test.item(vat: VATRate(.exempt))])
        let printed = try test.read { try $0.printedInvoice(invoice.id) }
        #expect(printed.mentions.contains("TVA non applicable, art. 293 B du CGI."))
        #expect(printed.columns.allSatisfy { $0.kind != .vat })
        #expect(printed.vatLines.isEmpty)
        let taxed = try test.draft(for: try test.client("Deux"))
        let refusal = problem { _ = try test.write { try $0.issueInvoice(taxed.id) } }
        #expect(refusal?.fields.map(\.field) == ["lines"])
    }

    @Test func whatIsMissingOfTheClientIsNamed() throws {
        let test = try TestApplication(Invoicing.self)
        let client = try test.client { $0.address.street = "" }
        let draft = try test.draft(for: client, [test.item(vat: VATRate(.reverseCharge))])
        let obstacles = try test.read { try $0.issueObstacles(draft.id, on: $0.today) }
        #expect(obstacles.map(\.field) == ["client_address", "client_vat_number"])
        #expect(obstacles.allSatisfy { $0.place == .client })
    }

    @Test func anEmptyDraftIsNotIssued() throws {
        let test = try TestApplication(Invoicing.self)
        let client = try test.client()
        for lines in [[], [test.text(.section, "Vide")], [test.item(price: 0)]] {
            let draft = try test.draft(for: client, lines)
            let refusal = problem { _ = try test.write { try $0.issueInvoice(draft.id) } }
            #expect(refusal?.fields.map(\.field) == ["lines"])
        }
    }

    @Test func noDateIsBeforeTheLastNorInTheFuture() throws {
        let test = try TestApplication(Invoicing.self)
        let today = try #require(Day("2026-11-21"))
        _ = try test.issued(on: today.adding(days: -3))
        let draft = try test.draft(for: try test.client("Deux"))
        for day in [today.adding(days: 1), today.adding(days: -4)] {
            let refusal = problem { _ = try test.write { try $0.issueInvoice(draft.id, on: day) } }
            #expect(refusal?.fields.map(\.field) == ["day"])
        }
        let same = try test.write { try $0.issueInvoice(draft.id, on: today.adding(days: -3)) }
        #expect(same.number == "FACT-2026-002")
    }

    @Test func theDayIsThatOfParis() throws {
        // 23:30 of 30 November by UTC, 00:30 of 1 December in Paris.
        let clock = TestClock(Instant(seconds: 1_796_081_400))
        let test = try TestApplication(Invoicing.self, clock: clock)
        let invoice = try test.issued()
        #expect(invoice.issuedOn == Day("2026-12-01"))
    }

    @Test func sixteenThreadsWithFailuresLeaveNoGap() async throws {
        let test = try TestApplication(Invoicing.self)
        let client = try test.client()
        let drafts = try (0..<160).map { _ in try test.draft(for: client) }
        struct Fault: Error {}
        @Sendable func issue(_ thread: Int) -> [String] {
            drafts.indices.filter { $0 % 16 == thread }.compactMap { index in
                let issued = try? test.write { transaction in
                    let issued = try transaction.issueInvoice(drafts[index].id)
                    // Every third fails after its number was taken.
                    if index % 3 == 0 { throw Fault() }
                    return issued
                }
                return issued?.number
            }
        }
        let issued = await withTaskGroup(of: [String].self) { group in
            for thread in 0..<16 { group.addTask { issue(thread) } }
            return await group.reduce(into: []) { $0 += $1 }
        }
        let expected = drafts.indices.filter { $0 % 3 != 0 }.count
        #expect(issued.sorted() == (1...expected).map { "FACT-2026-" + padded($0, 3) })
    }

    @Test func anOrderIsNotInvoicedTwiceByTwoPeopleAtOnce() async throws {
        let test = try TestApplication(Invoicing.self)
        let order = try test.order(for: try test.client(), [test.item(quantity: 50_000)])
        let made = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (try? test.write { try $0.draftInvoice(from: order) }) != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(made == 1)
    }

    @Test func anImportedOrOpeningDocumentDoesNotHoldTheSeriesBack() throws {
        let test = try TestApplication(Invoicing.self)
        let client = try test.client()
        let today = try #require(Day("2026-11-21"))
        let opening = try test.write {
            try $0.recordOpeningBalance(
                OpeningBalanceDraft(
                    client: client.id, number: "ANC-77", issuedOn: today,
                    dueOn: today.adding(days: 10), amount: Amount(5_000)))
        }
        #expect(opening.number == "ANC-77")
        #expect(try test.clientOpenAmount(client.id) == Amount(5_000))
        let invoice = try test.issued(for: client, on: today.adding(days: -30))
        #expect(invoice.number == "FACT-2026-001")
    }
}
