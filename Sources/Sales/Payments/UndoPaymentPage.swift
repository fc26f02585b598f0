import Basics
import Core
import Markup

/// Asks before a payment is undone, and says what follows.
struct UndoPaymentPage {
    let payment: Payment
    let allocations: [Allocation]
    let fields: FormFields
    let request: Request

    init(
        _ payment: Payment, _ allocations: [Allocation], _ values: [String: String],
        _ problems: [FieldProblem], _ request: Request
    ) {
        self.payment = payment
        self.allocations = allocations
        self.request = request
        fields = FormFields(values, problems, request)
    }

    private var say: Language { request.say }

    var page: Page {
        let title = say("Annuler \(payment.number)", "Undo \(payment.number)")
        return Page(
            title: title, section: .payments,
            path: [(title: payment.number, address: payment.path)],
            frame: .narrow,
            body: """
                <form class="form" method="post" action="\(payment.path)/undo">
                \(FormToken.input(for: request))\(Submission.input(for: request))
                <div class="lh"><h1>\(title)</h1></div>\(fields.summary)
                <section class="card"><header><h2>\(say(payment.role.label)) \(amount)</h2></header><div class="body f2">
                <p class="field">\(consequence)</p>\(list)
                \(fields.input("reason", Text("Motif", "Reason"), required: true, hint: Text("Gardé dans le journal : chèque impayé, saisi deux fois…", "Kept in the journal: bounced cheque, entered twice…"), focus: true))
                </div></section>
                <div class="form-end"><a class="btn" href="\(payment.path)">\(say("Garder le paiement", "Keep the payment"))</a>\
                <button class="btn danger">\(request.icon("undo-2"))\(say("Annuler le paiement", "Undo the payment"))</button></div></form>
                """)
    }

    private var amount: String { say.money(payment.amount, request.currency) }

    private var consequence: String {
        payment.direction == .received
            ? say(
                "Un paiement opposé sera enregistré aujourd’hui, et ces factures seront de nouveau à régler.",
                "An opposite payment will be recorded today, and these invoices will be due again.")
            : say(
                "Un paiement opposé sera enregistré aujourd’hui, et le client retrouvera son avance.",
                "An opposite payment will be recorded today, and the client has the credit again.")
    }

    private var list: HTML {
        guard !allocations.isEmpty, payment.direction == .received else { return .empty }
        return """
            <ul class="field">\(allocations, {
                "<li><a href=\"\($0.targetPath)\">\($0.targetNumber)</a> \(say.money($0.amount, request.currency))</li>"
            })</ul>
            """
    }
}
