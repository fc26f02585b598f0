import Basics
import DatabaseTesting
import HTTP
import TestSupport

@testable import Core
@testable import Database
@testable import Sales
@testable import comptoir

/// A private person with whom everything was done that the program can do, whose name stands in every
/// field that takes words.
struct KnownPerson {
    let test: TestApplication
    let client: Client
    let marker: String
    let browser: Browser
    var name: String { "Zéphyrine \(marker)" }
    var email: String { "\(marker)@aubrac.example" }

    /// Where the marker must have come for the test to prove something.
    static let expected = [
        "clients.name", "clients.email", "clients.website", "clients.street", "clients.tags",
        "contacts.name", "addresses.street", "quotes.subject", "quotes.message",
        "quotes.notes", "quotes.decision_note", "orders.subject", "orders.message", "orders.notes",
        "quote_lines.label", "quote_lines.description", "order_lines.label",
        "recurring_invoices.message", "recurring_invoice_lines.label", "deposit_requests.message",
        "mails.recipient", "mails.subject", "mails.body", "mails.attachment", "mails.copy_to",
        "search_entries.terms", "journal_entries.subject_label", "journal_entries.actor_name",
        "journal_details.details", "status_changes.changed_by_name", "users.name", "users.email",
        "import_pieces.content", "import_refusals.cells", "import_records.label",
        "webhook_deliveries.body", "webhook_deliveries.subject_label",
        "invoices.buyer", "invoices.notes", "invoices.message", "payments.notes",
        "invitations.email", "account_mails.details", "jobs.last_error",
    ]

    /// Nothing else in the database is called so.
    static func word(at now: Instant) -> String {
        "marque"
            + UniqueID.make(at: now).description.filter { $0 != "-" }.suffix(12).map {
                String(UnicodeScalar(UInt8(97 + $0.hexDigitValue!)))
            }.joined()
    }

    init() throws {
        let filled = try FilledOrganisation()
        let (test, marker) = (filled.test, Self.word(at: filled.test.clock.now))
        (self.test, self.marker) = (test, marker)
        let client = try test.write { transaction in
            var draft = ClientDraft(
                name: "Zéphyrine \(marker)", kind: .person,
                address: PostalAddress(
                    street: "7 impasse \(marker)", postalCode: "69100", city: "Villeurbanne",
                    country: "FR"), language: .french)
            draft.email = "\(marker)@aubrac.example"
            draft.website = "https://\(marker).example"
            draft.tags = ["ami de \(marker)"]
            draft.notes = "\(marker) aime le thé"
            return try transaction.createClient(draft)
        }
        self.client = client
        browser = try Self.account(test, client, marker)
        try addPlaces()
        let quote = try answerQuote()
        try work(quote)
        try subscribe()
        try write()
        try bringIn()
        try tellPrograms()
        try follow()
    }

    /// Invited, comes in, reads.
    private static func account(_ test: TestApplication, _ client: Client, _ marker: String) throws
        -> Browser
    {
        let link = try test.write { transaction in
            var input = Input(
                Fields(
                    [("name", client.name), ("email", client.email)].map {
                        Fields.Field(name: $0, value: $1)
                    }))
            _ = try transaction.inviteClient(&input, client: client.id.value)
            let invitation = try transaction.invitations().first { $0.email == client.email }
            return try transaction.renewLink(of: invitation!.id)
        }
        let browser = test.browser(as: nil)
        try browser.get(link)
        try browser.submit("/invitation", ["password": TestApplication.password])
        try browser.get("/my-documents")
        // A second one, whom nobody answered.
        _ = try test.post(
            client.path + "/access",
            ["name": "Fils \(marker)", "email": "fils-\(marker)@aubrac.example"])
        let details: JSON = ["old": .string(marker)]
        try test.write { transaction in
            try transaction.run(
                """
                INSERT INTO account_mails (organisation_id, id, kind, user_id, details, created_at)
                SELECT m.organisation_id, gen_random_uuid(), 'changed', m.user_id,
                    \(details), \(transaction.now)
                FROM memberships m WHERE m.organisation_id = \(transaction.organisation)
                    AND m.client_id = \(client.id)
                """)
        }
        return browser
    }

    private func addPlaces() throws {
        _ = try test.post(
            client.path + "/contacts",
            ["name": "Époux \(marker)", "email": "epoux-\(marker)@aubrac.example"])
        _ = try test.post(
            client.path + "/addresses",
            ["label": "Chez \(marker)", "street": "9 rue \(marker)", "country": "FR"])
    }

    private func line() -> DocumentLine {
        var line = DocumentLine(
            id: ID(UniqueID.make(at: test.clock.now)), kind: .item, label: "Toit \(marker)")
        line.quantity = .one
        line.unit = "day"
        line.unitPrice = UnitPrice(millionths: 100_000_000)
        line.vat = VATRate(.standard, Percentage(hundredths: 2000))
        line.description = "chez \(marker)"
        return line
    }

    private var head: DocumentHead {
        var head = DocumentHead(client: client.id, subject: "Maison \(marker)")
        head.message = "Bonjour \(marker)"
        head.notes = "\(marker) paie bien"
        return head
    }

    /// One accepted by its link, one refused, one over.
    private func answerQuote() throws -> Quote {
        let quotes = try test.write { transaction in
            try (0..<2).map { _ in
                let quote = try transaction.createQuote(
                    QuoteDraft(
                        head: head, quotedOn: transaction.today,
                        validUntil: transaction.today.adding(days: 30), lines: [line()]))
                return try transaction.markQuoteSent(quote.id)
            }
        }
        for (quote, verb) in zip(quotes, ["accept", "refuse"]) {
            let path = SharedLink(
                to: SharedSubject(kind: .quote, id: quote.id.value), of: test.organisationID,
                at: test.clock.now
            ).path(test.application)
            let visitor = test.browser(as: nil)
            try visitor.get(path)
            try visitor.post("\(path)/\(verb)", ["name": name, "note": "Merci"])
        }
        return quotes[0]
    }

    /// The order is done, invoiced and paid; a deposit was asked for and cancelled.
    private func work(_ quote: Quote) throws {
        try test.write { transaction in
            guard let order = try transaction.order(ofQuote: quote.id) else {
                throw Problem.notFound
            }
            let deposit = try transaction.requestDeposit(
                on: order.id,
                DepositRequestDraft(
                    .percent(Percentage(hundredths: 3000)), dueOn: transaction.today,
                    message: "Pour \(marker)"))
            _ = try transaction.cancelDepositRequest(deposit.id, note: "\(marker) préfère attendre")
            if order.status == .draft { _ = try transaction.moveOrder(order.id, to: .confirmed) }
            let draft = try transaction.draftInvoice(from: order.id)
            try pay(transaction.issueInvoice(draft.id), transaction)
            _ = try transaction.moveOrder(order.id, to: .inProgress)
            _ = try transaction.moveOrder(order.id, to: .completed, note: "\(marker) est contente")
        }
    }

    private func pay(_ invoice: Invoice, _ transaction: Transaction) throws {
        let note = "à \(marker)"
        try transaction.run(
            """
            UPDATE invoices SET notes = \(note)
            WHERE organisation_id = \(transaction.organisation) AND id = \(invoice.id)
            """)
        var payment = PaymentDraft(
            client: client.id, method: .transfer, day: transaction.today,
            amount: invoice.totalGross,
            settlements: [PlannedAllocation(invoice.id, invoice.totalGross)])
        payment.reference = "VIR \(marker)"
        payment.notes = "de \(marker)"
        _ = try transaction.recordPayment(payment)
        _ = try transaction.keptDocument(of: invoice)
    }

    private func subscribe() throws {
        try test.write { transaction in
            let recurring = try transaction.createRecurringInvoice(
                RecurringInvoiceDraft(
                    head: head,
                    schedule: RecurringSchedule(
                        .monthly, from: transaction.today, to: transaction.today,
                        dayOfMonth: transaction.today.dayOfMonth),
                    delivery: .issue, lines: [line()]))
            try transaction.runRecurringInvoice(recurring.id)
            for invoice in try transaction.invoices(goingTo: client.id, most: 10)
            where invoice.openAmount != .zero {
                try pay(invoice, transaction)
            }
        }
    }

    private func write() throws {
        try test.write { transaction in
            let mail = try transaction.queueMail(
                MailDraft(
                    about: MailedRecord(
                        .client, client.id.value, label: client.name, client: client.id.value),
                    recipient: client.email, copies: ["autre-\(marker)@aubrac.example"],
                    subject: "Bonjour \(marker)", body: "Chère \(marker)",
                    attachment: MailAttachment(name: "\(marker).pdf", bytes: Array(marker.utf8))))
            let answer = "550 <\(client.email)> unknown"
            try transaction.run(
                """
                UPDATE mails SET status = 'failed', failure_kind = 'permanent', last_error = \(answer)
                WHERE organisation_id = \(transaction.organisation) AND id = \(mail.id)
                """)
            try transaction.run(
                """
                UPDATE jobs SET failed_at = \(transaction.now), last_error = \(answer)
                WHERE organisation_id = \(transaction.organisation)
                    AND subject_id = \(mail.id)
                """)
        }
    }

    /// Files that named the person: one waits, one was refused, one changed the record.
    private func bringIn() throws {
        let file = "Nom;E-mail;Ville\n\(name);\(email);Lyon\n"
        for (text, runs) in [
            (file, false), ("Nom;E-mail\n\(name);faux\n", true),
            ("Nom;Ville\n\(name) bis;Lyon\n", true),
        ] {
            try test.write { transaction in
                let bytes = Array(text.utf8)
                let found = try transaction.createImport(
                    .clients, fileName: "\(name).csv", among: []
                ) { try $0(bytes[...]) }
                guard runs else { return }
                try transaction.mapImport(
                    found.id, MappingDraft(fields: found.fields, existing: .keep))
                _ = try transaction.runImport(transaction.importRecord(found.id)) { _ in }
            }
        }
        let cousin = name + " bis"
        // The cousin is nobody else: what the import made is the person's record as well.
        try test.write { transaction in
            let cousins: [Client.ID] = try transaction.values(
                """
                SELECT id FROM clients WHERE organisation_id = \(transaction.organisation)
                    AND name = \(cousin)
                """)
            for id in cousins {
                try transaction.run(
                    """
                    UPDATE clients SET name = 'Autre' WHERE organisation_id = \(transaction.organisation)
                        AND id = \(id)
                    """)
                try transaction.run(
                    """
                    UPDATE import_records SET record_id = \(client.id), label = \(name)
                    WHERE organisation_id = \(transaction.organisation) AND record_id = \(id)
                    """)
            }
        }
    }

    private func tellPrograms() throws {
        let program = try test.program()
        _ = try program.post(
            "/clients/\(client.id)/contacts", ["name": .string("Fille \(marker)")],
            headers: ["Idempotency-Key": "1"])
        try test.write { transaction in
            let body = Array("{\"name\": \"\(name)\"}".utf8)
            let updated = try transaction.run(
                """
                UPDATE webhook_deliveries SET body = \(body), subject_label = \(name)
                WHERE organisation_id = \(transaction.organisation) AND status = 'delivered'
                """)
            guard updated > 0 else { throw Problem.notFound }
        }
    }

    /// Until everything is sealed.
    func follow() throws {
        let end = ContinuousClock.now + .seconds(60)
        while try test.read({ try $0.verifyJournal() }).waiting > 0, ContinuousClock.now < end {
            try test.application.followJournal()
        }
    }

    func columns() throws -> Set<String> { try MarkedDatabase(marker).columns() }
}

/// The columns of the whole database in which a word stands.
struct MarkedDatabase {
    let word: String

    init(_ word: String) { self.word = word }

    private struct Column: Record {
        var table: String
        var name: String
        var type: String
        init(row: Row) throws {
            table = try row["table_name"]
            name = try row["column_name"]
            type = try row["data_type"]
        }
    }

    func columns() throws -> Set<String> {
        let database: String? = try TestDatabase.pool.withConnection {
            try $0.value("SELECT current_database()::text")
        }
        let administrator = try Connection(
            TestCluster.shared.cluster.administrator(database: database ?? ""))
        let columns: [Column] = try administrator.all(
            """
            SELECT c.table_name::text, c.column_name::text, c.data_type::text
            FROM information_schema.columns c
            JOIN information_schema.tables t USING (table_schema, table_name)
            WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
                AND c.data_type IN ('text', 'character varying', 'ARRAY', 'jsonb', 'json', 'bytea',
                    'tsvector')
            ORDER BY 1, 2
            """)
        var found: Set<String> = []
        for (table, all) in Dictionary(grouping: columns, by: \.table) {
            let conditions = all.map { column in
                let test =
                    column.type == "bytea"
                    ? "holds_words(\"\(column.name)\", ARRAY['\(word)'])"
                    : "\"\(column.name)\"::text ILIKE '%\(word)%'"
                return "count(*) FILTER (WHERE \(test))"
            }
            let counts: [Int]? = try administrator.value(
                SQL(
                    trustedText: "SELECT ARRAY[\(conditions.joined(separator: ", "))] FROM \(table)"
                ))
            for (column, count) in zip(all, counts ?? []) where count > 0 {
                found.insert("\(table).\(column.name)")
            }
        }
        return found
    }
}
