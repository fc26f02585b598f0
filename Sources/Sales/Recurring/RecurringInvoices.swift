import Basics
import Core
import HTTP

/// Invoices that come back every month, quarter or year.
public enum RecurringInvoices: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get(
            "recurring-invoices", .readInvoices,
            api: .list(
                RecurringInvoice.self, query: RecurringInvoiceFilter.parameters,
                Text("Lister les abonnements", "List recurring invoices")), list)
        routes.get("recurring-invoices/new", .issueInvoices, new)
        routes.post(
            "recurring-invoices", .issueInvoices,
            api: .create(
                RecurringInvoiceDraft.self, RecurringInvoiceDetails.self,
                Text("Créer un abonnement", "Create a recurring invoice")), create)
        routes.post("recurring-invoices/preview", .issueInvoices, LineEditor.preview)
        routes.get(
            "recurring-invoices/:id", .readInvoices,
            api: .show(
                RecurringInvoiceDetails.self,
                Text("Lire un abonnement", "Read a recurring invoice")), show)
        routes.get("recurring-invoices/:id/edit", .issueInvoices, edit)
        routes.post(
            "recurring-invoices/:id", .issueInvoices,
            api: .update(
                RecurringInvoiceDraft.self, RecurringInvoiceDetails.self,
                Text("Modifier un abonnement", "Change a recurring invoice")), update)
        routes.post("recurring-invoices/:id/preview", .issueInvoices, LineEditor.preview)
        routes.post(
            "recurring-invoices/:id/pause", .issueInvoices,
            api: .act(
                RecurringInvoiceDetails.self,
                Text("Mettre un abonnement en pause", "Pause a recurring invoice")), pause)
        routes.post(
            "recurring-invoices/:id/resume", .issueInvoices,
            api: .act(
                RecurringInvoiceDetails.self,
                Text("Reprendre un abonnement", "Resume a recurring invoice")), resume)
    }

    static func list(_ request: Request) throws -> Reply {
        let filter = RecurringInvoiceFilter(request.http.query)
        return try request.show {
            try $0.recurringInvoices(filter)
        } page: { transaction in
            try RecurringInvoiceListPage(
                filter, transaction.recurringInvoices(filter),
                client: transaction.filteredClient(filter.client), request
            ).page
        }
    }

    static func show(_ request: Request) throws -> Reply {
        let id: RecurringInvoice.ID = try request.id()
        return try request.show {
            try $0.recurringInvoiceDetails(id)
        } page: { transaction in
            try RecurringInvoicePage(
                transaction.recurringInvoiceDetails(id),
                transaction.journal(of: .recurringInvoice, id.value), request
            ).page
        }
    }

    static func pause(_ request: Request) throws -> Reply {
        let paused = try request.write { try $0.pauseRecurringInvoice(request.id()) }
        return .done(
            at: paused.path, say: Text("Abonnement en pause.", "Recurring invoice paused."))
    }

    static func resume(_ request: Request) throws -> Reply {
        let resumed = try request.write { try $0.resumeRecurringInvoice(request.id()) }
        return .done(
            at: resumed.path, say: Text("Abonnement repris.", "Recurring invoice resumed."))
    }
}
