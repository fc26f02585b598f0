import Basics
import Core
import Markup

/// The open invoices of a client with a field for the part of each to settle.
struct SettlementTable {
    let invoices: [OpenInvoice]
    let fields: FormFields
    let request: Request
    /// Whether there is money to spread already.
    var canPropose = true

    private var say: Language { request.say }
    private var icon: Icon { request.icon }

    var html: HTML {
        """
        <section class="card" aria-labelledby="h-open" id="settle" data-region><header>\
        <h2 id="h-open">\(say("Factures à régler", "Invoices to settle"))</h2><span class="sp"></span>\
        \(if: canPropose && !invoices.isEmpty, propose)</header>\
        \(invoices.isEmpty ? nothing : table)</section>
        """
    }

    private var propose: HTML {
        """
        <button class="btn sm" name="op" value="propose" formnovalidate>\(icon("list-restart"))\
        \(say("Répartir, les plus anciennes d’abord", "Spread, oldest first"))</button>
        """
    }

    private var nothing: HTML {
        """
        <div class="body"><p class="mut">\(say(
            "Ce client n’a rien à régler : le montant restera son avance.",
            "This client has nothing to pay: the amount stays as credit."))</p></div>
        """
    }

    private var table: HTML {
        """
        <div class="scroll" tabindex="0" role="group" aria-label="\(say("Factures à régler", "Invoices to settle"))">
        <table class="tbl cards"><thead><tr><th scope="col">\(say("Facture", "Invoice"))</th>\
        <th scope="col">\(say("Échéance", "Due"))</th>\
        <th scope="col" class="n">\(say("Reste dû", "Still due"))</th>\
        <th scope="col" class="n">\(say("À régler", "To settle"))</th></tr></thead>\
        <tbody>\(invoices, row)</tbody></table></div>
        """
    }

    private func row(_ invoice: OpenInvoice) -> HTML {
        let late: HTML =
            invoice.daysOverdue(on: request.today).map {
                "<small class=\"late\">\(say("\($0)\u{A0}j de retard", "\($0)\u{A0}d late"))</small>"
            } ?? .empty
        return """
            <tr><td class="w"><a class="id" href="\(invoice.path)">\(invoice.number)</a>\
            <small>\(invoice.subject)</small></td>
            <td data-label="\(say("Échéance", "Due"))">\(say.day(invoice.dueOn))\(late)</td>
            <td class="n amt">\(say.money(invoice.openAmount, request.currency))</td>
            <td class="n" data-label="\(say("À régler", "To settle"))">\(field(invoice))</td></tr>
            """
    }

    private func field(_ invoice: OpenInvoice) -> HTML {
        let name = PlannedAllocation.field(invoice.id)
        let id = fields.id(name)
        return """
            <label class="sr" for="\(id)">\(say("À régler sur", "To settle on")) \(invoice.number)</label>\
            <div class="unit"><input class="in n" id="\(id)" name="\(name)" value="\(fields[name])" \
            inputmode="decimal" autocomplete="off" maxlength="30"\(fields.described(name, nil))>\
            <span>\(request.currency.symbol)</span></div>\(fields.errorLine(name))
            """
    }
}

/// What the typed parts add up to, computed by the server while somebody types.
struct SettlementTotals {
    let available: Amount
    let settled: Amount
    let label: Text
    let request: Request

    var html: HTML {
        let say = request.say
        let rest = available - settled
        func money(_ amount: Amount) -> String { say.money(amount, request.currency) }
        let last: HTML =
            rest < .zero
            ? """
            <div class="grand late"><dt>\(say("En trop", "Too much"))</dt><dd>\(money(-rest))</dd></div>
            """
            : """
            <div class="grand"><dt>\(say("Reste en avance", "Left as credit"))</dt><dd>\(money(rest))</dd></div>
            """
        return """
            <div class="tot" id="totals" data-region data-live><dl>\
            <div class="r"><dt>\(say(label))</dt><dd>\(money(available))</dd></div>\
            <div class="r"><dt>\(say("Factures réglées", "Invoices settled"))</dt><dd>\(money(settled))</dd></div>\
            </dl><dl>\(last)</dl></div>
            """
    }
}
