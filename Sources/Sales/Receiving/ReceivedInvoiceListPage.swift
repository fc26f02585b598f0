import Basics
import Core
import Markup

/// The list of received invoices.
struct ReceivedInvoiceListPage {
    let filter: ReceivedInvoiceFilter
    let listing: Listing<ReceivedInvoice>
    /// The name of the supplier that the list is narrowed to.
    let supplier: String?
    let request: Request
    private let controls: ListControls

    init(
        _ filter: ReceivedInvoiceFilter, _ listing: Listing<ReceivedInvoice>, supplier: String?,
        _ request: Request
    ) {
        self.filter = filter
        self.listing = listing
        self.supplier = supplier
        self.request = request
        controls = ListControls(request, filter.address, filter.query, sort: filter.order.text)
    }

    private var say: Language { request.say }

    var page: Page {
        controls.page(
            .receivedInvoices,
            views: [
                (nil, Text("Toutes", "All")), ("open", Text("À traiter", "To handle")),
                ("approved", Text("Approuvées", "Approved")),
                ("disputed", Text("En litige", "Disputed")),
                ("refused", Text("Refusées", "Refused")),
            ],
            filters: controls.filters(
                placeholder: Text("Numéro, fournisseur, fichier…", "Number, supplier, file…"),
                keeping: ["supplier"], controls.days(Text("Date de facture", "Date of invoice"))),
            new: new, client: nil,
            list: chip + (listing.rows.isEmpty ? nothing : table))
    }

    private var new: HTML {
        RecordParts(request).link(
            "/received-invoices/new", "inbox", Text("Recevoir une facture", "Receive an invoice"),
            cssClass: "btn p")
    }

    private var chip: HTML {
        guard let supplier else { return .empty }
        return """
            <div class="chips">\(controls.parts.chip(Text("Fournisseur", "Supplier"), supplier, parameter: "supplier"))</div>
            """
    }

    private var table: HTML {
        let parts = controls.parts
        let headings: HTML = """
            \(parts.heading(Text("Facture", "Invoice"), sort: "number"))
            \(parts.heading(Text("Fournisseur", "Supplier")))
            \(parts.heading(Text("Date", "Date"), sort: "issued", cssClass: "k2"))
            \(parts.heading(Text("Échéance", "Due"), cssClass: "k1"))
            \(parts.heading(Text("Reçue", "Received"), sort: "received", cssClass: "k3"))
            \(parts.heading(Text("Total TTC", "Total"), sort: "amount", cssClass: "n"))
            \(parts.heading(Text("État", "Status")))
            """
        return controls.table(
            Text("Factures reçues", "Received invoices"), headings,
            listing.rows.map(row).joined(), count: listing.rows.count, next: listing.next)
    }

    private func row(_ invoice: ReceivedInvoice) -> HTML {
        func day(_ day: Day?) -> String {
            day.map { say.shortDay($0, today: request.today) } ?? ""
        }
        let isLate = invoice.isLate(on: request.today)
        return """
            <tr><td><a class="id" href="\(invoice.path)">\(invoice.number.isEmpty ? say("Sans numéro", "No number") : invoice.number)</a>\
            \(if: invoice.typeCode != "380", "<small>\(say(invoice.kind.label))</small>")</td>
            <td class="w">\(invoice.sender)</td>
            <td class="k2" data-label="\(say("Date", "Date"))">\(day(invoice.issuedOn))</td>
            <td class="k1\(isLate ? " late" : "")" data-label="\(say("Échéance", "Due"))">\(day(invoice.dueOn))</td>
            <td class="k3" data-label="\(say("Reçue", "Received"))">\(day(request.organisation.day(at: invoice.receivedAt)))</td>
            <td class="n amt">\(invoice.grossText(in: say))</td>
            <td class="st">\(LifeCyclePill.html(invoice.status, request))\(doubt(invoice))</td></tr>
            """
    }

    private func doubt(_ invoice: ReceivedInvoice) -> HTML {
        guard invoice.breachCount + invoice.differenceCount > 0 else { return .empty }
        let pills = StatusPill(request)
        return " " + pills.pill("warn", "triangle-alert", Text("À vérifier", "To be checked"))
    }

    private var nothing: HTML {
        filter.isNarrowed
            ? controls.nothingFound(
                Text("Aucune facture reçue ne correspond", "No received invoice matches"))
            : controls.nothingYet(
                Text("Vos factures reçues", "Your received invoices"),
                Text(
                    "Déposez ici les factures de vos fournisseurs : Factur-X, CII ou UBL.",
                    "Hand over the invoices of your suppliers here: Factur-X, CII or UBL."),
                start: new)
    }
}

extension ReceivedInvoice {
    /// Whether it should have been paid, as far as is known here.
    func isLate(on today: Day) -> Bool {
        guard let dueOn, dueOn < today, !kind.isCredit else { return false }
        return ![.refused, .rejected, .paymentSent, .cashed].contains(status)
    }
}
