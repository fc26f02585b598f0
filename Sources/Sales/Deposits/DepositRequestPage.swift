import Basics
import Core
import Markup

/// A request with what its page shows.
struct DepositRequestRecord: Sendable {
    var deposit: DepositRequest
    var printed: PrintedDocument
    var invoices: [Invoice]
    var activity: [JournalEntry]
    /// What is known of the client's link.
    var shared: SharedDocument?
}

extension Transaction {
    func depositRequestRecord(_ id: DepositRequest.ID) throws -> DepositRequestRecord {
        DepositRequestRecord(
            deposit: try depositRequest(id), printed: try printedDepositRequest(id),
            invoices: try invoices(ofDepositRequest: id),
            activity: try journal(of: .depositRequest, id.value),
            shared: try sharedDocument(SharedSubject(kind: .depositRequest, id: id.value)))
    }
}

/// Everything about one deposit request, with the sheet that its client sees.
struct DepositRequestPage {
    let record: DepositRequestRecord
    let request: Request
    private let parts: RecordParts

    init(_ record: DepositRequestRecord, _ request: Request) {
        self.record = record
        self.request = request
        parts = RecordParts(request)
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }
    private var deposit: DepositRequest { record.deposit }
    private func money(_ amount: Amount) -> String { say.money(amount, deposit.currency) }

    var page: Page {
        Page(
            title: deposit.number, section: .orders,
            path: [(title: deposit.orderNumber, address: "/orders/\(deposit.orderID)")],
            body: """
                \(head)<div class="inv">\(owed)\(document)\
                <div class="stack a-rest">\(link)\(parts.linked(links))\(history)</div></div>
                """)
    }

    private var head: HTML {
        """
        <div class="head"><div class="id"><div class="t"><h1>\(say("Demande d’acompte", "Deposit request")) \
        <span class="num">\(deposit.number)</span></h1>\(DepositPill(deposit, on: request.today, request).html)</div><div class="meta">\
        <a href="/clients/\(deposit.clientID)">\(icon("building-2", .small))\(deposit.clientName)</a>\
        <a href="/orders/\(deposit.orderID)">\(icon("shopping-cart", .small))\(deposit.orderNumber)</a>\
        <span>\(icon("calendar", .small))\(say.longDay(deposit.requestedOn))</span></div></div>
        <div class="acts">\(actions)</div></div>
        """
    }

    private var actions: HTML {
        let pdf = parts.link(deposit.path + "/pdf", "download", Text("PDF", "PDF"), isFile: true)
        guard deposit.status == .requested else { return pdf }
        let send = parts.link(deposit.path + "/send", "send", Text("Envoyer", "Send"))
        let invoice =
            request.may(.issueInvoices) && deposit.leftToInvoice > .zero
            ? parts.button(
                deposit.path + "/invoice", "receipt-euro",
                Text("Émettre la facture d’acompte", "Issue the deposit invoice"), cssClass: "",
                once: true,
                confirm: Text(
                    "La facture d’acompte sera émise pour de bon, à payer.",
                    "The deposit invoice will be issued for good, to be paid.")) : .empty
        let cancel =
            request.may(.writeOrders)
            ? parts.button(
                deposit.path + "/cancel", "circle-x",
                Text("Annuler la demande", "Cancel the request"),
                cssClass: "danger",
                confirm: Text(
                    "Cet acompte ne sera plus attendu.", "This deposit will no longer be expected.")
            )
            : .empty
        return send + pdf + parts.menu(invoice + cancel)
    }

    private var owed: HTML {
        let late = deposit.isLate(on: request.today)
        let due = say("Échéance ", "Due ") + say.shortDay(deposit.dueOn, today: request.today)
        let receive =
            deposit.status == .requested
            ? parts.link(
                deposit.path + "/receive", "banknote",
                Text("Encaisser l’acompte", "Receive the deposit"),
                cssClass: "btn p") : .empty
        return """
            <section class="card owed a-due" aria-labelledby="h-due"><div class="k"><h2 id="h-due">\(say("Acompte attendu", "Deposit expected"))</h2>\
            <span class="num\(late ? " late" : "")">\(due)</span></div><p class="v">\(money(deposit.openAmount))</p>\
            <ul class="k3"><li class="tt">\(say("Encaissé", "Received"))<span class="num">\(money(deposit.paidAmount))</span></li>\
            <li class="tt">\(say("Facturé", "Invoiced"))<span class="num">\(money(deposit.invoicedAmount))</span></li>\
            <li class="tt">\(say("Demandé TTC", "Requested"))<span class="num">\(money(deposit.amount))</span></li></ul>\
            \(if: !receive.isEmpty, "<div class=\"go\">\(receive)</div>")</section>
            """
    }

    private var document: HTML {
        PaperDesk(
            paper: Paper(record.printed, logoAddress: deposit.path + "/logo"),
            title: say("Document", "Document"), pdfAddress: deposit.path + "/pdf", request: request
        ).html
    }

    private var link: HTML {
        guard deposit.status != .cancelled else { return .empty }
        return SharedLinkCard(
            SharedSubject(kind: .depositRequest, id: deposit.id.value), record.shared,
            at: deposit.path, request
        ).html
    }

    private var links: [LinkedDocument] {
        record.invoices.map { invoice in
            LinkedDocument(
                icon: "receipt-euro", title: invoice.number ?? "", address: invoice.path,
                note: say(invoice.kind.label), amount: money(invoice.totalGross))
        }
    }

    private var history: HTML {
        parts.card(
            "history", Text("Historique", "History"),
            "<div class=\"body\">\(Timeline(request).list(record.activity))</div>")
    }
}
