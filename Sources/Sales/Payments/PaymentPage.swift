import Basics
import Core
import Markup

/// A payment with what its page shows.
struct PaymentRecord: Sendable {
    var payment: Payment
    var allocations: [Allocation]
    /// What undid it.
    var reversal: Payment?
    /// What it undoes.
    var reversed: Payment?
    var activity: [JournalEntry]
}

struct PaymentPage {
    let record: PaymentRecord
    let request: Request

    init(_ record: PaymentRecord, _ request: Request) {
        self.record = record
        self.request = request
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }
    private var payment: Payment { record.payment }
    private func money(_ amount: Amount) -> String { say.money(amount, payment.currency) }

    var page: Page {
        Page(
            title: payment.number, section: .payments,
            body: """
                \(head)\(undone)<div class="grid"><div class="stack">\(settled)\(notes)\(activity)</div>\
                <div class="stack">\(rest)\(facts)</div></div>
                """)
    }

    private var head: HTML {
        """
        <div class="head"><div class="id"><div class="t"><h1>\(payment.title(in: say))</h1>\(PaymentPill(payment, request).html)</div>
        <div class="meta"><a href="/clients/\(payment.clientID)">\(icon("user-round", .small))\(payment.clientName)</a>\
        <span>\(icon(payment.method.icon, .small))\(say(payment.method.label))</span>\
        <span>\(icon("calendar", .small))\(say.longDay(payment.paidOn))</span></div></div>
        <div class="acts">\(actions)</div></div>
        """
    }

    private var actions: HTML {
        guard request.may(.writePayments), payment.isUndoable else { return .empty }
        return """
            <a class="btn" href="\(payment.path)/undo">\(icon("undo-2"))\(say("Annuler ce paiement", "Undo this payment"))</a>
            """
    }

    private var undone: HTML {
        let link: (String, Payment)? =
            record.reversal.map { (say("Annulé par", "Undone by"), $0) }
            ?? record.reversed.map { (say("Annule", "Undoes"), $0) }
        guard let (text, other) = link else { return .empty }
        return """
            <p class="note">\(icon("undo-2"))<span>\(text) <a href="\(other.path)">\(other.number)</a>, \
            \(say.longDay(other.paidOn)).</span></p>
            """
    }

    private var rest: HTML {
        guard payment.role == .receipt, !payment.isReversed else { return .empty }
        return """
            <section class="card owed" aria-labelledby="h-r"><div class="k"><h2 id="h-r">\(say("Reste disponible", "Left to use"))</h2></div>\
            <p class="v">\(money(payment.openAmount))</p><ul class="k3">\
            <li>\(say("Affecté", "Allocated"))<span class="num">\(money(payment.allocatedAmount))</span></li>\
            <li class="tt">\(say("Reçu", "Received"))<span class="num">\(money(payment.amount))</span></li></ul>\
            \(if: payment.openAmount > .zero && request.may(.writePayments), use)</section>
            """
    }

    private var use: HTML {
        """
        <div class="go"><a class="btn p" href="\(payment.path)/allocate">\(icon("check-check"))\
        \(say("Régler des factures", "Settle invoices"))</a>\
        <a class="btn" href="\(payment.path)/refund">\(icon("hand-coins"))\(say("Rembourser", "Refund"))</a></div>
        """
    }

    private var settled: HTML {
        let title =
            payment.direction == .received
            ? say("Ce qu’il a réglé", "What it settled")
            : say("Ce qu’il rembourse", "What it refunds")
        let body: HTML =
            record.allocations.isEmpty
            ? "<div class=\"body\"><p class=\"mut\">\(nothing)</p></div>"
            : "<ul class=\"rows\">\(record.allocations, row)</ul>"
        return """
            <section class="card" aria-labelledby="h-s"><header><h2 id="h-s">\(title)</h2></header>\(body)</section>
            """
    }

    private var nothing: String {
        if payment.isReversed || payment.role == .reversal {
            return say("Rien : il est annulé.", "Nothing: it is undone.")
        }
        return say(
            "Rien encore : le montant entier est l’avance du client.",
            "Nothing yet: the whole amount is the client’s credit.")
    }

    private func row(_ allocation: Allocation) -> HTML {
        let isReceived = payment.direction == .received
        let path = isReceived ? allocation.targetPath : allocation.sourcePath
        let number = isReceived ? allocation.targetNumber : allocation.sourceNumber
        let kind =
            isReceived
            ? (allocation.refundID == nil
                ? say("Facture", "Invoice") : say("Remboursement", "Refund"))
            : (allocation.paymentID == nil
                ? say("Avoir", "Credit note") : say("Paiement", "Payment"))
        return """
            <li><span class="ic ok">\(icon(allocation.refundID == nil ? "receipt-euro" : "hand-coins"))</span>\
            <div><a href="\(path)">\(number)</a><small>\(kind)</small></div>\
            <span class="num">\(money(allocation.amount))</span></li>
            """
    }

    private var notes: HTML {
        guard !payment.notes.isEmpty else { return .empty }
        return """
            <section class="card" aria-labelledby="h-n"><header><h2 id="h-n">\(say("Notes internes", "Internal notes"))</h2></header>\
            <div class="body"><p class="pre">\(payment.notes)</p></div></section>
            """
    }

    private var activity: HTML {
        """
        <section class="card" aria-labelledby="h-a"><header><h2 id="h-a">\(say("Activité", "Activity"))</h2></header>\
        <div class="body">\(Timeline(request).list(record.activity))</div></section>
        """
    }

    private var facts: HTML {
        let facts: [(Text, String)] = [
            (Text("Montant", "Amount"), money(payment.signedAmount)),
            (Text("Référence", "Reference"), payment.reference),
            (Text("Enregistré le", "Recorded on"), Timeline(request).moment(payment.createdAt)),
            (Text("Par", "By"), payment.createdByName),
        ]
        return """
            <section class="card" aria-labelledby="h-f"><header><h2 id="h-f">\(say("Fiche", "Details"))</h2></header>\
            <div class="body"><dl class="dl">\(facts.filter { !$0.1.isEmpty }, {
                "<dt>\(say($0.0))</dt><dd>\($0.1)</dd>"
            })</dl></div></section>
            """
    }
}

/// What a payment is today, in a word.
struct PaymentPill {
    let payment: Payment
    let request: Request

    init(_ payment: Payment, _ request: Request) {
        self.payment = payment
        self.request = request
    }

    var html: HTML {
        let (say, icon) = (request.say, request.icon)
        if payment.isReversed {
            return
                "<span class=\"pill bad\">\(icon("undo-2", .small))\(say("Annulé", "Undone"))</span>"
        }
        switch payment.role {
        case .reversal, .refund:
            return "<span class=\"pill\">\(icon("undo-2", .small))\(say(payment.role.label))</span>"
        case .receipt where payment.openAmount == .zero:
            return
                "<span class=\"pill ok\">\(icon("check", .small))\(say("Affecté", "Allocated"))</span>"
        case .receipt where payment.allocatedAmount == .zero:
            return
                "<span class=\"pill warn\">\(icon("coins", .small))\(say("Avance", "Credit"))</span>"
        case .receipt:
            return
                "<span class=\"pill warn\">\(icon("coins", .small))\(say("Reste à affecter", "Partly used"))</span>"
        }
    }
}
