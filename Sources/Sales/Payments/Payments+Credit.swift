import Basics
import Core
import HTTP

// What is left of a payment or of a credit note: used on invoices, or paid back.
extension Payments {
    static func creditRoutes(_ routes: inout Routes) {
        routes.get("payments/:id/allocate", .writePayments) {
            try askAllocate($0, .payment($0.id()))
        }
        routes.post(
            "payments/:id/allocate", .writePayments,
            api: .act(
                CreditUseBody.self, PaymentDetails.self,
                Text("Régler des factures avec un paiement", "Settle invoices with a payment"))
        ) { try allocate($0, .payment($0.id())) }
        routes.post("payments/:id/allocate/preview", .writePayments) {
            try previewAllocation($0, .payment($0.id()))
        }
        routes.get("payments/:id/refund", .writePayments) { try askRefund($0, .payment($0.id())) }
        routes.post(
            "payments/:id/refund", .writePayments,
            api: .act(
                RefundDraft.self, PaymentDetails.self, creates: true,
                Text("Rembourser le reste d’un paiement", "Pay back what is left of a payment"))
        ) { try refund($0, .payment($0.id())) }
        routes.get("credit-notes/:id/allocate", .writePayments) {
            try askAllocate($0, .creditNote($0.id()))
        }
        routes.post(
            "credit-notes/:id/allocate", .writePayments,
            api: .act(
                CreditUseBody.self, InvoiceDetails.self,
                Text("Régler des factures avec un avoir", "Settle invoices with a credit note"))
        ) { try allocate($0, .creditNote($0.id())) }
        routes.post("credit-notes/:id/allocate/preview", .writePayments) {
            try previewAllocation($0, .creditNote($0.id()))
        }
        routes.get("credit-notes/:id/refund", .writePayments) {
            try askRefund($0, .creditNote($0.id()))
        }
        routes.post(
            "credit-notes/:id/refund", .writePayments,
            api: .act(
                RefundDraft.self, PaymentDetails.self, creates: true,
                Text("Rembourser un avoir", "Pay back a credit note"))
        ) { try refund($0, .creditNote($0.id())) }
    }

    private static func source(_ id: CreditSource.ID, _ request: Request) throws
        -> (CreditSource, [OpenInvoice])
    {
        try request.read { transaction in
            let source = try transaction.creditSource(id)
            return (source, try transaction.openInvoices(of: source.clientID))
        }
    }

    static func askAllocate(_ request: Request, _ id: CreditSource.ID) throws -> Reply {
        let (source, open) = try source(id, request)
        var values: [String: String] = [:]
        for part in PlannedAllocation.proposed(source.openAmount, over: open) {
            values[PlannedAllocation.field(part.invoice)] = amountText(part.amount, request)
        }
        return .page(AllocateCreditPage(source, open, values, [], request).page)
    }

    static func allocate(_ request: Request, _ id: CreditSource.ID) throws -> Reply {
        var input = Input(try request.form().fields)
        let (_, open) = try source(id, request)
        let settlements = input.settlements(request.currency, open)
        do {
            try input.check()
            let path = try request.once { transaction in
                try transaction.allocateCredit(id, to: settlements)
                return id.path
            }
            return .done(at: path, say: Text("Factures réglées.", "Invoices settled."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            let (source, open) = try source(id, request)
            return .page(
                AllocateCreditPage(source, open, input.typed, problem.fields, request).page,
                status: problem.status)
        }
    }

    static func previewAllocation(_ request: Request, _ id: CreditSource.ID) throws -> Reply {
        let input = Input(try request.form().fields)
        let (source, open) = try source(id, request)
        let page = AllocateCreditPage(source, open, input.typed, [], request)
        return .fragment(page.totals.html)
    }

    static func askRefund(_ request: Request, _ id: CreditSource.ID) throws -> Reply {
        let (source, _) = try source(id, request)
        let values = [
            "amount": amountText(source.openAmount, request), "day": request.today.iso,
            "method": Payment.Method.transfer.rawValue,
        ]
        return .page(RefundPage(source, values, [], request).page)
    }

    static func refund(_ request: Request, _ id: CreditSource.ID) throws -> Reply {
        let given = Input(try request.form().fields)
        let typed = PaymentInput(given, currency: request.currency, open: [])
        do {
            let draft = try typed.refund()
            let path = try request.once { try $0.refundCredit(id, draft).path }
            return .done(at: path, say: Text("Remboursement enregistré.", "Refund recorded."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            let (source, _) = try source(id, request)
            return .page(
                RefundPage(source, given.typed, problem.fields, request).page,
                status: problem.status)
        }
    }
}
