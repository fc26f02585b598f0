import Basics
import Core
import Markup

/// Chooses what of an invoice is taken back: everything at first, less by changing the quantities.
struct CreditNotePage {
    let invoice: Invoice
    let lines: [CreditableLine]
    /// Whether the invoice takes deposits off.
    let deducts: Bool
    let fields: FormFields
    let request: Request

    init(
        _ invoice: Invoice, _ lines: [CreditableLine], _ values: [String: String],
        _ problems: [FieldProblem], _ request: Request
    ) {
        self.invoice = invoice
        self.lines = lines.filter { $0.line.kind == .item && $0.line.deduction == nil }
        deducts = lines.contains { $0.line.deduction != nil && $0.leftQuantity != .zero }
        fields = FormFields(values, problems, request)
        self.request = request
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }

    static let fieldPrefix = "quantity_"
    static func field(_ line: CreditableLine) -> String { "\(fieldPrefix)\(line.line.id)" }

    /// Everything that is left, to begin with.
    static func values(_ lines: [CreditableLine], _ request: Request) -> [String: String] {
        var values = ["day": request.today.iso]
        for line in lines { values[field(line)] = request.say.typed(line.leftQuantity) }
        return values
    }

    var page: Page {
        let title = say("Avoir sur ", "Credit ") + (invoice.number ?? "")
        return Page(
            title: title, section: .invoices,
            path: [(title: invoice.number ?? "", address: invoice.path)], frame: .narrow,
            body: "<div class=\"lh\"><h1>\(title)</h1></div>\(isOver ? nothingLeft : form)")
    }

    private var isOver: Bool { lines.allSatisfy { $0.leftQuantity <= .zero } }

    private var nothingLeft: HTML {
        """
        <p class="note">\(icon("info"))<span>\(say(
            "Cette facture est déjà entièrement créditée.",
            "This invoice is already credited in full."))</span></p>
        """
    }

    private var form: HTML {
        """
        <form class="form" method="post" action="\(invoice.path)/credit-notes">\(FormToken.input(for: request))\
        \(Submission.input(for: request))\(fields.summary)
        <section class="card" aria-labelledby="h-l"><header><h2 id="h-l">\(say("Quantités à créditer", "Quantities to credit"))</h2>\
        <p>\(say("Tout est proposé. Diminuez, ou mettez 0, pour un avoir partiel.", "Everything is proposed. Lower a quantity, or enter 0, for a partial credit note."))</p></header>
        <div class="scroll" tabindex="0" role="group" aria-labelledby="h-l"><table class="tbl cards"><thead><tr>\
        <th scope="col">\(say("Désignation", "Description"))</th><th scope="col" class="n">\(say("Reste", "Left"))</th>\
        <th scope="col" class="n">\(say("Prix HT", "Price"))</th><th scope="col" class="n">\(say("À créditer", "To credit"))</th>\
        </tr></thead><tbody>\(lines.filter { $0.leftQuantity > .zero }, row)</tbody></table></div></section>
        <section class="card"><div class="body f2">
        \(fields.input("day", Text("Date de l’avoir", "Date of the credit note"), type: "date", width: .third, required: true))
        \(fields.textArea("reason", Text("Motif, imprimé sur l’avoir", "Reason, printed on the credit note"), rows: 2))</div></section>
        \(if: deducts, deposits)<p class="note">\(icon("info"))<span>\(say(
            "C’est définitif. L’avoir vient en déduction de la facture ; ce qui a déjà été payé reste au crédit du client.",
            "This is final. The credit note settles the invoice; what was already paid stays the client’s."))</span></p>
        <div class="form-end"><a class="btn" href="\(invoice.path)">\(say("Annuler", "Cancel"))</a>\
        <button class="btn p">\(icon("undo-2"))\(say("Émettre l’avoir", "Issue the credit note"))</button></div></form>
        """
    }

    private var deposits: HTML {
        """
        <p class="note">\(icon("hand-coins"))<span>\(say(
            "Cette facture déduit des acomptes. Créditée en entier, elle les rend : une autre facture pourra les déduire.",
            "This invoice deducts deposits. Credited in full, it gives them back for another invoice to deduct."))</span></p>
        """
    }

    private func row(_ line: CreditableLine) -> HTML {
        let name = Self.field(line)
        let label = say("Quantité à créditer : ", "Quantity to credit: ") + line.line.label
        return """
            <tr><td class="w"><b>\(line.line.label)</b></td>
            <td class="n" data-label="\(say("Reste", "Left"))">\(say.quantity(line.leftQuantity))</td>
            <td class="n" data-label="\(say("Prix HT", "Price"))">\(say.price(line.line.unitPrice, invoice.currency))</td>
            <td class="n" data-label="\(say("À créditer", "To credit"))"><label class="sr" for="\(fields.id(name))">\(label)</label>\
            <input class="in n" id="\(fields.id(name))" name="\(name)" value="\(fields[name])" inputmode="decimal" \
            maxlength="20" autocomplete="off"\(fields.described(name, nil))>\(fields.errorLine(name))</td></tr>
            """
    }
}
