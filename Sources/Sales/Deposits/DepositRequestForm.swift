import Basics
import Core
import Markup

/// Asks how much of an order is wanted beforehand, as a request or at once as an invoice.
struct DepositRequestForm {
    let order: Order
    /// What may still be asked for, VAT included.
    let left: Amount
    let fields: FormFields
    let request: Request

    init(
        _ order: Order, left: Amount, _ values: [String: String], _ problems: [FieldProblem],
        _ request: Request
    ) {
        self.order = order
        self.left = left
        fields = FormFields(values, problems, request)
        self.request = request
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }
    private func money(_ amount: Amount) -> String { say.money(amount, order.currency) }

    var page: Page {
        let title = say("Demander un acompte", "Request a deposit")
        return Page(
            title: title, section: .orders,
            path: [(title: order.number, address: order.path)], frame: .narrow,
            body: "<div class=\"lh\"><h1>\(title)</h1></div>\(left > .zero ? form : nothingLeft)")
    }

    private var nothingLeft: HTML {
        """
        <p class="note">\(icon("info"))<span>\(say(
            "Le total de cette commande est déjà demandé ou facturé.",
            "The total of this order is already asked for or invoiced."))</span></p>
        """
    }

    private var form: HTML {
        let room = say("reste à demander", "left to ask for") + " " + money(left)
        return """
            <form class="form" method="post" action="\(order.path)/deposit-requests">\(FormToken.input(for: request))\
            \(Submission.input(for: request))\(fields.summary)
            <section class="card"><header><h2>\(order.clientName)</h2><span class="sub">\(room)</span><span class="sp"></span>\
            <span class="num">\(money(order.totalGross))</span></header><div class="body f2">
            \(fields.input("percent", Text("Pourcentage du total TTC", "Percentage of the total"), width: .third, unit: "%", maximum: 10, focus: true))
            \(fields.input("amount", Text("ou montant TTC", "or amount with VAT"), width: .third, unit: order.currency.symbol, maximum: 30))
            \(fields.input("due_on", Text("À payer avant le", "Due on"), type: "date", width: .third, required: true))
            \(fields.textArea("message", Text("Message au client", "Message to the client"), rows: 2, hint: Text("Imprimé sur la demande.", "Printed on the request.")))
            </div></section>
            <p class="note">\(icon("info"))<span>\(say(
                "La demande n’est pas une facture : la facture d’acompte s’émet à l’encaissement. "
                    + "Vous pouvez aussi l’émettre d’abord.",
                "The request is no invoice: the deposit invoice is issued when the money arrives. "
                    + "You may also issue it first."))</span></p>
            <div class="form-end"><a class="btn" href="\(order.path)">\(say("Annuler", "Cancel"))</a>\
            \(if: request.may(.issueInvoices), """
                <button class="btn" formaction="\(order.path)/deposit-invoices">\(icon("receipt-euro"))\
                \(say("Émettre la facture d’acompte", "Issue the deposit invoice"))</button>
                """)\
            <button class="btn p">\(icon("hand-coins"))\(say("Demander l’acompte", "Request the deposit"))</button></div></form>
            """
    }
}

/// Money that arrived for a request.
struct DepositReceiptForm {
    let deposit: DepositRequest
    let fields: FormFields
    let request: Request

    init(
        _ deposit: DepositRequest, _ values: [String: String], _ problems: [FieldProblem],
        _ request: Request
    ) {
        self.deposit = deposit
        fields = FormFields(values, problems, request)
        self.request = request
    }

    /// The deposit invoice is there already: the money is for it.
    static func elsewhere(_ deposit: DepositRequest, _ invoice: Invoice, _ request: Request) -> Page
    {
        let say = request.say
        return RecordParts(request).question(
            say("Encaisser l’acompte", "Receive the deposit"), section: .orders,
            path: [(title: deposit.number, address: deposit.path)],
            text: say(
                "Sa facture d’acompte \(invoice.number ?? "") est déjà émise : enregistrez-y le paiement.",
                "Its deposit invoice \(invoice.number ?? "") is already issued: record the payment there."
            ),
            form: """
                <div class="form-end"><a class="btn" href="\(deposit.path)">\(say("Annuler", "Cancel"))</a>\
                <a class="btn p" href="/payments/new?invoice=\(invoice.id)">\(request.icon("banknote"))\
                \(say("Enregistrer le paiement", "Record the payment"))</a></div>
                """)
    }

    var page: Page {
        let (say, icon) = (request.say, request.icon)
        let title = say("Encaisser l’acompte", "Receive the deposit")
        let methods = Payment.Method.allCases.map { ($0.rawValue, say($0.label)) }
        return Page(
            title: title, section: .orders,
            path: [(title: deposit.number, address: deposit.path)], frame: .narrow,
            body: """
                <div class="lh"><h1>\(title)</h1></div>
                <form class="form" method="post" action="\(deposit.path)/receive">\(FormToken.input(for: request))\
                \(Submission.input(for: request))\(fields.summary)
                <section class="card"><header><h2>\(deposit.clientName)</h2><span class="sub">\(deposit.orderNumber)</span>\
                <span class="sp"></span><span class="num">\(say.money(deposit.openAmount, deposit.currency))</span></header>\
                <div class="body f2">
                \(fields.input("amount", Text("Montant reçu", "Amount received"), width: .third, required: true, unit: deposit.currency.symbol, maximum: 30, focus: true))
                \(fields.input("day", Text("Reçu le", "Received on"), type: "date", width: .third, required: true))
                \(fields.input("reference", Text("Référence", "Reference"), width: .third, maximum: 100))
                \(fields.segments("method", Text("Moyen de paiement", "Method"), methods))
                \(fields.textArea("notes", Text("Notes internes", "Internal notes"), rows: 2))</div></section>
                <p class="note">\(icon("info"))<span>\(say(
                    "La facture d’acompte de ce montant s’émet aussitôt, payée. C’est définitif.",
                    "The deposit invoice of this amount is issued at once, paid. This is final."))</span></p>
                <div class="form-end"><a class="btn" href="\(deposit.path)">\(say("Annuler", "Cancel"))</a>\
                <button class="btn p">\(icon("banknote"))\(say("Encaisser", "Receive"))</button></div></form>
                """)
    }
}
