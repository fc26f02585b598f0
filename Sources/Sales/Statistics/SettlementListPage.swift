import Basics
import Core
import Markup

/// The settlements behind the mean time to payment.
struct SettlementListPage {
    let filter: SettlementFilter
    let listing: Listing<Settlement>
    let delay: PaymentDelay
    let request: Request
    private let controls: ListControls

    init(
        _ filter: SettlementFilter, _ listing: Listing<Settlement>, _ delay: PaymentDelay,
        _ request: Request
    ) {
        self.filter = filter
        self.listing = listing
        self.delay = delay
        self.request = request
        controls = ListControls(request, filter.address, filter.query, sort: "")
    }

    static let headings = [
        Text("Payé le", "Paid"), Text("Paiement", "Payment"), Text("Facture", "Invoice"),
        Text("Client", "Client"), Text("Montant", "Amount"), Text("Jours", "Days"),
    ]

    private var say: Language { request.say }

    var page: Page {
        let title = say("Délais de paiement", "Days to payment")
        return Page(
            title: title, section: .statistics,
            body: """
                \(ListParts.title(
                    title,
                    count: delay.text(say) + " · " + say.money(delay.settled, request.currency),
                    actions: ExportMenu(filter.address, at: filter.address.path, request).html))\
                <div class="chips">\(controls.dayChips)</div>\
                <div class="stack"><p class="note">\(request.icon("info"))<span>\(note)</span></p>\
                \(listing.rows.isEmpty ? nothing : table)</div>
                """)
    }

    private var note: String {
        say(
            "De la date de la facture à celle du paiement. La moyenne compte chaque règlement selon son montant.",
            "From the day of the invoice to that of the payment. The mean counts each settlement by its amount."
        )
    }

    private var table: HTML {
        let classes: [String] = ["k2", "k1", "", "w", "n", "n"]
        let headings = zip(Self.headings, classes).map {
            controls.parts.heading($0, cssClass: $1)
        }.joined()
        return controls.table(
            Text("Règlements", "Settlements"), headings, listing.rows.map(row).joined(),
            count: listing.rows.count, next: listing.next)
    }

    private func row(_ part: Settlement) -> HTML {
        """
        <tr><td class="k2" data-label="\(say("Payé le", "Paid"))">\(say.day(part.paidOn))</td>
        <td class="k1" data-label="\(say("Paiement", "Payment"))">\
        <a href="/payments/\(part.paymentID)">\(part.paymentNumber)</a></td>
        <td data-label="\(say("Facture", "Invoice"))"><a class="id" href="/invoices/\(part.invoiceID)">\(part.invoiceNumber)</a></td>
        <td class="w">\(part.clientName)</td>
        <td class="n amt">\(say.money(part.amount, request.currency))</td>
        <td class="n" data-label="\(say("Jours", "Days"))">\(say.integer(part.days))</td></tr>
        """
    }

    private var nothing: HTML {
        controls.nothingFound(Text("Aucun règlement ici", "No settlement here"))
    }
}
