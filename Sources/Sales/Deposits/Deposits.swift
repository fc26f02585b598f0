import Basics
import Core
import HTTP

/// Deposits on orders: asked for, received, invoiced, and deducted from the invoices of the order.
public enum Deposits: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get(
            "deposit-requests", .readOrders,
            api: .list(
                DepositRequest.self, query: DepositRequestFilter.parameters,
                Text("Lister les demandes d’acompte", "List deposit requests")), list)
        routes.get("orders/:id/deposit-requests/new", .writeOrders, new)
        routes.post(
            "orders/:id/deposit-requests", .writeOrders,
            api: .act(
                DepositRequestDraft.self, DepositRequestDetails.self, creates: true,
                Text("Demander un acompte", "Request a deposit")), create)
        routes.post(
            "orders/:id/deposit-invoices", .issueInvoices,
            api: .act(
                DepositInvoiceBody.self, InvoiceDetails.self, creates: true,
                Text("Émettre une facture d’acompte", "Issue a deposit invoice")), invoiceOrder)
        routes.get(
            "deposit-requests/:id", .readOrders,
            api: .show(
                DepositRequestDetails.self,
                Text("Lire une demande d’acompte", "Read a deposit request")), show)
        routes.post(
            "deposit-requests/:id/cancel", .writeOrders,
            api: .act(
                RefusalBody.self, DepositRequestDetails.self,
                Text("Annuler une demande d’acompte", "Cancel a deposit request")), cancel)
        routes.post(
            "deposit-requests/:id/invoice", .issueInvoices,
            api: .act(
                InvoiceDetails.self, creates: true,
                Text("Facturer une demande d’acompte", "Invoice a deposit request")), invoice)
        routes.get("deposit-requests/:id/receive", .writePayments, askReceipt)
        routes.post(
            "deposit-requests/:id/receive", .writePayments,
            api: .act(
                RefundDraft.self, PaymentDetails.self, creates: true,
                Text("Encaisser un acompte", "Receive a deposit")), receive)
        routes.get("deposit-requests/:id/logo", .readOrders, logo)
    }

    static func list(_ request: Request) throws -> Reply {
        let filter = DepositRequestFilter(request.http.query)
        return try request.show {
            try $0.depositRequests(filter)
        } page: { transaction in
            try DepositRequestListPage(
                filter, transaction.depositRequests(filter),
                client: transaction.filteredClient(filter.scope.client), request
            ).page
        }
    }

    static func show(_ request: Request) throws -> Reply {
        let id: DepositRequest.ID = try request.id()
        return try request.show {
            try $0.depositRequestDetails(id)
        } page: {
            try DepositRequestPage($0.depositRequestRecord(id), request).page
        }
    }

    static func logo(_ request: Request) throws -> Reply {
        let id: DepositRequest.ID = try request.id()
        let content = try request.read { try $0.printedDepositRequest(id).logo }
        guard let content else { throw Problem.notFound }
        return .file(content, name: "logo.png", type: "image/png", inline: true)
    }

    static func new(_ request: Request) throws -> Reply {
        let values = ["percent": "30", "due_on": request.today.iso]
        return .page(try form(request, values, []))
    }

    static func create(_ request: Request) throws -> Reply {
        try make(request) { id, input in
            let draft = DepositRequestDraft(&input, request.currency)
            try input.check()
            guard let draft else { throw Problem.invalid(input.problems) }
            let path = try request.once { try $0.requestDeposit(on: id, draft).path }
            return .done(at: path, say: Text("Acompte demandé.", "Deposit requested."))
        }
    }

    static func invoiceOrder(_ request: Request) throws -> Reply {
        try make(request) { id, input in
            let size = DepositSize(&input, request.currency)
            let due = input.day("due_on")
            try input.check()
            guard let size else { throw Problem.invalid(input.problems) }
            let path = try request.once {
                try $0.issueDepositInvoice(on: id, size, dueOn: due).path
            }
            return .done(
                at: path, say: Text("Facture d’acompte émise.", "Deposit invoice issued."))
        }
    }

    private static func make(
        _ request: Request, _ store: (Order.ID, inout Input) throws -> Reply
    ) throws -> Reply {
        let id: Order.ID = try request.id()
        var input = Input(try request.form().fields)
        _ = try request.read { try $0.order(id) }
        do {
            return try store(id, &input)
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return .page(
                try form(request, input.typed, problem.fields), status: problem.status)
        }
    }

    private static func form(
        _ request: Request, _ values: [String: String], _ problems: [FieldProblem]
    ) throws -> Page {
        let id: Order.ID = try request.id()
        return try request.read { transaction in
            let order = try transaction.order(id)
            guard order.status.canBeInvoiced else { throw Problem.orderTakesNoDeposit(order) }
            let left =
                try transaction.depositRoom(of: order).total
                - transaction.depositsAskedFor(on: id)
            return DepositRequestForm(order, left: max(left, .zero), values, problems, request).page
        }
    }

    static func cancel(_ request: Request) throws -> Reply {
        var input = Input(try request.form().fields)
        let note = input.text("note", most: 1000)
        try input.check()
        let cancelled = try request.write {
            try $0.cancelDepositRequest(request.id(), note: note)
        }
        return .done(at: cancelled.path, say: Text("Demande annulée.", "Request cancelled."))
    }

    static func invoice(_ request: Request) throws -> Reply {
        let id: DepositRequest.ID = try request.id()
        let path = try request.once { try $0.issueDepositInvoice(of: id).path }
        return .done(at: path, say: Text("Facture d’acompte émise.", "Deposit invoice issued."))
    }

    /// A request whose deposit invoice waits for its money is paid by paying that invoice.
    static func askReceipt(_ request: Request) throws -> Reply {
        let (deposit, open) = try request.read { transaction in
            let deposit = try transaction.depositRequest(request.id())
            let invoices = try transaction.invoices(ofDepositRequest: deposit.id)
            return (deposit, invoices.first { $0.openAmount > .zero })
        }
        if let open { return .page(DepositReceiptForm.elsewhere(deposit, open, request)) }
        guard deposit.leftToInvoice > .zero else { throw Problem.depositIsNotExpected }
        let values = [
            "amount": Payments.amountText(deposit.leftToInvoice, request),
            "day": request.today.iso, "method": Payment.Method.transfer.rawValue,
        ]
        return .page(DepositReceiptForm(deposit, values, [], request).page)
    }

    static func receive(_ request: Request) throws -> Reply {
        let id: DepositRequest.ID = try request.id()
        let typed = PaymentInput(
            Input(try request.form().fields), currency: request.currency, open: [])
        let deposit = try request.read { try $0.depositRequest(id) }
        do {
            let receipt = try typed.refund()
            let path = try request.once { transaction in
                let payment = try transaction.receiveDeposit(id, receipt)
                return request.isAPI ? payment.path : deposit.path
            }
            return .done(
                at: path,
                say: Text(
                    "Acompte encaissé, sa facture est émise.",
                    "Deposit received, its invoice is issued."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return .page(
                DepositReceiptForm(deposit, typed.input.typed, problem.fields, request).page,
                status: problem.status)
        }
    }
}
