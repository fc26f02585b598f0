import Basics
import Core

extension Invoicing {
    static func newCreditNote(_ request: Request) throws -> Reply {
        let (invoice, lines) = try creditable(request)
        let values = CreditNotePage.values(lines, request)
        return .page(CreditNotePage(invoice, lines, values, [], request).page)
    }

    static func credit(_ request: Request) throws -> Reply {
        let (invoice, lines) = try creditable(request)
        var input = Input(try request.form().fields)
        let day = input.day("day", required: true)
        var quantities: [DocumentLine.ID: Quantity] = [:]
        for line in lines where line.line.deduction == nil {
            quantities[line.line.id] = input.quantity(CreditNotePage.field(line)) ?? .zero
        }
        let draft = CreditNoteDraft(
            quantities: quantities, reason: input.text("reason", most: 1000))
        do {
            try input.check()
            let path = try request.once { transaction in
                try transaction.issueCreditNote(of: invoice.id, draft, on: day).path
            }
            return .done(at: path, say: Text("Avoir émis.", "Credit note issued."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            let page = CreditNotePage(invoice, lines, input.typed, problem.fields, request).page
            return .page(page, status: problem.status)
        }
    }

    private static func creditable(_ request: Request) throws -> (Invoice, [CreditableLine]) {
        let id: Invoice.ID = try request.id()
        let (invoice, lines) = try request.read { transaction in
            let invoice = try transaction.invoice(id)
            return (invoice, try transaction.creditableLines(of: invoice))
        }
        guard invoice.isCreditable else {
            throw Problem.onlyInvoicesAreCredited
        }
        return (invoice, lines)
    }
}

/// Asks once more before a draft goes.
struct InvoiceDeletionPage {
    let invoice: Invoice
    let request: Request

    init(_ invoice: Invoice, _ request: Request) {
        self.invoice = invoice
        self.request = request
    }

    var page: Page {
        let say = request.say
        let title = say("Supprimer le brouillon ?", "Delete the draft?")
        let text = say(
            "Il n’a pas encore de numéro : rien ne manquera. "
                + "Ce qu’il prenait d’une commande pourra être facturé de nouveau.",
            "It has no number yet, so nothing will be missing. What it took of an order can be "
                + "invoiced again.")
        return Page(
            title: title, section: .invoices,
            path: [(title: invoice.title(in: say), address: invoice.path)], frame: .narrow,
            body: """
                <div class="say"><h1>\(title)</h1><p>\(text)</p>
                <form class="acts" method="post" action="\(invoice.path)/delete">\(FormToken.input(for: request))
                <a class="btn" href="\(invoice.path)">\(say("Annuler", "Cancel"))</a>\
                <button class="btn danger">\(request.icon("trash-2"))\(say("Supprimer", "Delete"))</button></form></div>
                """)
    }
}
