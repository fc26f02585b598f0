import Basics
import Core
import Markup

/// The list of invoices and credit notes.
struct InvoiceListPage {
    let filter: InvoiceFilter
    let listing: Listing<InvoiceRow>
    /// The name of the client that the list is narrowed to.
    let client: String?
    let total: ListTotal?
    let request: Request
    let controls: ListControls

    init(
        _ filter: InvoiceFilter, _ listing: Listing<InvoiceRow>, client: String?, total: ListTotal?,
        _ request: Request
    ) {
        self.filter = filter
        self.listing = listing
        self.client = client
        self.total = total
        self.request = request
        controls = ListControls(request, filter.address, filter.query, sort: filter.order.text)
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }

    var page: Page {
        controls.page(
            .invoices, views: views, filters: filters, new: new, client: client,
            total: total, list: listing.rows.isEmpty ? nothing : table)
    }

    private var views: [(value: String?, label: Text)] {
        [
            (nil, Text("Toutes", "All")), ("drafts", Text("Brouillons", "Drafts")),
            ("issued", Text("Émises", "Issued")),
            ("to_send", Text("À envoyer", "To send")), ("open", Text("À encaisser", "Open")),
            ("overdue", Text("En retard", "Overdue")), ("paid", Text("Payées", "Paid")),
            ("deposits", Text("Acomptes", "Deposits")),
            ("credit_notes", Text("Avoirs", "Credit notes")),
            ("imported", Text("Importées", "Imported")),
        ]
    }

    private var new: HTML {
        guard request.may(.writeInvoices) else { return .empty }
        return """
            <a class="btn p" href="/invoices/new">\(icon("file-plus"))\(say("Nouvelle facture", "New invoice"))</a>
            """
    }

    private var filters: HTML {
        controls.filters(
            placeholder: Text("Numéro, client, objet…", "Number, client, subject…"),
            keeping: ["imported"],
            controls.days(Text("Émise le", "Issued"))
                + controls.amounts(Text("Montant", "Amount")))
    }

    private var table: HTML {
        let parts = controls.parts
        let headings: HTML = """
            \(parts.heading(Text("Facture", "Invoice"), sort: "number"))
            \(parts.heading(Text("Client", "Client"), sort: "client"))
            \(parts.heading(Text("Émise le", "Issued"), sort: "day", cssClass: "k3"))
            \(parts.heading(Text("Échéance", "Due"), sort: "due", cssClass: "k2"))
            \(parts.heading(Text("Total TTC", "Total"), sort: "total", cssClass: "n"))
            \(parts.heading(Text("Reste dû", "Open"), sort: "open", cssClass: "n k1"))
            \(parts.heading(Text("État", "Status")))
            """
        return controls.table(
            Text("Factures et avoirs", "Invoices and credit notes"), headings,
            listing.rows.map(row).joined(), count: listing.rows.count, next: listing.next)
    }

    private func row(_ invoice: InvoiceRow) -> HTML {
        let states = InvoiceState.states(of: invoice, on: filter.today)
        let isLate = invoice.daysOverdue(on: filter.today) != nil
        func money(_ amount: Amount) -> String {
            say.money(invoice.signed(amount), invoice.currency)
        }
        func day(_ day: Day?) -> String { day.map { say.shortDay($0, today: filter.today) } ?? "" }
        return """
            <tr><td><a class="id" href="\(invoice.path)">\(name(of: invoice))</a>\
            \(if: invoice.kind == .deposit, "<small>\(say("Acompte", "Deposit"))</small>")</td>
            <td class="w">\(invoice.clientName)\(if: !invoice.subject.isEmpty, "<small>\(invoice.subject)</small>")</td>
            <td class="k3" data-label="\(say("Émise le", "Issued"))">\(day(invoice.issuedOn))</td>
            <td class="k2\(isLate ? " late" : "")" data-label="\(say("Échéance", "Due"))">\
            \(invoice.kind == .creditNote ? "" : day(invoice.dueOn))</td>
            <td class="n amt">\(money(invoice.totalGross))</td>
            <td class="n k1" data-label="\(say("Reste dû", "Open"))">\
            \(invoice.openAmount > .zero ? money(invoice.openAmount) : "")</td>
            <td class="st">\(states, { $0.pill(request) })</td></tr>
            """
    }

    private func name(of invoice: InvoiceRow) -> String {
        invoice.number
            ?? say("Brouillon du ", "Draft of ")
            + say.shortDay(request.organisation.day(at: invoice.createdAt), today: filter.today)
    }

    private var nothing: HTML {
        filter.isNarrowed
            ? controls.nothingFound(Text("Aucune facture ne correspond", "No invoice matches"))
            : controls.nothingYet(
                Text("Votre première facture", "Your first invoice"),
                Text(
                    "Partez d’une commande, ou d’une page blanche : le numéro n’est donné "
                        + "qu’à l’émission.",
                    "Start from an order or from nothing: the number is only given at issue."),
                start: new)
    }
}
