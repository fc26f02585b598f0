import Basics
import Core
import HTTP

/// Money received, what it settles, what is left of it, and what is paid back.
public enum Payments: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get(
            "payments", .readPayments,
            api: .list(
                Payment.self, query: PaymentFilter.parameters,
                Text("Lister les paiements", "List payments")), list)
        routes.get("payments/export", .readPayments, reads: .export(of: .payment), export)
        routes.get("payments/new", .writePayments, new)
        routes.post("payments/preview", .writePayments, preview)
        routes.post(
            "payments", .writePayments,
            api: .create(
                PaymentDraft.self, PaymentDetails.self,
                Text("Enregistrer un paiement", "Record a payment")), create)
        routes.get(
            "payments/:id", .readPayments,
            api: .show(PaymentDetails.self, Text("Lire un paiement", "Read a payment")), show)
        routes.get("payments/:id/undo", .writePayments, askUndo)
        routes.post(
            "payments/:id/undo", .writePayments,
            api: .act(
                UndoBody.self, PaymentDetails.self, creates: true,
                Text("Annuler un paiement par son contraire", "Undo a payment by its opposite")),
            undo)
        creditRoutes(&routes)
    }

    static func list(_ request: Request) throws -> Reply {
        let filter = PaymentFilter(request.http.query)
        return try request.show {
            try $0.payments(filter)
        } page: { transaction in
            try PaymentListPage(
                filter, transaction.payments(filter), total: transaction.paymentsTotal(filter),
                client: filter.client.map { try transaction.client($0).name }, request
            ).page
        }
    }

    static func export(_ request: Request) throws -> Reply {
        let filter = PaymentFilter(request.http.query)
        let file = try request.tableFile(Text("paiements", "payments"), PaymentFilter.headings)
        try request.read { try $0.exportPayments(filter, to: file, request.say) }
        return try file.reply()
    }

    /// `?invoice=` leads to the client of that invoice and settles it; `?client=` settles the oldest.
    static func new(_ request: Request) throws -> Reply {
        let query = request.http.query
        return try request.read { transaction in
            var values = [
                "day": request.today.iso, "method": Payment.Method.transfer.rawValue,
                "amount": query["amount"] ?? "",
            ]
            var client = query["client"].flatMap { Client.ID($0) }
            if let invoice = try query["invoice"].map(wanted(transaction)) {
                client = invoice.clientID
                let open = amountText(invoice.openAmount, request)
                values["amount"] = open
                values[PlannedAllocation.field(invoice.id)] = open
            }
            guard let client else {
                return try .page(clientChoice(query["q"] ?? "", transaction, request))
            }
            return try .page(
                PaymentForm(
                    transaction.client(client), transaction.openInvoices(of: client), values, [],
                    request
                ).page)
        }
    }

    private static func wanted(_ transaction: Transaction) -> (String) throws -> Invoice {
        { text in
            guard let id = Invoice.ID(text) else { throw Problem.notFound }
            let invoice = try transaction.invoice(id)
            guard invoice.isLive, invoice.kind != .creditNote else { throw Problem.notFound }
            return invoice
        }
    }

    private static func clientChoice(
        _ words: String, _ transaction: Transaction, _ request: Request
    ) throws -> Page {
        let clients =
            try words.isEmpty
            ? transaction.clientsOwingMost(PaymentClientPage.mostClients)
            : transaction.clients(matching: words, most: PaymentClientPage.mostClients)
        return PaymentClientPage(words: words, clients: clients, request: request).page
    }

    /// A form field in the reader's way of writing numbers.
    static func amountText(_ amount: Amount, _ request: Request) -> String {
        ScaledDecimal.plain(
            amount.minorUnits, decimals: request.currency.exponent, point: request.say(",", "."))
    }

    static func preview(_ request: Request) throws -> Reply {
        let input = Input(try request.form().fields)
        let open = try request.read { transaction in
            try Client.ID(input.typed["client"] ?? "").map(transaction.openInvoices) ?? []
        }
        return .fragment(PaymentForm.totals(input.typed, open, request).html)
    }

    static func create(_ request: Request) throws -> Reply {
        let given = Input(try request.form().fields)
        guard let id = Client.ID(given.typed["client"] ?? "") else { throw Problem.notFound }
        let (client, open) = try request.read {
            (try $0.payingClient(id, request), try $0.openInvoices(of: id))
        }
        let typed = PaymentInput(given, currency: request.currency, open: open)
        if given.typed["op"] == "propose" {
            return .page(
                PaymentForm(client, open, proposal(typed, open, request), [], request).page)
        }
        do {
            let draft = try typed.draft(for: id, open)
            let path = try request.once { try $0.recordPayment(draft).path }
            return .done(at: path, say: Text("Paiement enregistré.", "Payment recorded."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            // What is open may have changed since the page was shown: the new amounts come with it.
            let open = try request.read { try $0.openInvoices(of: id) }
            return .page(
                PaymentForm(client, open, given.typed, problem.fields, request).page,
                status: problem.status)
        }
    }

    private static func proposal(
        _ typed: PaymentInput, _ open: [OpenInvoice], _ request: Request
    ) -> [String: String] {
        var values = typed.input.typed
        for invoice in open { values[PlannedAllocation.field(invoice.id)] = "" }
        for part in PlannedAllocation.proposed(typed.amount ?? .zero, over: open) {
            values[PlannedAllocation.field(part.invoice)] = amountText(part.amount, request)
        }
        values["keep"] = ""
        return values
    }

    static func show(_ request: Request) throws -> Reply {
        let id: Payment.ID = try request.id()
        return try request.show {
            try $0.paymentDetails(id)
        } page: { transaction in
            let payment = try transaction.payment(id)
            let record = try PaymentRecord(
                payment: payment, allocations: transaction.allocations(of: payment),
                reversal: transaction.reversal(of: id),
                reversed: payment.reversedPaymentID.map(transaction.payment),
                activity: transaction.journal(of: .payment, id.value))
            return PaymentPage(record, request).page
        }
    }

    static func askUndo(_ request: Request) throws -> Reply {
        let id: Payment.ID = try request.id()
        let (payment, allocations) = try request.read { transaction in
            let payment = try transaction.payment(id)
            return (payment, try transaction.allocations(of: payment))
        }
        return .page(UndoPaymentPage(payment, allocations, [:], [], request).page)
    }

    static func undo(_ request: Request) throws -> Reply {
        let id: Payment.ID = try request.id()
        var input = Input(try request.form().fields)
        let reason = input.line("reason", required: true)
        do {
            try input.check()
            let path = try request.once { try $0.undoPayment(id, reason: reason).path }
            return .done(at: path, say: Text("Paiement annulé.", "Payment undone."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            let (payment, allocations) = try request.read { transaction in
                let payment = try transaction.payment(id)
                return (payment, try transaction.allocations(of: payment))
            }
            return .page(
                UndoPaymentPage(payment, allocations, input.typed, problem.fields, request).page,
                status: problem.status)
        }
    }
}

extension Transaction {
    /// The page of a client who is not there is not there; a program named one in a field.
    fileprivate func payingClient(_ id: Client.ID, _ request: Request) throws -> Client {
        do {
            return try client(id)
        } catch Problem.notFound where request.isAPI {
            throw Problem.invalid("client", Text("Client inconnu.", "Unknown client."))
        }
    }
}
