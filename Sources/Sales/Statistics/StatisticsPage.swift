import Basics
import Core
import HTTP
import Markup

/// The page of figures: how things stand today, then a period that one chooses.
struct StatisticsPage {
    let figures: StatisticsFigures
    let request: Request
    let links: FigureLinks

    init(_ figures: StatisticsFigures, _ request: Request) {
        self.figures = figures
        self.request = request
        links = FigureLinks(withImported: figures.period.withImported)
    }

    var say: Language { request.say }
    var icon: Icon { request.icon }
    var period: StatisticsPeriod { figures.period }
    func money(_ amount: Amount) -> String { say.money(amount, request.currency) }

    var page: Page {
        Page(
            title: say(Section.statistics.label), section: .statistics,
            body: """
                \(ListParts.title(say(Section.statistics.label), actions: exports + importSwitch))
                \(headline)\(ages)
                <h2 class="part" id="period">\(say("Période : ", "Period: "))\(period.label(say))</h2>
                \(PeriodChooser(period, request).html)
                \(ofPeriod)
                <div class="stack">\(chart)<div class="pair">\(clients)\(items)</div>
                <div class="pair">\(quotes)\(orders)</div></div>
                """)
    }

    /// As the page was asked for.
    private var address: ListAddress {
        ListAddress(
            "/statistics", request.http.query, keeping: ["period", "on", "from", "to", "imported"])
    }

    /// The tables that stand on no card of their own.
    private var exports: HTML {
        let tables = [
            ("revenue", Text("Chiffre d’affaires par mois", "Revenue by month")),
            ("payments", Text("Encaissements par mois", "Payments by month")),
            ("receivables", Text("Créances par âge", "Receivables by age")),
        ]
        return """
            <details class="menu"><summary class="btn">\(icon("download"))\(say("Exporter", "Export"))\
            \(icon("chevron-down", .small))</summary><div class="pop">\(tables, { path, label in
                """
                <p>\(say(label))</p>\(ExportMenu(address, at: "/statistics/" + path, request).links)
                """
            })</div></details>
            """
    }

    /// Imported history is left out unless asked for.
    private var importSwitch: HTML {
        let isOn = period.withImported
        let text =
            isOn
            ? say("Sans l’historique importé", "Without imported history")
            : say("Avec l’historique importé", "With imported history")
        return """
            <a class="btn" href="\(address.with("imported", isOn ? nil : "yes").text)">\
            \(icon(isOn ? "x" : "history"))\(text)</a>
            """
    }

    // MARK: Key figures

    /// A tile: its figure is one link, and so is what it is compared with.
    func tile(
        _ label: String, _ value: String, address: String, note: HTML = .empty
    ) -> HTML {
        """
        <div class="kpi go"><dt><a href="\(address)">\(label)</a>\(icon("arrow-up-right", .small))</dt>\
        <dd class="v">\(value)</dd>\(if: !note.isEmpty, "<dd class=\"d\">\(note)</dd>")</div>
        """
    }

    private func comparison(
        _ now: Amount, _ before: Amount, _ days: ClosedRange<Day>, address: String
    ) -> HTML {
        let change: HTML =
            now.change(since: before).map { percent in
                let sign = percent > 0 ? "+" : percent < 0 ? "\u{2212}" : ""
                return """
                    <span class="\(percent < 0 ? "down" : "up")">\
                    \(icon(percent < 0 ? "trending-down" : "trending-up", .small))\
                    \(sign)\(say.integer(Int(percent.magnitude)))\(say("\u{A0}%", "%"))</span>
                    """
            } ?? .empty
        return """
            \(change)<span>\(say("contre", "against")) <a href="\(address)">\(money(before))</a> \
            (\(say.span(days)))</span>
            """
    }

    private var headline: HTML {
        let stretches = Headline.Stretch.allCases
        func row(
            _ name: Text, _ amount: (Revenue) -> Amount, _ address: (ClosedRange<Day>) -> String
        ) -> HTML {
            """
            <dl class="kpis" aria-label="\(say(name))">\(stretches, { stretch in
                guard let now = figures.headline.now[stretch],
                    let before = figures.headline.before[stretch]
                else { return .empty }
                return tile(
                    say(name) + ", " + say.lowered(stretch.label), money(amount(now)),
                    address: address(now.days),
                    note: comparison(
                        amount(now), amount(before), before.days, address: address(before.days)))
            })</dl>
            """
        }
        return row(Text("Facturé HT", "Invoiced, net"), \.net) { links.revenue($0) }
            + row(Text("Encaissé", "Received"), \.received) { links.received($0) }
    }

    private var ofPeriod: HTML {
        let days = period.days
        let (now, before) = (figures.revenue, figures.before)
        return """
            <dl class="kpis" aria-label="\(period.label(say))">\
            \(tile(
                say("Facturé HT", "Invoiced, net"), money(now.net), address: links.revenue(days),
                note: comparison(
                    now.net, before.net, before.days, address: links.revenue(before.days))))\
            \(tile(
                say("Encaissé", "Received"), money(now.received), address: links.received(days),
                note: comparison(
                    now.received, before.received, before.days,
                    address: links.received(before.days))))\
            \(tile(
                say("Délai moyen de paiement", "Mean time to payment"), figures.delay.text(say),
                address: links.settlements(days),
                note: "\(say("sur", "over")) \(money(figures.delay.settled))"))\
            \(tile(
                say("Devis gagnés", "Quotes won"), rate,
                address: links.quotes(QuoteFilter.Outcome.decided.rawValue, days), note: decided))</dl>
            """
    }

    private var rate: String { figures.quotes.rate.map { say.percentage($0.rounded) } ?? "–" }

    private var decided: HTML {
        let count = figures.quotes.decided.count
        let text = say.count(
            count, Text("devis décidé", "quote decided"), Text("devis décidés", "quotes decided"))
        return "\(say("de", "of")) \(text)"
    }

    // MARK: Cards

    /// A card with a table that can be taken away as a file.
    func card(
        _ id: String, _ title: Text, sub: String = "", export path: String, _ content: HTML
    ) -> HTML {
        """
        <section class="card" aria-labelledby="\(id)"><header><h2 id="\(id)">\(say(title))</h2>\
        \(if: !sub.isEmpty, "<span class=\"sub\">\(sub)</span>")<span class="sp"></span>\
        \(ExportMenu(address, at: "/statistics/" + path, isSmall: true, request).html)</header>\(content)</section>
        """
    }
}

extension Percentage {
    /// To whole percent.
    fileprivate var rounded: Percentage {
        Percentage(hundredths: roundedQuotient(Int128(hundredths), 100) * 100)
    }
}

extension Language {
    /// Within a sentence.
    fileprivate func lowered(_ text: Text) -> String {
        let text = self(text)
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}
