import Basics
import Core
import Database
import Markup

/// The list of payments.
struct PaymentListPage {
    let filter: PaymentFilter
    let listing: Listing<Payment>
    let total: Amount
    let client: String?
    let request: Request
    private let controls: ListControls

    init(
        _ filter: PaymentFilter, _ listing: Listing<Payment>, total: Amount, client: String?,
        _ request: Request
    ) {
        self.filter = filter
        self.listing = listing
        self.total = total
        self.client = client
        self.request = request
        controls = ListControls(request, filter.address, filter.query, sort: filter.sortText)
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }

    var page: Page {
        let title = say(Section.payments.label)
        return Page(
            title: title, section: .payments,
            body: """
                \(ListParts.title(title, count: say.money(total, request.currency), actions: actions))\(controls.views(views))\(filters)
                \(controls.clientChip(client))\(listing.rows.isEmpty ? nothing : table)
                """)
    }

    private var views: [(value: String?, label: Text)] {
        [
            (nil, Text("Tous", "All")), ("credit", Text("À affecter", "To allocate")),
            ("undone", Text("Annulés", "Undone")),
        ]
    }

    private var actions: HTML {
        return """
            \(ExportMenu(filter.address, request).html)\(new)
            """
    }

    private var new: HTML {
        guard request.may(.writePayments) else { return .empty }
        let query = filter.client.map { "?client=\($0)" } ?? ""
        return """
            <a class="btn p" href="/payments/new\(query)">\(icon("banknote"))\(say("Nouveau paiement", "New payment"))</a>
            """
    }

    private var filters: HTML {
        controls.filters(
            placeholder: Text("Client, numéro, référence…", "Client, number, reference…"),
            controls.select(
                "method", Text("Moyen", "Method"),
                Payment.Method.allCases.map { ($0.rawValue, say($0.label)) })
                + controls.select(
                    "direction", Text("Sens", "Direction"),
                    Payment.Direction.allCases.map { ($0.rawValue, say($0.label)) })
                + controls.days(Text("Date", "Date")))
    }

    private var table: HTML {
        let parts = controls.parts
        let headings: HTML = """
            \(parts.heading(Text("Paiement", "Payment"), sort: "number"))
            \(parts.heading(Text("Date", "Day"), sort: "day"))
            \(parts.heading(Text("Moyen", "Method"), cssClass: "k2"))
            \(parts.heading(Text("Référence", "Reference"), cssClass: "k3"))
            \(parts.heading(Text("Montant", "Amount"), sort: "amount", cssClass: "n"))
            \(parts.heading(Text("État", "State"), cssClass: "st"))
            """
        return controls.table(
            Text("Liste des paiements", "List of payments"), headings,
            listing.rows.map(row).joined(), count: listing.rows.count, next: listing.next)
    }

    private func row(_ payment: Payment) -> HTML {
        """
        <tr><td class="w"><div class="who"><span class="av q" aria-hidden="true">\(icon(payment.method.icon))</span>\
        <span><a class="id" href="\(payment.path)">\(payment.number)</a><small>\(payment.clientName)</small></span></div></td>
        <td data-label="\(say("Date", "Day"))">\(say.day(payment.paidOn))</td>
        <td class="k2" data-label="\(say("Moyen", "Method"))">\(say(payment.method.label))</td>
        <td class="k3" data-label="\(say("Référence", "Reference"))">\(payment.reference)</td>
        <td class="n amt">\(say.money(payment.signedAmount, payment.currency))\(credit(payment))</td>
        <td class="st">\(PaymentPill(payment, request).html)</td></tr>
        """
    }

    private func credit(_ payment: Payment) -> HTML {
        guard payment.openAmount > .zero, payment.allocatedAmount > .zero else { return .empty }
        let left = say.money(payment.openAmount, payment.currency)
        return "<small>\(say("reste \(left)", "\(left) left"))</small>"
    }

    private var nothing: HTML {
        filter.isNarrowed
            ? controls.nothingFound(Text("Aucun paiement ne correspond", "No payment matches"))
            : controls.nothingYet(
                Text("Votre premier paiement", "Your first payment"),
                Text(
                    "Enregistrez ce que vos clients versent : les factures réglées se marquent d’elles-mêmes.",
                    "Record what clients pay: the invoices that it settles are marked by themselves."
                ),
                start: new)
    }
}

extension Transaction {
    /// All payments of a filter, one line each.
    func exportPayments(_ filter: PaymentFilter, to file: TableFile, _ say: Language) throws {
        let organisation = self.organisation
        try each(
            """
            SELECT \(Payment.columns) FROM payments p
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = p.client_id
            LEFT JOIN users u ON u.id = p.created_by
            WHERE p.organisation_id = \(organisation) \(filter.conditions)
            ORDER BY p.paid_on, p.id
            """
        ) { row in
            let payment = try Payment(row: row)
            func plain(_ amount: Amount) -> TableCell { .amount(amount, payment.currency) }
            try file.add([
                .text(payment.number), .day(payment.paidOn), .text(payment.clientName),
                .text(say(payment.direction.label)), .text(say(payment.method.label)),
                .text(payment.reference), plain(payment.signedAmount),
                plain(payment.allocatedAmount), plain(payment.openAmount),
                .text(payment.isReversed ? say("oui", "yes") : ""),
            ])
        }
    }

    /// Those who owe the most, for a form that wants a client.
    func clientsOwingMost(_ most: Int) throws -> [ClientRow] {
        try all(
            """
            SELECT id, \(ClientRow.columns(currency)),
                sort_name AS sort_value
            FROM clients
            WHERE organisation_id = \(organisation) AND archived_at IS NULL AND open_amount > 0
            ORDER BY open_amount DESC, id LIMIT \(most)
            """)
    }
}

extension PaymentFilter {
    static let headings = [
        Text("Numéro", "Number"), Text("Date", "Day"), Text("Client", "Client"),
        Text("Sens", "Direction"), Text("Moyen", "Method"), Text("Référence", "Reference"),
        Text("Montant", "Amount"), Text("Affecté", "Allocated"), Text("Reste", "Left"),
        Text("Annulé", "Undone"),
    ]
}
