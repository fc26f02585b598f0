import Basics
import Core
import Testing
import TestSupport

@testable import Sales

struct CreditNoteTests {
    @Test func aWholeCreditNoteSettlesItsInvoice() throws {
        let test = try TestApplication(Invoicing.self)
        let client = try test.client()
        let invoice = try test.issued(
            [test.text(.section, "Vols"), test.item(quantity: 15_000, price: 33), test.item("B")],
            for: client)
        let note = try test.write { try $0.issueCreditNote(of: invoice.id, CreditNoteDraft()) }
        #expect(note.number == "AV-2026-001")
        #expect(note.totalGross == invoice.totalGross)
        #expect(note.openAmount == .zero)
        let after = try test.read { try $0.invoice(invoice.id) }
        #expect(after.openAmount == .zero)
        #expect(after.creditedAmount == invoice.totalGross)
        #expect(InvoiceState.states(of: after, on: try #require(after.dueOn)) == [.credited])
        #expect(try test.clientOpenAmount(client.id) == .zero)
        let printed = try test.read { try $0.printedInvoice(note.id) }
        let number = try #require(invoice.number)
        #expect(printed.mentions.contains("Avoir sur la facture \(number) du 21 novembre 2026."))
        let again = problem {
            _ = try test.write { try $0.issueCreditNote(of: invoice.id, CreditNoteDraft()) }
        }
        #expect(again?.status == 422)
    }

    @Test func partsAddUpToTheInvoiceAndNeverToMore() throws {
        let test = try TestApplication(Invoicing.self)
        let invoice = try test.issued([
            test.item(quantity: 30_000, price: 10, discount: .amount(Amount(100)))
        ])
        let line = try test.lines(of: invoice)[0].id
        func credit(_ quantity: Int) throws -> Invoice {
            try test.write {
                try $0.issueCreditNote(
                    of: invoice.id, CreditNoteDraft(quantities: [line: Quantity(quantity)]))
            }
        }
        let first = try credit(1)
        #expect(first.totalNet == Amount(967))
        #expect(problem { _ = try credit(3) }?.fields.map(\.field) == ["quantity_\(line)"])
        let second = try credit(2)
        #expect(first.totalNet + second.totalNet == invoice.totalNet)
        let after = try test.read { try $0.invoice(invoice.id) }
        #expect(after.openAmount <= Amount(1))
        #expect(problem { _ = try credit(1) }?.status == 422)
    }

    @Test func roundingNeverCreditsMoreThanTheInvoice() throws {
        let test = try TestApplication(Invoicing.self)
        // Three times 20 % of 0.13, rounded up each, is more than 20 % of 0.39 rounded once.
        var line = test.item(quantity: 30_000)
        line.unitPrice = UnitPrice(millionths: 130_000)
        let invoice = try test.issued([line])
        let stored = try test.lines(of: invoice)[0].id
        var sum = Amount.zero
        for _ in 0..<3 {
            sum += try test.write {
                try $0.issueCreditNote(
                    of: invoice.id, CreditNoteDraft(quantities: [stored: .one]))
            }.totalGross
        }
        #expect(invoice.totalGross == Amount(47))
        #expect(sum <= invoice.totalGross)
    }

    @Test func whatWasPaidStaysTheClientsToUse() throws {
        let test = try TestApplication(Invoicing.self)
        let client = try test.client()
        let invoice = try test.issued(for: client)
        try test.write { transaction in
            let payment: ID<Client> = transaction.newID()
            try transaction.run(
                """
                INSERT INTO payments (organisation_id, id, number, client_id, direction, method,
                    paid_on, amount, currency, open_amount)
                VALUES (\(transaction.organisation), \(payment), 'PAI-1', \(client.id), 'in',
                    'transfer', \(transaction.today), 10000, 'EUR', 10000)
                """)
            try transaction.run(
                """
                INSERT INTO allocations (organisation_id, id, payment_id, invoice_id, amount)
                VALUES (\(transaction.organisation), gen_random_uuid(), \(payment),
                    \(invoice.id), 10000)
                """)
        }
        let note = try test.write { try $0.issueCreditNote(of: invoice.id, CreditNoteDraft()) }
        #expect(note.creditedAmount == Amount(2_000))
        #expect(note.openAmount == Amount(10_000))
        #expect(InvoiceState.states(of: note, on: try #require(note.dueOn)) == [.toUse])
        #expect(try test.clientOpenAmount(client.id) == Amount(-10_000))
    }

    @Test func creditedQuantitiesCanBeInvoicedAgain() throws {
        let test = try TestApplication(Invoicing.self)
        let order = try test.order(for: try test.client(), [test.item(quantity: 20_000)])
        let draft = try test.write { try $0.draftInvoice(from: order) }
        let invoice = try test.write { try $0.issueInvoice(draft.id) }
        let line = try test.lines(of: invoice)[0].id
        _ = try test.write {
            try $0.issueCreditNote(of: invoice.id, CreditNoteDraft(quantities: [line: .one]))
        }
        let again = try test.write { try $0.draftInvoice(from: order) }
        #expect(try test.lines(of: again).map(\.quantity) == [.one])
    }

    @Test func twoPeopleCannotCreditTheSameTwice() async throws {
        let test = try TestApplication(Invoicing.self)
        let invoice = try test.issued()
        let made = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    (try? test.write {
                        try $0.issueCreditNote(of: invoice.id, CreditNoteDraft())
                    }) != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(made == 1)
    }

    @Test func theBuyerIsTheOneOfTheInvoice() throws {
        let test = try TestApplication(Invoicing.self)
        let client = try test.client()
        let invoice = try test.issued(for: client)
        try test.write {
            try $0.run(
                """
                UPDATE clients SET name = 'Repreneur'
                WHERE organisation_id = \($0.organisation) AND id = \(client.id)
                """)
        }
        let note = try test.write { try $0.issueCreditNote(of: invoice.id, CreditNoteDraft()) }
        #expect(try test.read { try $0.printedInvoice(note.id).buyer.name } == "Menuiserie Aubrac")
    }

    @Test func draftsAndCreditNotesCannotBeCredited() throws {
        let test = try TestApplication(Invoicing.self)
        let client = try test.client()
        let draft = try test.draft(for: client)
        let note = try test.write {
            try $0.issueCreditNote(
                of: try $0.issueInvoice(test.draft(for: client).id).id, CreditNoteDraft())
        }
        for id in [draft.id, note.id] {
            let refusal = problem {
                _ = try test.write { try $0.issueCreditNote(of: id, CreditNoteDraft()) }
            }
            #expect(refusal?.status == 409)
        }
    }
}
