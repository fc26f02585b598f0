import Basics
import Core
import Markup

/// Everything about one order: how far it is, what of each line is invoiced, where it came from and
/// what was drawn from it.
struct OrderPage {
    let record: OrderRecord
    let request: Request
    let parts: RecordParts

    init(_ record: OrderRecord, _ request: Request) {
        self.record = record
        self.request = request
        parts = RecordParts(request)
    }

    var say: Language { request.say }
    private var icon: Icon { request.icon }
    private var order: Order { record.order }

    var page: Page {
        Page(
            title: order.number, section: .orders,
            body: """
                \(head)\(steps)<div class="grid"><div class="stack">\(OrderLines(record, request).card)\(OrderDeposits(record, request).card)\
                \(text("message", Text("Message au client", "Message to the client"), order.head.message))\
                \(text("notes", Text("Note interne", "Internal note"), order.head.notes))</div>
                <div class="stack">\(facts)\(OrderAssignment(record, request).card)\(parts.linked(links))\(history)</div></div>
                """)
    }

    private var head: HTML {
        let pills = StatusPill(request)
        let subject: HTML =
            order.head.subject.isEmpty
            ? .empty : "<span>\(icon("file-text", .small))\(order.head.subject)</span>"
        return """
            <div class="head"><div class="id"><div class="t"><h1>\(say("Commande ", "Order "))\(order.number)</h1>\
            \(pills.order(order.status))\(pills.late(order, on: request.today))\(pills.priority(order.priority))</div>\
            <div class="meta"><a href="/clients/\(order.clientID)">\(icon("building-2", .small))\(order.clientName)</a>\
            \(subject)</div></div><div class="acts">\(request.may(.writeOrders) ? actions : pdf)</div></div>
            """
    }

    /// The usual next status stands out; the others are in the menu.
    private var actions: HTML {
        let usual = order.status.next.first
        let edit: HTML =
            order.status.canBeEdited
            ? parts.link(order.path + "/edit", "pencil", Text("Modifier", "Edit")) : .empty
        let next = usual.map { turn(to: $0, cssClass: isDone ? "btn" : "btn p") } ?? .empty
        let others = order.status.next.dropFirst().map { turn(to: $0, cssClass: "") }.joined()
        return edit + pdf + next + invoice
            + parts.menu(progress + deposit + others + duplicate + deletion)
    }

    private var pdf: HTML {
        parts.link(order.path + "/pdf", "download", Text("PDF", "PDF"), isFile: true)
    }

    /// Work is done: what comes next is invoicing, not going back to it.
    private var isDone: Bool { order.status == .completed }

    private func turn(to status: OrderStatus, cssClass: StaticString) -> HTML {
        let (name, label) = OrderPage.verb(to: status, from: order.status)
        let isGrave = status == .cancelled
        return parts.button(
            order.path + "/status", name, label, cssClass: isGrave ? "danger" : cssClass,
            confirm: isGrave
                ? Text("Annuler la commande \(order.number) ?", "Cancel order \(order.number)?")
                : nil,
            fields: [("status", status.rawValue)])
    }

    private static func verb(to status: OrderStatus, from before: OrderStatus)
        -> (StaticString, Text)
    {
        switch status {
        case .draft, .confirmed: ("check", Text("Confirmer", "Confirm"))
        case .inProgress:
            before == .completed
                ? ("rotate-ccw", Text("Rouvrir", "Reopen")) : ("play", Text("Démarrer", "Start"))
        case .suspended: ("pause", Text("Suspendre", "Suspend"))
        case .completed: ("circle-check", Text("Terminer", "Complete"))
        case .cancelled: ("circle-x", Text("Annuler la commande", "Cancel the order"))
        }
    }

    private var invoice: HTML {
        guard request.may(.writeInvoices), order.status.canBeInvoiced, record.isLeftToInvoice
        else { return .empty }
        return parts.button(
            order.path + "/invoice", "receipt-euro", Text("Facturer", "Invoice"),
            cssClass: isDone ? "btn p" : "btn", once: true)
    }

    private var deposit: HTML {
        guard order.status.canBeInvoiced, record.isLeftToInvoice else { return .empty }
        return parts.link(
            order.path + "/deposit-requests/new", "hand-coins",
            Text("Demander un acompte", "Request a deposit"), cssClass: "")
    }

    private var progress: HTML {
        guard order.status.canBeInvoiced, record.isLeftToInvoice else { return .empty }
        return parts.link(
            order.path + "/progress-invoices/new", "percent",
            Text("Facturer l’avancement", "Invoice the progress"), cssClass: "")
    }

    private var duplicate: HTML {
        parts.button(
            order.path + "/duplicate", "copy", Text("Dupliquer", "Duplicate"), cssClass: "",
            once: true)
    }

    private var deletion: HTML {
        guard order.status == .draft else { return .empty }
        return parts.button(
            order.path + "/delete", "trash-2", Text("Supprimer le brouillon", "Delete the draft"),
            cssClass: "danger", confirm: OrderPage.deletion(order))
    }

    private var steps: HTML {
        let usual: [OrderStatus] = [.draft, .confirmed, .inProgress, .completed]
        let reached = usual.firstIndex(of: order.status == .suspended ? .inProgress : order.status)
        guard let reached else { return .empty }
        let shown = usual.map { $0 == .inProgress && order.status == .suspended ? .suspended : $0 }
        return """
            <ol class="steps">\(shown.enumerated(), { index, status in
                let isNow = index == reached
                let cssClass: String? = isNow ? "on now" : index < reached ? "on" : nil
                return """
                    <li\(attribute: "class", cssClass)\(attribute: "aria-current", isNow ? "step" : nil)>\
                    \(say(status.label))</li>
                    """
            })</ol>
            """
    }

    private func text(_ id: String, _ title: Text, _ text: String) -> HTML {
        guard !text.isEmpty else { return .empty }
        return parts.card(id, title, "<div class=\"body\"><p class=\"pre\">\(text)</p></div>")
    }

    private var facts: HTML {
        let due = order.dueOn.map { say.longDay($0) } ?? ""
        let facts: [(Text, String)] = [
            (Text("Date", "Date"), say.longDay(order.orderedOn)), (Text("Échéance", "Due"), due),
            (Text("Priorité", "Priority"), say(order.priority.label)),
            (Text("Secteur", "Sector"), order.head.sector),
            (Text("Réf. client", "Client’s ref."), order.head.reference),
            (Text("Contact", "Contact"), record.contact?.name ?? ""),
        ]
        return parts.card(
            "facts", Text("Fiche", "Details"),
            """
            <div class="body"><dl class="dl">\(facts.filter { !$0.1.isEmpty }, {
                "<dt>\(say($0.0))</dt><dd>\($0.1)</dd>"
            })</dl></div>
            """)
    }

    private var links: [LinkedDocument] {
        var links = record.invoices.map { invoice in
            LinkedDocument(
                icon: "receipt-euro", title: invoice.number ?? say("Brouillon", "Draft"),
                address: "/invoices/\(invoice.id)", note: say(invoice.kind.label),
                amount: say.money(invoice.totalGross, invoice.currency))
        }
        if let quote = record.quote {
            links.insert(
                LinkedDocument(
                    icon: "file-text", title: quote.number, address: quote.path,
                    note: say("Devis accepté", "Accepted quote"),
                    amount: say.money(quote.totalGross, quote.currency)), at: 0)
        }
        return links
    }

    private var history: HTML {
        let list = record.history.list(request) { status in
            OrderStatus(rawValue: status)?.label ?? Text(status, status)
        }
        return parts.card(
            "history", Text("Historique", "History"), "<div class=\"body\">\(list)</div>")
    }

    private static func deletion(_ order: Order) -> Text {
        Text(
            "Le brouillon \(order.number) sera supprimé pour de bon.",
            "The draft \(order.number) will be deleted for good.")
    }

    /// For browsers without a script.
    static func deletionPage(_ order: Order, _ request: Request) -> Page {
        let say = request.say
        return RecordParts(request).question(
            say("Supprimer le brouillon", "Delete the draft"), section: .orders,
            path: [(title: order.number, address: order.path)], text: say(deletion(order)),
            form: """
                <form class="form" method="post" action="\(order.path)/delete">\(FormToken.input(for: request))\
                <input type="hidden" name="confirmed" value="1"><div class="form-end">\
                <a class="btn" href="\(order.path)">\(say("Annuler", "Cancel"))</a>\
                <button class="btn p">\(say("Supprimer", "Delete"))</button></div></form>
                """)
    }
}
