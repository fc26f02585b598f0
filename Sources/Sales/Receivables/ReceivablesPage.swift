import Basics
import Core
import Markup

/// The aged balance: a row for each client, a column for each age, every figure a link to its invoices.
struct ReceivablesPage {
    let filter: ReceivablesFilter
    let listing: Listing<ClientReceivables>
    let total: AgedAmounts
    let credit: Amount
    let request: Request
    private let controls: ListControls

    init(
        _ filter: ReceivablesFilter, _ listing: Listing<ClientReceivables>,
        _ total: (AgedAmounts, credit: Amount), _ request: Request
    ) {
        self.filter = filter
        self.listing = listing
        self.total = total.0
        credit = total.credit
        self.request = request
        controls = ListControls(request, filter.address, filter.query, sort: "-total")
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }

    var page: Page {
        let title = say(Section.receivables.label)
        let filters = controls.filters(
            placeholder: Text("Client, ville, numéro…", "Client, city, number…"), .empty)
        return Page(
            title: title, section: .receivables,
            body: """
                \(ListParts.title(title, count: say.money(total.total, request.currency), actions: actions))\
                \(filters)\(listing.rows.isEmpty ? nothing : table)
                """)
    }

    private var actions: HTML {
        let opening: HTML =
            request.may(.writeInvoices)
            ? """
            <a class="btn" href="/receivables/opening">\(icon("landmark"))\(say("Solde de départ", "Opening balance"))</a>
            """ : .empty
        let payment: HTML =
            request.may(.writePayments)
            ? """
            <a class="btn p" href="/payments/new">\(icon("banknote"))\(say("Nouveau paiement", "New payment"))</a>
            """ : .empty
        return """
            \(ExportMenu(filter.address, request).html)\(ImportLink(.invoices, request).html)\(opening)\(payment)
            """
    }

    private var table: HTML {
        let ages = Age.allCases.map { controls.parts.heading($0.label, cssClass: "n") }.joined()
        let headings: HTML = """
            \(controls.parts.heading(Text("Client", "Client")))\
            \(controls.parts.heading(Text("Total dû", "Total due"), cssClass: "n"))\(ages)\
            \(controls.parts.heading(Text("Avoirs et avances", "Credit"), cssClass: "n"))\
            \(controls.parts.heading(Text("Solde", "Balance"), cssClass: "n"))
            """
        return controls.table(
            Text("Créances par client et par âge", "Receivables by client and age"), headings,
            sum + listing.rows.map(row).joined(), count: listing.rows.count, next: listing.next)
    }

    private var sum: HTML {
        """
        <tr><td class="w"><b>\(say("Tous les clients", "All clients"))</b></td>\
        \(cells(total, credit: credit, client: nil))</tr>
        """
    }

    private func row(_ client: ClientReceivables) -> HTML {
        """
        <tr><td class="w"><div class="who"><span class="av q \(Avatar.tone(client.name))" aria-hidden="true">\
        \(Comptoir.initials(client.name))</span><span><a class="id" href="/clients/\(client.clientID)">\(client.name)</a>\
        <small>\(client.number)</small></span></div></td>\
        \(cells(client.amounts, credit: client.credit, client: client.clientID))</tr>
        """
    }

    private func cells(_ amounts: AgedAmounts, credit: Amount, client: Client.ID?) -> HTML {
        let ages = Age.allCases.map { age -> HTML in
            """
            <td class="n\(age == .notDue || amounts[age] == .zero ? "" : " late")" data-label="\(say(age.label))">\
            \(figure(amounts[age], client, age))</td>
            """
        }.joined()
        return """
            <td class="n amt">\(figure(amounts.total, client, nil))</td>\(ages)\
            <td class="n" data-label="\(say("Avoirs et avances", "Credit"))">\(creditFigure(credit, client))</td>\
            <td class="n" data-label="\(say("Solde", "Balance"))">\(money(amounts.total - credit))</td>
            """
    }

    private func figure(_ amount: Amount, _ client: Client.ID?, _ age: Age?) -> HTML {
        guard amount != .zero else { return "<span class=\"mut nil\">–</span>" }
        let address = ReceivablesPage.address(client: client, age: age?.rawValue)
        return "<a href=\"\(address)\">\(money(amount))</a>"
    }

    private func creditFigure(_ credit: Amount, _ client: Client.ID?) -> HTML {
        guard credit != .zero else { return "<span class=\"mut nil\">–</span>" }
        let address = client.map { "/clients/\($0)" } ?? "/payments?view=credit"
        return "<a href=\"\(address)\">\(money(-credit))</a>"
    }

    private func money(_ amount: Amount) -> String { say.amount(amount, request.currency) }

    /// The list of invoices behind a figure.
    static func address(client: Client.ID?, age: String?) -> String {
        let parameters = [client.map { "client=\($0)" }, age.map { "age=\($0)" }].compactMap(\.self)
        return "/receivables/invoices"
            + (parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&"))
    }

    private var nothing: HTML {
        filter.isNarrowed
            ? controls.nothingFound(Text("Aucun client ne correspond", "No client matches"))
            : controls.nothingYet(
                Text("Personne ne vous doit rien", "Nobody owes you anything"),
                Text(
                    "Les factures émises et non réglées paraîtront ici, de la plus récente à la plus ancienne.",
                    "Invoices that are issued and not settled will appear here by age."),
                start: request.may(.writeInvoices)
                    ? """
                    <a class="btn p" href="/receivables/opening">\(icon("landmark"))\
                    \(say("Reprendre un solde de départ", "Record an opening balance"))</a>
                    """ : .empty)
    }
}

/// The aged balance for a spreadsheet.
extension ClientReceivables {
    static let headings =
        [Text("Numéro", "Number"), Text("Client", "Client"), Text("Total dû", "Total due")]
        + Age.allCases.map(\.label)
        + [Text("Avoirs et avances", "Credit"), Text("Solde", "Balance")]

    func cells(_ currency: Currency) -> [TableCell] {
        let sums = [amounts.total] + amounts.byAge + [-credit, balance]
        return [.text(number), .text(name)] + sums.map { .amount($0, currency) }
    }
}
