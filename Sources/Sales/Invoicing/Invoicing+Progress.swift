import Basics
import Core
import Markup

extension Invoicing {
    static func newProgressInvoice(_ request: Request) throws -> Reply {
        .page(try progressPage(request, [:], []))
    }

    static func draftProgressInvoice(_ request: Request) throws -> Reply {
        let id: Order.ID = try request.id()
        var input = Input(try request.form().fields)
        let lines = try request.read { transaction in
            _ = try transaction.order(id)
            return try transaction.lines(of: .order, id.value).filter(\.isCounted)
        }
        var progress = Progress(input.percentage("percent"))
        for line in lines {
            progress.lines[line.id] = input.percentage(Progress.field(line.id))
        }
        do {
            try input.check()
            let path = try request.once { try $0.draftProgressInvoice(of: id, progress).path }
            return .done(
                at: path, say: Text("Brouillon de facture préparé.", "Invoice drafted."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return .page(
                try progressPage(request, input.typed, problem.fields), status: problem.status)
        }
    }

    private static func progressPage(
        _ request: Request, _ values: [String: String], _ problems: [FieldProblem]
    ) throws -> Page {
        let id: Order.ID = try request.id()
        let (order, lines) = try request.read {
            (try $0.order(id), try $0.lines(of: .order, id.value))
        }
        guard order.status.canBeInvoiced else { throw Problem.orderIsNotConfirmed(order) }
        return ProgressPage(order, lines, values, problems, request).page
    }
}

/// Asks how far the work of an order has come.
struct ProgressPage {
    let order: Order
    let lines: [DocumentLine]
    let fields: FormFields
    let request: Request

    init(
        _ order: Order, _ lines: [DocumentLine], _ values: [String: String],
        _ problems: [FieldProblem], _ request: Request
    ) {
        self.order = order
        self.lines = lines.filter(\.isCounted)
        fields = FormFields(values, problems, request)
        self.request = request
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }

    var page: Page {
        let title = say("Facturer l’avancement", "Invoice the progress")
        return Page(
            title: title, section: .orders,
            path: [(title: order.number, address: order.path)], frame: .narrow,
            body: "<div class=\"lh\"><h1>\(title)</h1></div>\(form)")
    }

    private var form: HTML {
        """
        <form class="form" method="post" action="\(order.path)/progress-invoices">\(FormToken.input(for: request))\
        \(Submission.input(for: request))\(fields.summary)
        <section class="card"><header><h2>\(order.clientName)</h2><span class="sp"></span>\
        <span class="num">\(say.money(order.totalGross, order.currency))</span></header><div class="body f2">
        \(fields.input("percent", Text("Avancement de toutes les lignes", "Progress of all lines"), width: .half, hint: Text("Cumulé : 40 % puis 70 %, puis 100 %.", "In all: 40%, then 70%, then 100%."), unit: "%", maximum: 10, focus: true))
        </div></section>
        <section class="card" aria-labelledby="h-l"><header><h2 id="h-l">\(say("Par ligne", "By line"))</h2>\
        <p>\(say("Laissez vide ce qui suit l’avancement général.", "Leave empty what follows the general progress."))</p></header>
        <div class="scroll" tabindex="0" role="group" aria-labelledby="h-l"><table class="tbl cards"><thead><tr>\
        <th scope="col">\(say("Désignation", "Description"))</th><th scope="col" class="n">\(say("Net HT", "Net"))</th>\
        <th scope="col" class="n">\(say("Déjà facturé", "Invoiced"))</th><th scope="col" class="n">\(say("Avancement", "Progress"))</th>\
        </tr></thead><tbody>\(lines, row)</tbody></table></div></section>
        <div class="form-end"><a class="btn" href="\(order.path)">\(say("Annuler", "Cancel"))</a>\
        <button class="btn p">\(icon("receipt-euro"))\(say("Préparer la facture", "Draft the invoice"))</button></div></form>
        """
    }

    private func row(_ line: DocumentLine) -> HTML {
        let name = Progress.field(line.id)
        let label = say("Avancement : ", "Progress: ") + line.label
        return """
            <tr><td class="w"><b>\(line.label)</b></td>
            <td class="n amt">\(say.amount(line.netAmount(in: order.currency), order.currency))</td>
            <td class="n" data-label="\(say("Déjà facturé", "Invoiced"))">\(say.percentage(line.invoicedShare))</td>
            <td class="n" data-label="\(say("Avancement", "Progress"))"><label class="sr" for="\(fields.id(name))">\(label)</label>\
            <div class="unit"><input class="in n" id="\(fields.id(name))" name="\(name)" value="\(fields[name])" inputmode="decimal" \
            maxlength="10" autocomplete="off"\(fields.described(name, nil))><span>%</span></div>\(fields.errorLine(name))</td></tr>
            """
    }
}
