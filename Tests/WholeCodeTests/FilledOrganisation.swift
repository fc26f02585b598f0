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

    static let supplierAccount = "FR1420041010050500013M02606"
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
        try connectPlatform()
        try fill()
        try keepDocuments()
        try receiveInvoices()
        try hearThePlatform()
    }

    /// Once more of everything.
    func fill() throws {
        try fillClients()
        try fillQuotesAndOrders()
        try fillInvoices()
        try fillDeposits()
        try fillRecurringInvoices()
        try fillMails()
        try fillWebhooks()
        try fillImports()
        try fillBooks()
        try fillPasskeys()
    }

    private func fillPasskeys() throws {
        let browser = test.browser()
        try browser.add(SoftwareAuthenticator(), browser.askToAddPasskey())
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

    /// What was issued comes back as if others had sent it: one waits, one is approved, one refused.
    private func receiveInvoices() throws {
        let xml: String = try test.read { transaction in
            try transaction.value(
                """
                SELECT cii FROM kept_documents
                WHERE organisation_id = \(transaction.organisation) AND cii IS NOT NULL LIMIT 1
                """) ?? ""
        }
        // Suppliers have an account of their own.
        let theirs = xml.replacing("FR7630006000011234567890189", with: Self.supplierAccount)
        let files = try (1...3).map { number in
            try IncomingInvoice(
                Array((theirs + "<!-- \(number) -->").utf8), named: "facture-\(number).xml",
                by: test.application.program)
        }
        try test.write { transaction in
            let received = try files.map {
                try transaction.receiveInvoice($0, by: .upload).invoice
            }
            let linked = try transaction.createSupplier(from: received[0].id)
            if let id = linked.supplierID {
                let supplier = try transaction.supplier(id)
                var draft = SupplierDraft(name: supplier.name)
                (draft.siren, draft.vatNumber) = (supplier.siren, supplier.vatNumber)
                (draft.address, draft.iban) = (supplier.address, Self.supplierAccount)
                _ = try transaction.updateSupplier(id, draft, version: nil)
            }
            try transaction.handleReceivedInvoice(received[1].id, SaidStatus(.approved))
            try transaction.handleReceivedInvoice(
                received[2].id, SaidStatus(.refused, reasonCode: "TX_TVA_ERR", reason: "5,5 %"))
        }
    }

    /// Nobody listens there: what is issued waits.
    private func connectPlatform() throws {
        try sent(
            "/settings/platform",
            [
                "flow_url": "https://127.0.0.1:1/flow-service",
                "token_url": "https://127.0.0.1:1/token", "client_id": "alta-vista",
                "client_secret": "secret", "since": "2020-01-01", "is_active": "on",
            ])
    }

    /// One flow was not wanted, one invoice is suspended by its client.
    private func hearThePlatform() throws {
        try test.write { transaction in
            let flows = try transaction.platformFlows(in: ["waiting"], most: 2)
            guard flows.count == 2, let suspended = flows[1].invoiceID else { return }
            try transaction.run(
                """
                UPDATE platform_flows SET state = 'failed', problem = '{"fr": "422", "en": "422"}'
                WHERE organisation_id = \(transaction.organisation) AND id = \(flows[0].id)
                """)
            try transaction.noteStatus(SaidStatus(.filed), ofSent: suspended)
            try transaction.noteStatus(
                SaidStatus(.suspended, reasonCode: "JUSTIF_ABS"), ofSent: suspended)
        }
    }

    private func fillClients() throws {
        let number = UniqueID.make(at: test.clock.now)
        let path = "/clients/\(client.id)"
        try sent("\(path)/contacts", ["name": "Jeanne Roux", "email": "jeanne@aubrac.example"])
        try sent("\(path)/addresses", ["label": "Atelier", "city": "Lyon", "country": "FR"])
        try sent(
            "/settings/colleagues",
            ["name": "Nora Diallo", "email": "nora-\(number)@altavista.example", "role": "agent"])
        try sent("/settings/roles", ["name": "Accueil \(number)", "permission": "readClients"])
        try sent(
            "\(path)/access",
            ["name": "Jeanne Roux", "email": "jeanne-\(number)@aubrac.example"])
        try test.write { transaction in
            for name in ["Léa Brun", "Marc Petit"] {
                let id: User.ID = transaction.newID()
                try transaction.connection.createUser(
                    id: id, email: "\(id)@altavista.example", name: name, passwordHash: "none")
                try transaction.connection.addMembership(
                    id, to: transaction.organisation, as: .agent)
            }
        }
        try sent(
            "/account/tokens", ["name": "Boutique", "scope": "clients:read"], answering: 200)
        try sent(
            "/settings/tokens", ["name": "Caisse", "scope": "clients:read"], answering: 200)
        try sent(
            "/settings/company-sign-in",
            [
                "issuer": "https://login.altavista.example", "client_id": "comptoir",
                "client_secret": "secret",
            ])
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

    /// One that is expected, one paid in part, one paid and deducted, one cancelled.
    private func fillDeposits() throws {
        try test.write { transaction in
            func ask() throws -> DepositRequest {
                let order = try transaction.acceptQuote(quote(transaction).id)
                return try transaction.requestDeposit(
                    on: order.id,
                    DepositRequestDraft(
                        .percent(Percentage(hundredths: 3000)), dueOn: transaction.today,
                        message: "Merci"))
            }
            func receive(_ units: Int, for request: DepositRequest) throws {
                _ = try transaction.receiveDeposit(
                    request.id,
                    RefundDraft(
                        method: .transfer, day: transaction.today, amount: Amount(units)))
            }
            _ = try ask()
            try receive(50_00, for: ask())
            let paid = try ask()
            try receive(paid.amount.minorUnits, for: paid)
            _ = try transaction.draftInvoice(from: paid.orderID)
            _ = try transaction.cancelDepositRequest(ask().id, note: "Payé à la livraison")
        }
    }

    private func fillRecurringInvoices() throws {
        try test.write { transaction in
            func make(_ end: Day? = nil) throws -> RecurringInvoice {
                try transaction.createRecurringInvoice(
                    RecurringInvoiceDraft(
                        head: DocumentHead(client: client.id, subject: "Entretien"),
                        schedule: RecurringSchedule(
                            .monthly, from: transaction.today, to: end,
                            dayOfMonth: transaction.today.dayOfMonth),
                        delivery: .issue, lines: [line()]))
            }
            try transaction.runRecurringInvoice(make().id)
            _ = try transaction.pauseRecurringInvoice(make().id)
            try transaction.runRecurringInvoice(make(transaction.today).id)
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

    /// Months long before anything else, so that they close nothing that others need, and archives in
    /// each state.
    private func fillBooks() throws {
        try test.write { transaction in
            let first = transaction.today.firstOfYear.adding(months: -12 * 25)
            let next = try transaction.lastClosedDay(.month)?.adding(days: 1)
            try transaction.closePeriod(ClosingDraft(kind: .month, startsOn: next ?? first))
            let days = transaction.today.firstOfYear...transaction.today
            try transaction.askForArchive(days)
            try transaction.end(transaction.askForArchive(days), .failed, problem: "disk full")
        }
    }

    /// Files of each kind, and one in each state that an import passes through.
    private func fillImports() throws {
        let tag = UniqueID.make(at: test.clock.now).description.suffix(12)
        let clients = """
            Code client;Nom;E-mail;Contact
            K-\(tag);Reprise \(tag);reprise-\(tag)@aubrac.example;Jeanne Roux
            ;Autre \(tag);faux;
            """
        _ = try received(.clients, clients)
        _ = try mapped(.clients, clients.replacing("K-", with: "L-"))
        let ready = try mapped(.clients, clients)
        try step(ready) { _ = try $0.checkImport($1) { _ in } }
        let failed = try mapped(.clients, "Nom;Ville\n\"")
        try test.write { transaction in
            try transaction.run(
                """
                UPDATE imports SET state = 'failed', fault = '{"fr": "Illisible", "en": "Unreadable"}'
                WHERE organisation_id = \(transaction.organisation) AND id = \(failed.id)
                """)
        }
        let items = "Référence;Désignation;Prix;TVA\nR-\(tag);Vis;1,50;20\n"
        let invoices = """
            Numéro;Code client;Date;Échéance;Total TTC
            F-\(tag);K-\(tag);2026-10-01;2026-10-31;120,00
            """
        let card = "BEGIN:VCARD\nFN:Zoé \(tag)\nORG:Reprise \(tag)\nEND:VCARD\n"
        for (kind, text) in [
            (ImportKind.clients, clients), (.clients, clients.replacing("Reprise", with: "Repris")),
            (.items, items), (.items, items.replacing("1,50", with: "2")), (.invoices, invoices),
            (.contacts, card),
        ] {
            let found = try mapped(kind, text)
            try step(found) { _ = try $0.runImport($1) { _ in } }
        }
        for state in [Import.State.importing, .undoing] {
            let last = try mapped(.clients, "Nom\n\(state.rawValue) \(tag)\n")
            try step(last) { _ = try $0.checkImport($1) { _ in } }
            try test.write { try $0.startImport(last.id) }
            guard state == .undoing else { continue }
            try step(last) { _ = try $0.runImport($1) { _ in } }
            try test.write { try $0.startUndoing(last.id) }
        }
        let undone = try mapped(.clients, "Nom\nrepris \(tag)\n")
        try step(undone) { _ = try $0.runImport($1) { _ in } }
        try test.write { try $0.startUndoing(undone.id) }
        try step(undone) { try $0.undoImport($1) }
    }

    private func received(_ kind: ImportKind, _ text: String) throws -> Import {
        let bytes = Array(text.utf8)
        return try test.write { transaction in
            try transaction.createImport(
                kind, fileName: "reprise.\(kind.rawValue).csv", among: []
            ) { try $0(bytes[...]) }
        }
    }

    private func mapped(_ kind: ImportKind, _ text: String) throws -> Import {
        let found = try received(kind, text)
        guard found.state == .mapping else { return found }
        try test.write {
            try $0.mapImport(found.id, MappingDraft(fields: found.fields, existing: .update))
        }
        return try test.read { try $0.importRecord(found.id) }
    }

    /// Does what a job does, each step in a transaction of its own.
    private func step(_ found: Import, _ body: (Transaction, Import) throws -> Void) throws {
        try test.write { try body($0, $0.importRecord(found.id)) }
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
