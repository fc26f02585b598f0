import Basics
import Core
import HTTP

/// What clients owe, by age, and what they owed already when Comptoir took over.
public enum Receivables: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get(
            "receivables", .readPayments,
            api: .list(
                ClientReceivables.self, query: ReceivablesFilter.parameters,
                Text("Ce que doit chaque client", "What each client owes")), list)
        routes.get("receivables/export", .readPayments, reads: .export(of: .invoice), export)
        routes.get(
            "receivables/invoices", .readPayments,
            api: .list(
                OpenInvoice.self, query: OpenInvoiceFilter.parameters,
                Text("Les factures à encaisser", "Invoices to be paid")),
            reads: .export(of: .invoice), invoices)
        statementRoutes(&routes)
        routes.get("receivables/opening", .writeInvoices, newOpeningBalance)
        routes.post(
            "receivables/opening", .writeInvoices,
            api: .act(
                OpeningBalanceDraft.self, InvoiceDetails.self, creates: true,
                Text("Enregistrer un solde de départ", "Record an opening balance")),
            createOpeningBalance)
    }

    static func list(_ request: Request) throws -> Reply {
        let filter = ReceivablesFilter(request.http.query)
        return try request.show {
            try $0.receivables(filter)
        } page: { transaction in
            try ReceivablesPage(
                filter, transaction.receivables(filter), transaction.receivablesTotal(filter),
                request
            ).page
        }
    }

    static func export(_ request: Request) throws -> Reply {
        let filter = ReceivablesFilter(request.http.query)
        let file = try request.tableFile(
            Text("creances", "receivables"), ClientReceivables.headings)
        for row in try request.read({ try $0.allReceivables(filter) }) {
            try file.add(row.cells(request.currency))
        }
        return try file.reply()
    }

    static func invoices(_ request: Request) throws -> Reply {
        let filter = OpenInvoiceFilter(request.http.query)
        if !request.isAPI, request.wantsFile {
            let file = try request.tableFile(
                Text("factures-a-encaisser", "invoices-to-collect"), OpenInvoice.headings)
            try request.read { try $0.exportOpenInvoices(filter, to: file) }
            return try file.reply()
        }
        return try request.show {
            try $0.openInvoices(filter)
        } page: { transaction in
            try OpenInvoiceListPage(
                filter, transaction.openInvoices(filter),
                total: transaction.openInvoicesTotal(filter),
                client: filter.client.map { try transaction.client($0).name }, request
            ).page
        }
    }

    static func newOpeningBalance(_ request: Request) throws -> Reply {
        let id = request.http.query["client"].flatMap { Client.ID($0) }
        let client = try id.map { id in try request.read { try $0.client(id) } }
        return .page(OpeningBalancePage(client, [:], [], request).page)
    }

    static func createOpeningBalance(_ request: Request) throws -> Reply {
        var input = Input(try request.form().fields)
        let id = try chosenClient(&input, request)
        let draft = OpeningBalanceDraft(
            &input, client: id, currency: request.currency, today: request.today)
        do {
            guard let draft else { throw Problem.invalid(input.problems) }
            let path = try request.once { try $0.recordOpeningBalance(draft).path }
            return .done(
                at: path, say: Text("Solde de départ enregistré.", "Opening balance recorded."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            let client = try id.flatMap { id in try request.read { try $0.existingClient(id) } }
            return .page(
                OpeningBalancePage(client, input.typed, problem.fields, request).page,
                status: problem.status)
        }
    }

    /// Without a script the name is all there is: it must then name one client.
    private static func chosenClient(_ input: inout Input, _ request: Request) throws -> Client.ID?
    {
        let words = input.typed["client_name"] ?? ""
        guard (input.typed["client"] ?? "").isEmpty, !words.isEmpty else {
            return input.id("client", required: true)
        }
        let found = try request.read { try $0.clients(matching: words, most: 2) }
        if found.count == 1 { return found[0].id }
        input.refuse(
            "client",
            found.isEmpty
                ? Text("Aucun client ne porte ce nom.", "No client has this name.")
                : Text(
                    "Plusieurs clients portent ce nom : indiquez le numéro.",
                    "Several clients have this name: type the number."))
        return nil
    }
}
