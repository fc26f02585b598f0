import Basics
import Core
import Markup

/// The latest quotes and orders of a client, as cards on their page.
struct ClientDocuments {
    static let mostShown = 5

    let client: Client
    let quotes: [Quote]
    let orders: [Order]

    init(_ client: Client, _ transaction: Transaction) throws {
        self.client = client
        quotes = try transaction.quotes(of: client.id, most: ClientDocuments.mostShown)
        orders = try transaction.orders(of: client.id, most: ClientDocuments.mostShown)
    }

    func cards(_ request: Request) -> [HTML] {
        [
            request.may(.readOrders) ? orderCard(request) : .empty,
            request.may(.readQuotes) ? quoteCard(request) : .empty,
        ]
    }

    private func orderCard(_ request: Request) -> HTML {
        let pills = StatusPill(request)
        return card(
            .orders, Text("Aucune commande.", "No order."),
            orders.map { order in
                row(
                    order.number, order.path, order.head.subject, order.orderedOn,
                    pills.order(order.status) + pills.late(order, on: request.today),
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

    private func card(_ section: Section, _ nothing: Text, _ rows: [HTML], _ request: Request)
        -> HTML
    {
        let say = request.say
        let all: HTML = """
            <a class="btn g sm" href="\(section.address)?client=\(client.id)">\(say("Tout voir", "See all"))</a>
            """
        let body: HTML =
            rows.isEmpty
            ? "<div class=\"body\"><p class=\"mut\">\(say(nothing))</p></div>"
            : "<ul class=\"rows\">\(rows.joined())</ul>"
        return """
            <section class="card" aria-labelledby="h-\(section.rawValue)"><header>\
            <h2 id="h-\(section.rawValue)">\(say(section.label))</h2><span class="sp"></span>\
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
