import Basics
import Core
import HTTP

/// Invoices and credit notes: drafted, issued, sent, credited.
public enum Invoicing: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get(
            "invoices", .readInvoices,
            api: .list(
                InvoiceRow.self, query: InvoiceFilter.parameters,
                Text("Lister les factures", "List invoices")), list)
        routes.get("invoices/export", .readInvoices, reads: .export(of: .invoice), export)
        routes.get("invoices/new", .writeInvoices, new)
        routes.post(
            "invoices", .writeInvoices,
            api: .create(
                InvoiceDraft.self, InvoiceDetails.self,
                Text("Préparer une facture", "Draft an invoice")), create)
        routes.post("invoices/preview", .writeInvoices, LineEditor.preview)
        routes.post(
            "orders/:id/invoice", .writeInvoices,
            api: .act(
                InvoiceDetails.self, creates: true,
                Text("Préparer la facture d’une commande", "Draft the invoice of an order")),
            fromOrder)
        routes.get("orders/:id/progress-invoices/new", .writeInvoices, newProgressInvoice)
        routes.post(
            "orders/:id/progress-invoices", .writeInvoices,
            api: .act(
                Progress.self, InvoiceDetails.self, creates: true,
                Text("Facturer l’avancement d’une commande", "Invoice the progress of an order")),
            draftProgressInvoice)
        routes.get("clients/:id/orders-to-invoice", .writeInvoices, askOrders)
        routes.post(
            "clients/:id/orders-to-invoice", .writeInvoices,
            api: .act(
                OrdersToInvoiceBody.self, InvoiceDetails.self, creates: true,
                Text(
                    "Préparer une facture sur plusieurs commandes",
                    "Draft one invoice over several orders")), fromOrders)
        routes.get(
            "invoices/:id", .readInvoices,
            api: .show(InvoiceDetails.self, Text("Lire une facture", "Read an invoice")), show)
        routes.get("invoices/:id/edit", .writeInvoices, edit)
        routes.post(
            "invoices/:id", .writeInvoices,
            api: .update(
                InvoiceDraft.self, InvoiceDetails.self,
                Text("Modifier un brouillon de facture", "Change a draft invoice")), update)
        routes.post("invoices/:id/preview", .writeInvoices, LineEditor.preview)
        routes.get("invoices/:id/logo", .readInvoices, logo)
        issueRoutes(&routes)
    }

    private static func issueRoutes(_ routes: inout Routes) {
        routes.get("invoices/:id/issue", .issueInvoices, askIssue)
        routes.post(
            "invoices/:id/issue", .issueInvoices,
            api: .act(
                IssueBody.self, InvoiceDetails.self, Text("Émettre une facture", "Issue an invoice")
            ),
            issue)
        routes.post(
            "invoices/:id/duplicate", .writeInvoices,
            api: .act(
                InvoiceDetails.self, creates: true,
                Text("Dupliquer une facture", "Duplicate an invoice")), duplicate)
        routes.get("invoices/:id/delete", .writeInvoices, askDeletion)
        routes.post(
            "invoices/:id/delete", .writeInvoices,
            api: .delete(Text("Supprimer un brouillon de facture", "Remove a draft invoice")),
            delete)
        routes.post(
            "invoices/:id/sent", .writeInvoices,
            api: .act(
                InvoiceDetails.self, Text("Noter une facture envoyée", "Mark an invoice as sent")),
            markSent)
        routes.post(
            "invoices/:id/complete", .issueInvoices,
            api: .act(
                InvoiceDetails.self,
                Text(
                    "Déclarer complétée une facture suspendue par le client (209)",
                    "Declare completed an invoice that the client suspended (209)")), complete)
        routes.post(
            "invoices/:id/replacement", .writeInvoices,
            api: .act(
                InvoiceDetails.self, creates: true,
                Text(
                    "Préparer une facture rectificative (384)", "Draft a corrective invoice (384)")),
            replace)
        routes.get("invoices/:id/credit-notes/new", .issueInvoices, newCreditNote)
        routes.post(
            "invoices/:id/credit-notes", .issueInvoices,
            api: .act(
                CreditNoteDraft.self, InvoiceDetails.self, creates: true,
                Text("Émettre un avoir", "Issue a credit note")), credit)
    }

    static func list(_ request: Request) throws -> Reply {
        let filter = InvoiceFilter(request)
        return try request.show {
            try $0.invoices(filter)
        } page: { transaction in
            try InvoiceListPage(
                filter, transaction.invoices(filter),
                client: transaction.filteredClient(filter.scope.client),
                total: transaction.invoicesTotal(filter), request
            ).page
        }
    }

    static func export(_ request: Request) throws -> Reply {
        let filter = InvoiceFilter(request)
        let file = try request.tableFile(Text("factures", "invoices"), InvoiceRow.headings)
        try request.read { try $0.exportInvoices(filter, to: file, request.say) }
        return try file.reply()
    }

    static func show(_ request: Request) throws -> Reply {
        try request.show {
            try $0.invoiceDetails(request.id())
        } page: {
            try InvoicePage($0.invoiceRecord(request.id()), request).page
        }
    }

    static func logo(_ request: Request) throws -> Reply {
        let id: Invoice.ID = try request.id()
        let content = try request.read { try $0.invoicePrint($0.invoice(id)).logo }
        guard let content else { throw Problem.notFound }
        return .file(content, name: "logo.png", type: "image/png", inline: true)
    }

    static func askIssue(_ request: Request) throws -> Reply {
        .page(try issuePage(request, ["day": request.today.iso], []))
    }

    static func issue(_ request: Request) throws -> Reply {
        let id: Invoice.ID = try request.id()
        var input = Input(try request.form().fields)
        let day = input.day("day", required: true)
        // An id that names nothing comes before what is wrong in the form.
        _ = try request.read { try $0.invoice(id) }
        do {
            try input.check()
            let invoice = try request.write { try $0.issueInvoice(id, on: day) }
            return .done(
                at: invoice.path,
                say: Text(
                    "Facture \(invoice.number ?? "") émise.",
                    "Invoice \(invoice.number ?? "") issued."))
        } catch Problem.invalid(let problems) where !request.isAPI {
            return .page(try issuePage(request, input.typed, problems), status: 422)
        }
    }

    private static func issuePage(
        _ request: Request, _ values: [String: String], _ problems: [FieldProblem]
    ) throws -> Page {
        let id: Invoice.ID = try request.id()
        return try request.read { transaction in
            let invoice = try transaction.invoice(id)
            let day = values["day"].flatMap { Day($0) } ?? request.today
            let obstacles = try transaction.issueObstacles(id, on: day)
            let number = try transaction.numberPattern(.invoice).number(
                transaction.upcomingCounter(.invoice, on: day), on: day)
            return IssuePage(invoice, obstacles, number: number, values, problems, request).page
        }
    }

    static func duplicate(_ request: Request) throws -> Reply {
        let id: Invoice.ID = try request.id()
        let path = try request.once { try $0.duplicateInvoice(id).path }
        return .done(at: path, say: Text("Voici la copie.", "Here is the copy."))
    }

    static func markSent(_ request: Request) throws -> Reply {
        let invoice = try request.write { try $0.markInvoiceSent(request.id()) }
        return .done(at: invoice.path, say: Text("Envoi noté.", "Marked as sent."))
    }

    static func replace(_ request: Request) throws -> Reply {
        let id: Invoice.ID = try request.id()
        let path = try request.once { try $0.draftReplacement(of: id).path }
        return .done(
            at: request.isAPI ? path : path + "/edit",
            say: Text(
                "Corrigez, puis émettez : elle remplacera l’autre.",
                "Correct it, then issue it: it will replace the other."))
    }

    static func complete(_ request: Request) throws -> Reply {
        let id: Invoice.ID = try request.id()
        try request.write { try $0.completeInvoice(id) }
        return .done(
            at: "/invoices/\(id)",
            say: Text("Facture déclarée complétée.", "Invoice declared completed."))
    }

    static func askDeletion(_ request: Request) throws -> Reply {
        let invoice = try request.read { try $0.invoice(request.id()) }
        guard invoice.isDraft else { throw Problem.invoiceIsIssued }
        return .page(InvoiceDeletionPage(invoice, request).page)
    }

    static func delete(_ request: Request) throws -> Reply {
        try request.write { try $0.deleteInvoiceDraft(request.id()) }
        return .done(at: "/invoices", say: Text("Brouillon supprimé.", "Draft deleted."))
    }
}
