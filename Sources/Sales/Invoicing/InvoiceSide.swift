import Basics
import Core
import Markup

/// Beside the document: payments, linked documents, notes, history.
struct InvoiceSide {
    let record: InvoiceRecord
    let request: Request

    init(_ record: InvoiceRecord, _ request: Request) {
        self.record = record
        self.request = request
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }
    private var invoice: Invoice { record.invoice }

    var cards: HTML { "\(settlements)\(life)\(link)\(linked)\(notes)\(history)" }

    private var link: HTML {
        guard invoice.isLive, invoice.kind != .openingBalance else { return .empty }
        return SharedLinkCard(
            SharedSubject(kind: .invoice, id: invoice.id.value), record.shared, at: invoice.path,
            request
        ).html
    }

    private var parts: RecordParts { RecordParts(request) }

    private var settlements: HTML {
        guard !record.settlements.isEmpty else { return .empty }
        let isNote = invoice.kind == .creditNote
        return parts.card(
            "pay", isNote ? Text("Utilisations", "Uses") : Text("Paiements", "Payments"),
            sub: say.money(record.settlements.map(\.amount).sum(), invoice.currency),
            "<ul class=\"rows\">\(record.settlements, settlement)</ul>")
    }

    private func settlement(_ settlement: InvoiceSettlement) -> HTML {
        let title = settlement.method.map { label(ofMethod: $0) } ?? settlement.number
        let details = [
            say.shortDay(settlement.day, today: request.today),
            settlement.method == nil ? "" : settlement.number, settlement.reference,
        ].filter { !$0.isEmpty }.joined(separator: ", ")
        let name: HTML =
            request.offers(settlement.path)
            ? "<a href=\"\(settlement.path)\">\(title)</a>" : "\(title)"
        return """
            <li><span class="ic ok">\(icon(named: symbol(ofMethod: settlement.method)))</span><div>\(name)\
            <small>\(details)</small></div><span class="num">\(say.money(settlement.amount, invoice.currency))</span></li>
            """
    }

    private func label(ofMethod method: String) -> String {
        switch method {
        case "card": say("Carte", "Card")
        case "transfer": say("Virement", "Transfer")
        case "cheque": say("Chèque", "Cheque")
        case "cash": say("Espèces", "Cash")
        default: say("Autre moyen", "Other means")
        }
    }

    private func symbol(ofMethod method: String?) -> String {
        switch method {
        case "card": "credit-card"
        case "transfer": "landmark"
        case "cheque": "receipt-euro"
        case nil: "undo-2"
        default: "banknote"
        }
    }

    private var linked: HTML { parts.linked(record.linked.map(document)) }

    private func document(_ document: RelatedDocument) -> LinkedDocument {
        let (symbol, label): (StaticString, Text) =
            switch document.kind {
            case .quote: ("file-check", Text("Devis du", "Quote of"))
            case .order: ("shopping-bag", Text("Commande du", "Order of"))
            case .invoice: ("receipt-euro", Text("Facture du", "Invoice of"))
            case .deposit: ("hand-coins", Text("Acompte du", "Deposit of"))
            case .creditNote: ("undo-2", Text("Avoir du", "Credit note of"))
            case .reversal: ("undo-2", Text("Annulation du", "Reversal of"))
            case .corrective: ("receipt-euro", Text("Rectificative du", "Corrective invoice of"))
            }
        let isTaken = document.kind == .creditNote || document.kind == .reversal
        let amount = isTaken ? -document.amount : document.amount
        return LinkedDocument(
            icon: symbol, title: document.number ?? say("Brouillon", "Draft"),
            address: document.path,
            note: say(label) + " " + say.shortDay(document.day, today: request.today),
            amount: say.money(amount, invoice.currency))
    }

    private var life: HTML {
        guard let life = record.lifeCycle else { return .empty }
        let advice = life.status.flatMap { $0.advice(record.statuses.first?.reasonCode ?? "") }
        let timeline: HTML =
            record.statuses.isEmpty
            ? .empty
            : LifeCycleTimeline(
                entries: record.statuses, currency: invoice.currency, request: request
            ).html
        return parts.card(
            "life", Text("Cycle de vie", "Life cycle"),
            """
            <div class="body form-stack"><p class="mut">\(say(life.marking.label))</p>\
            \(advice.map { "<p class=\"note\">\(icon("info"))<span>\(say($0))</span></p>" as HTML })\(completion(life))\(timeline)</div>
            """)
    }

    /// The client waits for something: once it is sent, the invoice goes on.
    private func completion(_ life: SentLifeCycle) -> HTML {
        guard life.status == .suspended, request.may(.issueInvoices) else { return .empty }
        return """
            <form method="post" action="\(invoice.path)/complete">\(FormToken.input(for: request))\
            <button class="btn">\(icon("check"))\(say("Déclarer complétée", "Declare completed"))</button></form>
            """
    }

    private var notes: HTML {
        guard !invoice.notes.isEmpty else { return .empty }
        return parts.card(
            "notes", Text("Notes internes", "Internal notes"),
            "<div class=\"body\"><p class=\"pre\">\(invoice.notes)</p></div>")
    }

    private var history: HTML {
        parts.card(
            "history", Text("Historique", "History"),
            "<div class=\"body\">\(Timeline(request).list(record.activity))</div>")
    }
}
