import Basics
import Core
import HTTP
import Markup

/// The latest documents and payments of a client, as cards on their page.
struct ClientDocuments {
    static let mostShown = 5

    let client: Client
    /// Of invoices, credit notes left out.
    let owed: Amount
    let invoices: [InvoiceRow]
    let payments: [Payment]
    let quotes: [Quote]
    let orders: [Order]

    init(_ record: ClientRecord, _ transaction: Transaction) throws {
        client = record.client
        owed = record.owed
        invoices = try transaction.invoices(of: client.id, most: ClientDocuments.mostShown)
        payments = try transaction.payments(of: client.id, most: ClientDocuments.mostShown)
        quotes = try transaction.quotes(of: client.id, most: ClientDocuments.mostShown)
        orders = try transaction.orders(of: client.id, most: ClientDocuments.mostShown)
    }

    func cards(_ request: Request) -> [HTML] {
        [
            request.may(.readInvoices) ? invoiceCard(request) : .empty,
            request.may(.readPayments) ? paymentCard(request) : .empty,
            request.may(.readOrders) ? orderCard(request) : .empty,
            request.may(.readQuotes) ? quoteCard(request) : .empty,
        ]
    }

    private func invoiceCard(_ request: Request) -> HTML {
        let say = request.say
        let open = say.money(owed, request.currency)
        // Documents of an older program stand in a view of their own.
        let isHistory = invoices.first?.origin == .imported
        return card(
            .invoices, Text("Aucune facture.", "No invoice."),
            sub: owed == .zero ? "" : say("reste dû \(open)", "\(open) open"),
            view: isHistory ? "imported" : nil,
            invoices.map { invoice in
                row(
                    invoice.number ?? say("Brouillon", "Draft"), invoice.path, invoice.subject,
                    invoice.issuedOn ?? request.organisation.day(at: invoice.createdAt),
                    InvoiceState.states(of: invoice, on: request.today)
                        .map { "\($0.pill(request)) " }.joined(),
                    say.money(invoice.signed(invoice.totalGross), invoice.currency), request)
            }, request)
    }

    private func paymentCard(_ request: Request) -> HTML {
        let say = request.say
        let credit = say.money(client.creditAmount, request.currency)
        return card(
            .payments, Text("Aucun paiement.", "No payment."),
            sub: client.creditAmount == .zero
                ? "" : say("à affecter \(credit)", "\(credit) to allocate"),
            payments.map { payment in
                row(
                    payment.number, payment.path, say(payment.method.label), payment.paidOn,
                    PaymentPill(payment, request).html,
                    say.money(payment.signedAmount, payment.currency), request)
            }, request)
    }

    private func orderCard(_ request: Request) -> HTML {
        let pills = StatusPill(request)
        return card(
            .orders, Text("Aucune commande.", "No order."),
            orders.map { order in
                row(
                    order.number, order.path, order.head.subject, order.orderedOn,
                    "\(pills.order(order.status)) \(pills.late(order, on: request.today))",
                    request.say.money(order.totalGross, order.currency), request)
            }, request)
    }

    private func quoteCard(_ request: Request) -> HTML {
        card(
            .quotes, Text("Aucun devis.", "No quote."),
            quotes.map { quote in
                row(
                    quote.number, quote.path, quote.head.subject, quote.quotedOn,
                    StatusPill(request).quote(quote.status(on: request.today)),
                    request.say.money(quote.totalGross, quote.currency), request)
            }, request)
    }

    private func card(
        _ section: Section, _ nothing: Text, sub: String = "", view: String? = nil,
        _ rows: [HTML], _ request: Request
    ) -> HTML {
        let say = request.say
        let address = ListAddress(section.address, Fields(), keeping: [])
            .with("client", client.id.description).with("view", view).text
        let all: HTML = """
            <a class="btn g sm" href="\(address)">\(say("Tout voir", "See all"))</a>
            """
        let body: HTML =
            rows.isEmpty
            ? "<div class=\"body\"><p class=\"mut\">\(say(nothing))</p></div>"
            : "<ul class=\"rows\">\(rows.joined())</ul>"
        return """
            <section class="card" aria-labelledby="h-\(section.rawValue)"><header>\
            <h2 id="h-\(section.rawValue)">\(say(section.label))</h2>\
            \(if: !sub.isEmpty, "<span class=\"sub\">\(sub)</span>")<span class="sp"></span>\
            \(if: !rows.isEmpty, all)</header>\(body)</section>
            """
    }

    private func row(
        _ number: String, _ path: String, _ subject: String, _ day: Day, _ pill: HTML,
        _ amount: String, _ request: Request
    ) -> HTML {
        let date = request.say.shortDay(day, today: request.today)
        let note = [date, subject].filter { !$0.isEmpty }.joined(separator: ", ")
        return """
            <li><div><a href="\(path)">\(number)</a> \(pill)<small>\(note)</small></div>\
            <span class="num">\(amount)</span></li>
            """
    }
}
