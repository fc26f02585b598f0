import Basics
import Database
import TestSupport
import WebClient

@testable import Core
@testable import Sales
@testable import comptoir

/// An organisation with records of every kind and state, made through the verbs, for tests that visit
/// every page and send every form.
struct FilledOrganisation {
    let test: TestApplication
    let client: Client
    let item: Item

    private static let rate = VATRate(.standard, Percentage(hundredths: 2000))

    init(
        clientName: String = "Menuiserie Aubrac", language: Language = .french,
        pool: Pool = TestDatabase.pool
    ) throws {
        test = try TestApplication(
            all: capabilities, language: language, pool: pool,
            webClient: WebClient(allowsLoopback: true))
        client = try test.write { transaction in
            var draft = ClientDraft(
                name: clientName, kind: .company,
                address: PostalAddress(
                    street: "14 rue des Artisans", postalCode: "69100", city: "Villeurbanne",
                    country: "FR"), language: .french)
            draft.email = "compta@aubrac.example"
            draft.siren = "552100554"
            return try transaction.createClient(draft)
        }
        item = try test.write {
            try $0.createItem(
                ItemDraft(
                    reference: "DRONE-1", kind: .service, label: "Vue aérienne", unit: .day,
                    unitPrice: UnitPrice(millionths: 450_000_000), vat: Self.rate))
        }
        try fill()
        try keepDocuments()
    }

    /// Once more of everything.
    func fill() throws {
        try fillClients()
        try fillQuotesAndOrders()
        try fillInvoices()
        try fillMails()
        try fillWebhooks()
    }

    /// Whoever asks first for a document has it made; here it is there, as it is a moment after the issue.
    private func keepDocuments() throws {
        try test.write { transaction in
            let issued: [Invoice.ID] = try transaction.values(
                """
                SELECT id FROM invoices
                WHERE organisation_id = \(transaction.organisation) AND status = 'issued'
                    AND origin = 'comptoir' AND kind <> 'opening_balance'
                """)
            for id in issued { _ = try transaction.keptDocument(of: transaction.invoice(id)) }
        }
    }

    private func fillClients() throws {
        let number = UniqueID.make(at: test.clock.now)
        let path = "/clients/\(client.id)"
        try sent("\(path)/contacts", ["name": "Jeanne Roux", "email": "jeanne@aubrac.example"])
        try sent("\(path)/addresses", ["label": "Atelier", "city": "Lyon", "country": "FR"])
        try sent(
            "/settings/colleagues",
            ["name": "Léa Brun", "email": "lea-\(number)@altavista.example", "role": "agent"],
            answering: 200)
        try sent(
            "/settings/colleagues",
            ["name": "Marc Petit", "email": "marc-\(number)@altavista.example", "role": "agent"],
            answering: 200)
        try sent(
            "/account/tokens", ["name": "Boutique", "scope": "clients:read"], answering: 200)
        try test.write { transaction in
            let leaving = try transaction.colleagues().first {
                $0.name == "Marc Petit" && !$0.isArchived
            }
            try leaving.map { try transaction.archiveColleague($0.id) }
            try transaction.saveLogo(Logo(uploaded: Identity.logo ?? []))
            let gone = ClientDraft(
                name: "Ancien client", kind: .person, address: PostalAddress(country: "FR"),
                language: .french)
            try transaction.archiveClient(transaction.createClient(gone).id)
            let old = ItemDraft(
                kind: .product, label: "Ancien modèle", unitPrice: UnitPrice(millionths: 0),
                vat: Self.rate)
            _ = try transaction.setItem(transaction.createItem(old).id, active: false)
        }
    }

    private func fillQuotesAndOrders() throws {
        try test.write { transaction in
            _ = try quote(transaction)
            let refused = try transaction.markQuoteSent(quote(transaction).id)
            _ = try transaction.refuseQuote(refused.id, note: "Trop tard")
            _ = try transaction.markQuoteSent(quote(transaction).id)
            let accepted = try transaction.acceptQuote(quote(transaction).id)
            _ = try transaction.draftInvoice(from: accepted.id)
            _ = try transaction.acceptQuote(quote(transaction).id)
            _ = try transaction.createOrder(
                OrderDraft(
                    head: DocumentHead(client: client.id), orderedOn: transaction.today,
                    lines: [line()]))
        }
    }

    private func quote(_ transaction: Transaction) throws -> Quote {
        try transaction.createQuote(
            QuoteDraft(
                head: DocumentHead(client: client.id, subject: "Vues de la villa"),
                quotedOn: transaction.today, validUntil: transaction.today.adding(days: 30),
                lines: [line()]))
    }

    private func fillInvoices() throws {
        try test.write { transaction in
            _ = try invoice(transaction)
            let credited = try transaction.issueInvoice(invoice(transaction).id)
            let paid = try transaction.issueInvoice(invoice(transaction).id)
            _ = try transaction.issueInvoice(invoice(transaction).id)
            func pay(_ units: Int, _ parts: [PlannedAllocation] = []) throws -> Payment {
                try transaction.recordPayment(
                    PaymentDraft(
                        client: client.id, method: .transfer, day: transaction.today,
                        amount: Amount(units), settlements: parts))
            }
            _ = try pay(540_00, [PlannedAllocation(paid.id, Amount(540_00))])
            let kept = try pay(100_00)
            try transaction.refundCredit(
                .payment(kept.id),
                RefundDraft(method: .transfer, day: transaction.today, amount: Amount(10_00)))
            _ = try transaction.undoPayment(pay(50_00).id, reason: "Chèque rejeté")
            _ = try pay(540_00, [PlannedAllocation(credited.id, Amount(540_00))])
            // What was paid already becomes the client's credit.
            _ = try transaction.issueCreditNote(
                of: credited.id, CreditNoteDraft(reason: "Refait"), on: transaction.today)
            _ = try transaction.recordOpeningBalance(
                OpeningBalanceDraft(
                    client: client.id, number: "A-\(paid.number ?? "")",
                    issuedOn: transaction.today,
                    dueOn: transaction.today, amount: Amount(80_00)))
        }
    }

    private func invoice(_ transaction: Transaction) throws -> Invoice {
        try transaction.draftInvoice(InvoiceDraft(for: client.id, lines: [line()]))
    }

    private func fillMails() throws {
        let kind = Mails.sending
        try test.write { transaction in
            func mail() throws -> Mail {
                try transaction.queueMail(
                    MailDraft(
                        about: MailedRecord(
                            .client, client.id.value, label: client.name, client: client.id.value),
                        recipient: "compta@aubrac.example", subject: "Bonjour", body: "Voici.",
                        attachment: MailAttachment(name: "a.pdf", bytes: Array("%PDF".utf8))))
            }
            _ = try mail()
            try transaction.cancelMail(mail().id)
            try transaction.noteDelivery(of: mail().id)
            let failed = try mail()
            try transaction.noteDelivery(
                of: failed.id, failure: DeliveryFailure(.permanent, "550 No such user here"))
            // Mails that were written before there was a server wait. Nobody listens there.
            try transaction.run(
                """
                UPDATE organisations SET smtp_host = '127.0.0.1', smtp_port = 1,
                    smtp_security = 'none', mail_from = 'contact@altavista.example'
                WHERE id = \(transaction.organisation)
                """)
            let job = try transaction.enqueue(kind, on: failed.id.value)
            try transaction.run(
                """
                UPDATE jobs SET failed_at = \(transaction.now), last_error = '550'
                WHERE organisation_id = \(transaction.organisation) AND id = \(job)
                """)
        }
    }

    /// Nobody listens there. One is told things, one was stopped by the program.
    private func fillWebhooks() throws {
        for _ in 1...2 {
            try sent(
                "/settings/webhooks",
                ["url": "https://127.0.0.1:1/webhooks", "events": "invoice.issued"],
                answering: 200)
        }
        try test.write { transaction in
            let webhooks = try transaction.webhooks(after: nil).rows.filter(\.isActive)
            guard let told = webhooks.first, let stopped = webhooks.last else { return }
            let delivered = try transaction.sendTest(to: told.id)
            _ = try transaction.sendTest(to: told.id)
            try transaction.run(
                """
                UPDATE webhook_deliveries SET status = 'delivered', attempts = 1,
                    attempted_at = \(transaction.now), answer_status = 200, answer = 'Merci',
                    milliseconds = 12, body = '{}'
                WHERE organisation_id = \(transaction.organisation) AND id = \(delivered.id)
                """)
            try transaction.run(
                """
                UPDATE webhooks SET is_active = false, stopped_reason = 'failing'
                WHERE organisation_id = \(transaction.organisation) AND id = \(stopped.id)
                """)
        }
    }

    private func line() -> DocumentLine {
        var line = DocumentLine(
            id: ID(UniqueID.make(at: test.clock.now)), kind: .item, label: "Vue aérienne")
        line.quantity = Quantity(tenThousandths: 10_000)
        line.unit = "day"
        line.unitPrice = UnitPrice(millionths: 450_000_000)
        line.vat = Self.rate
        return line
    }

    private func sent(
        _ target: String, _ form: KeyValuePairs<String, String>, answering status: Int = 303
    ) throws {
        let answer = try test.post(target, form)
        guard answer.status == status else {
            throw NotFilled(target: target, answer: answer.status)
        }
    }

    struct NotFilled: Error {
        var target: String
        var answer: Int
    }
}
