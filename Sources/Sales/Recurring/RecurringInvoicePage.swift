import Basics
import Core
import Markup

/// Everything about one recurring invoice: what it holds, when it comes, what became of each period.
struct RecurringInvoicePage {
    let details: RecurringInvoiceDetails
    let activity: [JournalEntry]
    let request: Request
    private let parts: RecordParts

    init(_ details: RecurringInvoiceDetails, _ activity: [JournalEntry], _ request: Request) {
        self.details = details
        self.activity = activity
        self.request = request
        parts = RecordParts(request)
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }
    private var recurring: RecurringInvoice { details.recurring }
    private func day(_ day: Day) -> String { say.longDay(day) }

    var page: Page {
        Page(
            title: recurring.number, section: .recurringInvoices,
            body: """
                \(head)\(problem)<div class="grid"><div class="stack">\(lines)\(periods)</div>
                <div class="stack">\(facts)\(notes)\(history)</div></div>
                """)
    }

    private var head: HTML {
        """
        <div class="head"><div class="id"><div class="t"><h1>\(say("Abonnement ", "Recurring invoice "))\(recurring.number)</h1>\
        \(StatusPill(request).recurring(recurring.status))</div><div class="meta">\
        <a href="/clients/\(recurring.clientID)">\(icon("building-2", .small))\(recurring.clientName)</a>\
        \(if: !recurring.head.subject.isEmpty, "<span>\(icon("file-text", .small))\(recurring.head.subject)</span>")</div></div>
        <div class="acts">\(actions)</div></div>
        """
    }

    private var actions: HTML {
        guard request.may(.issueInvoices) else { return .empty }
        let edit = parts.link(recurring.path + "/edit", "pencil", Text("Modifier", "Edit"))
        switch recurring.status {
        case .active:
            return edit
                + parts.button(
                    recurring.path + "/pause", "pause", Text("Mettre en pause", "Pause"))
        case .paused:
            return edit
                + parts.button(
                    recurring.path + "/resume", "play", Text("Reprendre", "Resume"),
                    cssClass: "btn p")
        case .ended: return edit
        }
    }

    private var problem: HTML {
        guard !recurring.problem.isEmpty else { return .empty }
        return """
            <div class="alert warn" role="alert">\(icon("triangle-alert"))<b>\(say("Mis en pause par le programme", "Paused by the program"))</b>\
            <p>\(recurring.problem)</p></div>
            """
    }

    private var lines: HTML {
        let written = PrintedLines(
            details.lines, in: recurring.currency, say: say,
            speaksOfVAT: request.organisation.vatRegime != .franchise)
        func title(_ kind: PrintedDocument.Column.Kind) -> String {
            written.columns.first { $0.kind == kind }?.title ?? ""
        }
        let rows = written.printed.map { line -> HTML in
            switch line {
            case .section(let title):
                "<tr><th scope=\"rowgroup\" colspan=\"4\" class=\"w\">\(title)</th></tr>"
            case .text(let words): "<tr><td colspan=\"4\" class=\"w mut\">\(words)</td></tr>"
            case .item(let item):
                """
                <tr><td class="w">\(item.label)\(if: !item.description.isEmpty, "<small>\(item.description)</small>")</td>
                <td class="n" data-label="\(title(.quantity))">\(item.cells[.quantity] ?? "")</td>
                <td class="n" data-label="\(title(.price))">\(item.cells[.price] ?? "")</td>
                <td class="n amt">\(item.cells[.net] ?? "")</td></tr>
                """
            }
        }.joined()
        return parts.card(
            "lines", Text("Lignes", "Lines"),
            """
            <div class="scroll" tabindex="0" role="group" aria-label="\(say("Lignes", "Lines"))">\
            <table class="tbl cards"><thead><tr><th scope="col">\(title(.label))</th>\
            <th scope="col" class="n">\(title(.quantity))</th><th scope="col" class="n">\(title(.price))</th>\
            <th scope="col" class="n">\(title(.net))</th></tr></thead><tbody>\(rows)</tbody></table></div>\
            <div class="tot"><dl>\(written.sums, { sum in
                """
                <div class="\(sum.isTotal ? "grand" : "r")"><dt>\(sum.label)</dt><dd>\(sum.value)</dd></div>
                """
            })</dl></div>
            """)
    }

    private var periods: HTML {
        let body: HTML =
            details.periods.isEmpty
            ? "<div class=\"body\"><p class=\"mut\">\(say("Aucune facture encore.", "No invoice yet."))</p></div>"
            : "<ul class=\"rows\">\(details.periods, period)</ul>"
        return parts.card("periods", Text("Factures", "Invoices"), body)
    }

    private func period(_ period: RecurringPeriod) -> HTML {
        let isMade = period.invoiceID != nil
        let name =
            !isMade
            ? say("Brouillon supprimé", "Draft deleted")
            : period.invoiceNumber ?? say("Brouillon", "Draft")
        let title: HTML =
            period.invoiceID.map { "<a href=\"/invoices/\($0)\">\(name)</a>" } ?? "\(name)"
        let amount = period.totalGross.map { say.money($0, recurring.currency) } ?? ""
        let isWrong = !period.problem.isEmpty
        return """
            <li><span class="ic\(isWrong ? "" : " ok")">\(icon(isWrong ? "triangle-alert" : "receipt-euro"))</span>\
            <div>\(title)<small>\(day(period.periodOn))\(if: isWrong, " · \(period.problem)")</small></div>\
            <span class="num">\(amount)</span></li>
            """
    }

    private var facts: HTML {
        let schedule = recurring.schedule
        let facts: [(Text, String)] = [
            (Text("Prochaine facture", "Next invoice"), recurring.nextOn.map(day) ?? ""),
            (Text("Fréquence", "Frequency"), say(schedule.frequency.label)),
            (Text("Jour du mois", "Day of the month"), String(schedule.dayOfMonth)),
            (Text("Début", "Start"), day(schedule.startsOn)),
            (Text("Fin", "End"), schedule.endsOn.map(day) ?? say("sans fin", "none")),
            (Text("Chaque facture", "Each invoice"), say(recurring.delivery.label)),
            (Text("Réf. client", "Client’s ref."), recurring.head.reference),
        ]
        return parts.card(
            "facts", Text("Fiche", "Details"),
            """
            <div class="body"><dl class="dl">\(facts.filter { !$0.1.isEmpty }, {
                "<dt>\(say($0.0))</dt><dd>\($0.1)</dd>"
            })</dl></div>
            """)
    }

    private var notes: HTML {
        let texts = [
            ("message", Text("Message au client", "Message to the client"), recurring.head.message),
            ("notes", Text("Note interne", "Internal note"), recurring.head.notes),
        ]
        return texts.filter { !$0.2.isEmpty }.map {
            parts.card($0.0, $0.1, "<div class=\"body\"><p class=\"pre\">\($0.2)</p></div>")
        }.joined()
    }

    private var history: HTML {
        parts.card(
            "history", Text("Historique", "History"),
            "<div class=\"body\">\(Timeline(request).list(activity))</div>")
    }
}
