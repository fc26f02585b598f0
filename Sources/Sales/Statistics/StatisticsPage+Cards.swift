import Basics
import Core
import Markup

// The cards of the page of figures. Bars only repeat what stands beside them in digits.
extension StatisticsPage {
    var chart: HTML {
        let months = figures.months
        let drawing = BarChart(
            months: months, today: request.today, say: say, currency: request.currency)
        let shown = months[0].month...months[months.count - 1].month.endOfMonth
        let sums: HTML = """
            <dl class="sum"><div><dt><i></i>\(say("Facturé HT", "Invoiced, net"))</dt>\
            <dd><a href="\(links.revenue(shown))">\(money(months.map(\.net).sum()))</a></dd></div>\
            <div><dt><i class="b"></i>\(say("Encaissé", "Received"))</dt>\
            <dd><a href="\(links.received(shown))">\(money(months.map(\.received).sum()))</a></dd></div></dl>
            """
        return card(
            "h-months", Text("Par mois", "By month"), sub: span(months), export: "revenue",
            """
            <div class="body chart">\(sums)\(drawing.drawings)</div>
            <details class="data"><summary>\(icon("chevron-right", .small))\
            \(say("Voir les chiffres", "Show the figures"))</summary>\(monthTable)</details>
            """)
    }

    private func span(_ months: [MonthlyRevenue]) -> String {
        guard let first = months.first?.month, let last = months.last?.month else { return "" }
        return [first, last].map { "\(say.shortMonth($0.month)) \($0.year)" }
            .joined(separator: " – ")
    }

    private var monthTable: HTML {
        table(
            Text("Par mois", "By month"),
            [
                Text("Mois", "Month"), Text("Facturé HT", "Invoiced, net"),
                Text("Encaissé", "Received"),
            ],
            figures.months.map { month in
                """
                <tr><td class="w">\(say.month(month.month.month)) \(month.month.year)</td>\
                <td class="n"><a href="\(links.revenue(month.days))">\(money(month.net))</a></td>\
                <td class="n"><a href="\(links.received(month.days))">\(money(month.received))</a></td></tr>
                """
            })
    }

    /// The first heading is that of a text, the others of numbers. `shares`: the last is not on phones.
    private func table(
        _ label: Text, _ headings: [Text], _ rows: [HTML], shares: Bool = false
    ) -> HTML {
        """
        <div class="scroll" tabindex="0" role="group" aria-label="\(say(label))"><table class="tbl">\
        <thead><tr>\(headings.indices, { index in
            """
            <th scope="col"\(attribute: "class", index == 0 ? nil : shares && index == headings.count - 1 ? "n x" : "n")>\(say(headings[index]))</th>
            """
        })</tr></thead><tbody>\(rows.joined())</tbody></table></div>
        """
    }

    var clients: HTML {
        ranking(
            "h-clients", Text("Meilleurs clients", "Best clients"), export: "clients",
            [Text("Client", "Client"), Text("Net HT", "Net"), Text("Part", "Share")],
            figures.clients.map { ($0.name, $0.net, links.revenue(period.days, of: $0.id)) })
    }

    var items: HTML {
        ranking(
            "h-items", Text("Meilleures prestations", "Best services"), export: "items",
            [Text("Prestation", "Service"), Text("Net HT", "Net"), Text("Part", "Share")],
            figures.items.map { ($0.label(say), $0.net, links.lines(of: $0.id, period.days)) })
    }

    private func ranking(
        _ id: String, _ title: Text, export path: String, _ headings: [Text],
        _ rows: [(name: String, net: Amount, address: String)]
    ) -> HTML {
        let most = percent(rows.map(\.net).max() ?? .zero) ?? 0
        let lines = rows.map { row -> HTML in
            """
            <tr><td class="w">\(row.name)</td>\
            <td class="n amt"><a href="\(row.address)">\(money(row.net))</a></td>\
            <td class="n x">\(share(row.net, longest: most))</td></tr>
            """
        }
        return card(
            id, title, sub: period.label(say), export: path,
            rows.isEmpty ? nothing : table(title, headings, lines, shares: true))
    }

    /// Of the revenue of the period.
    private func percent(_ net: Amount) -> Int? {
        let whole = figures.revenue.net
        guard whole > .zero, net >= .zero else { return nil }
        return Int(roundedQuotient(Int128(net.minorUnits) * 100, Int128(whole.minorUnits)))
    }

    /// The best has the whole bar: among many clients no bar would be seen otherwise.
    private func share(_ net: Amount, longest: Int) -> HTML {
        guard let percent = percent(net) else { return "<span class=\"mut\">–</span>" }
        return """
            <span class="share"><meter min="0" max="\(max(1, longest))" value="\(percent)" aria-hidden="true"></meter>\
            \(percent)\(say("\u{A0}%", "%"))</span>
            """
    }

    private var nothing: HTML {
        "<div class=\"body\"><p class=\"mut\">\(say("Rien sur cette période.", "Nothing in this period."))</p></div>"
    }

    var quotes: HTML {
        let counts = figures.quotes
        let lost = counts.lost
        let rows = counts.all.map { row in
            StatusRow(
                label: say(row.status.label), count: row.count, net: row.net,
                address: links.quotes(row.status.rawValue, period.days))
        }
        let outcome = StatusRow(
            label: say("Perdus : refusés ou expirés", "Lost: refused or expired"),
            count: lost.count, net: lost.net,
            address: links.quotes(QuoteFilter.Outcome.lost.rawValue, period.days))
        return card(
            "h-quotes", Text("Devis", "Quotes"), sub: period.label(say), export: "quotes",
            statuses(rows + [outcome], of: counts.all.reduce(0) { $0 + $1.count }))
    }

    var orders: HTML {
        let rows = figures.orders.map { row in
            StatusRow(
                label: say(row.status.label), count: row.count, net: row.net,
                address: links.orders(row.status, period.days))
        }
        return card(
            "h-orders", Text("Commandes", "Orders"), sub: period.label(say), export: "orders",
            statuses(rows, of: rows.reduce(0) { $0 + $1.count }))
    }

    private struct StatusRow {
        let label: String
        let count: Int
        let net: Amount
        let address: String
    }

    private func statuses(_ rows: [StatusRow], of total: Int) -> HTML {
        """
        <div class="body"><ul class="st-l">\(rows, { row in
            """
            <li><a href="\(row.address)"><span>\(row.label)<small>\(money(row.net))\(say("\u{A0}HT", " net"))</small></span>\
            <meter min="0" max="\(max(1, total))" value="\(row.count)" aria-hidden="true"></meter>\
            <span class="n">\(say.integer(row.count))</span></a></li>
            """
        })</ul></div>
        """
    }

    /// What is owed today, whatever the period.
    var ages: HTML {
        let buckets = Age.allCases.map {
            AgeCard.Bucket($0.label, figures.receivables[$0], address: links.age($0.rawValue))
        }
        return AgeCard(
            buckets, count: figures.receivables.count, address: "/receivables", request
        ).html
    }
}
