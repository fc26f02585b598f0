import Basics
import Core
import Markup

/// Everything about one quote, with the sheet that its client sees.
struct QuotePage {
    let record: QuoteRecord
    let request: Request
    private let parts: RecordParts

    init(_ record: QuoteRecord, _ request: Request) {
        self.record = record
        self.request = request
        parts = RecordParts(request)
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }
    private var quote: Quote { record.quote }
    private var status: Quote.Status { quote.status(on: request.today) }

    var page: Page {
        let title = say("Devis ", "Quote ") + quote.number
        return Page(
            title: quote.number, section: .quotes,
            body: """
                \(head(title))<div class="inv">\(validity)
                <section class="desk a-doc" aria-label="\(title)"><header><b>\(say("Document", "Document"))</b>\
                <span class="sp"></span>\(pdf)</header>\
                <div class="mat">\(Paper(record.printed, logoAddress: "/logo").html)</div></section>
                <div class="stack a-rest">\(link)\(parts.linked(links))\(notes)\(history)</div></div>
                """)
    }

    private func head(_ title: String) -> HTML {
        """
        <div class="head"><div class="id"><div class="t"><h1>\(title)</h1>\
        \(StatusPill(request).quote(status))</div><div class="meta">\
        <a href="/clients/\(quote.clientID)">\(icon("building-2", .small))\(quote.clientName)</a>\
        <span>\(icon("calendar", .small))\(say.longDay(quote.quotedOn))</span>\
        \(if: !quote.head.sector.isEmpty, "<span>\(icon("tag", .small))\(quote.head.sector)</span>")</div></div>
        <div class="acts">\(if: request.may(.writeQuotes), actions)</div></div>
        """
    }

    private var pdf: HTML {
        parts.link(
            quote.path + "/pdf", "download", Text("PDF", "PDF"), cssClass: "btn g sm",
            isFile: true)
    }

    /// What can be done now; the usual next step stands out.
    private var actions: HTML {
        let accept = parts.button(
            quote.path + "/accept", "check", Text("Accepté par le client", "Accepted"),
            cssClass: status == .sent ? "btn p" : "", once: true)
        let send = parts.link(
            quote.path + "/send", "send", Text("Envoyer", "Send"),
            cssClass: status == .draft ? "btn p" : "btn")
        let sent = parts.button(
            quote.path + "/sent", "check-check", Text("Marquer envoyé", "Mark as sent"))
        let extend = parts.link(
            quote.path + "/extend", "calendar-clock", Text("Prolonger", "Extend"),
            cssClass: status == .expired ? "btn p" : "")
        let refuse = parts.link(
            quote.path + "/refuse", "circle-x", Text("Refusé", "Refused"),
            cssClass: status == .sent ? "btn" : "")
        let edit = parts.link(quote.path + "/edit", "pencil", Text("Modifier", "Edit"))
        switch status {
        case .draft: return edit + sent + send + parts.menu(accept + duplicate + deletion)
        case .sent: return refuse + accept + parts.menu(resend + extend + reopen + duplicate)
        case .expired: return extend + parts.menu(refuse + reopen + duplicate)
        case .refused: return parts.menu(reopen + duplicate)
        case .accepted: return order + parts.menu(duplicate)
        }
    }

    private var resend: HTML {
        parts.link(
            quote.path + "/send", "send", Text("Envoyer de nouveau", "Send again"), cssClass: "")
    }
    private var reopen: HTML {
        parts.button(
            quote.path + "/reopen", "undo-2", Text("Reprendre en brouillon", "Back to draft"),
            cssClass: "")
    }
    private var duplicate: HTML {
        parts.button(
            quote.path + "/duplicate", "copy", Text("Dupliquer", "Duplicate"), cssClass: "",
            once: true)
    }
    private var deletion: HTML {
        parts.button(
            quote.path + "/delete", "trash-2", Text("Supprimer le brouillon", "Delete the draft"),
            cssClass: "danger", confirm: QuoteQuestions.deletion(quote))
    }
    private var order: HTML {
        guard let order = record.order else { return .empty }
        return parts.link(
            order.path, "shopping-cart", Text("Voir la commande", "See the order"),
            cssClass: "btn p")
    }

    private var link: HTML {
        guard status != .draft else { return .empty }
        return SharedLinkCard(
            SharedSubject(kind: .quote, id: quote.id.value), record.shared, at: quote.path, request
        ).html
    }

    private var validity: HTML {
        let days = quote.validUntil - request.today
        let left: String =
            switch status {
            case .sent where days == 0: say("dernier jour", "last day")
            case .sent: say("encore \(days) j", "\(days) days left")
            default: ""
            }
        return """
            <section class="card owed a-due"><div class="k"><h2>\(say("Total TTC", "Total"))</h2>\
            <span class="num\(status == .expired ? " late" : "")">\(say("Valable jusqu’au", "Valid until")) \
            \(say.shortDay(quote.validUntil, today: request.today))</span></div>\
            <p class="v">\(say.money(quote.totalGross, quote.currency))</p><ul class="k3">\
            <li class="tt">\(say("Total HT", "Net"))<span class="num">\(say.money(quote.totalNet, quote.currency))</span></li>\
            <li class="tt">\(say("TVA", "VAT"))<span class="num">\(say.money(quote.totalVAT, quote.currency))</span></li>\
            \(if: !left.isEmpty, "<li class=\"tt\">\(say("Validité", "Validity"))<span class=\"num\">\(left)</span></li>")\
            </ul>\(Calculations.link(quote.path, request))</section>
            """
    }

    private var links: [LinkedDocument] {
        guard let order = record.order else { return [] }
        return [
            LinkedDocument(
                icon: "shopping-cart", title: order.number, address: order.path,
                note: say("Commande", "Order") + ", " + say(order.status.label).lowercased(),
                amount: say.money(order.totalGross, order.currency))
        ]
    }

    private var notes: HTML {
        guard !quote.head.notes.isEmpty else { return .empty }
        return parts.card(
            "notes", Text("Note interne", "Internal note"),
            "<div class=\"body\"><p class=\"pre\">\(quote.head.notes)</p></div>")
    }

    private var history: HTML {
        let list = record.history.list(request) { status in
            Quote.Status(rawValue: status)?.label ?? Text(status, status)
        }
        return parts.card(
            "history", Text("Historique", "History"), "<div class=\"body\">\(list)</div>")
    }
}
