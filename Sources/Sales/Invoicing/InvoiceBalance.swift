import Basics
import Core
import Markup

/// What is left to pay of an invoice, or to use of a credit note.
struct InvoiceBalance {
    let invoice: Invoice
    let request: Request

    init(_ record: InvoiceRecord, _ request: Request) {
        invoice = record.invoice
        self.request = request
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }
    private var isNote: Bool { invoice.kind == .creditNote }

    /// Drafts owe nothing, and imported documents stand outside receivables: they show their total.
    var card: HTML {
        let isOwed = invoice.isLive
        let title =
            !isOwed
            ? say("Total TTC", "Total")
            : isNote ? say("Reste à utiliser", "Left to use") : say("Reste à payer", "Left to pay")
        return """
            <section class="card owed a-due" aria-labelledby="h-due"><div class="k"><h2 id="h-due">\(title)</h2>\(due)</div>
            <p class="v">\(money(isOwed ? invoice.openAmount : invoice.totalGross))</p>\
            \(if: isOwed, track)<ul class="k3">\(isOwed ? settled : totals)</ul>\
            \(if: invoice.kind != .openingBalance, Calculations.link(invoice.path, request))\(buttons)</section>
            """
    }

    private func money(_ amount: Amount) -> String { say.money(amount, invoice.currency) }

    private var due: HTML {
        guard !isNote else { return .empty }
        guard let day = invoice.dueOn else {
            return "<span class=\"num\">\(invoice.terms.label(in: say))</span>"
        }
        let isLate = invoice.daysOverdue(on: request.today) != nil
        let label = say("Échéance ", "Due ") + say.shortDay(day, today: request.today)
        return "<span class=\"num\(isLate ? " late" : "")\">\(label)</span>"
    }

    private func row(_ mark: HTML, _ label: Text, _ amount: Amount) -> HTML {
        "<li>\(mark)\(say(label))<span class=\"num\">\(money(amount))</span></li>"
    }

    private var settled: HTML {
        let paid = isNote ? Text("Remboursé", "Refunded") : Text("Encaissé", "Paid")
        let credited =
            isNote
            ? Text("Imputé sur factures", "Used on invoices")
            : Text("Avoir imputé", "Credited")
        return """
            \(row("<i class=\"p\"></i>", paid, invoice.paidAmount))\
            \(if: invoice.creditedAmount > .zero, row("<i class=\"a\"></i>", credited, invoice.creditedAmount))\
            <li class="tt">\(say("Total TTC", "Total"))<span class="num">\(money(invoice.totalGross))</span></li>
            """
    }

    private var totals: HTML {
        row(.empty, Text("Total HT", "Net"), invoice.totalNet)
            + row(.empty, Text("TVA", "VAT"), invoice.totalVAT)
    }

    /// Hundredths of the total, so that the bar needs no fractions.
    private func width(_ amount: Amount) -> Int {
        let total = max(invoice.totalGross.minorUnits, 1)
        return Int(Int128(amount.minorUnits) * 10_000 / Int128(total))
    }

    private var track: HTML {
        let (paid, credited) = (width(invoice.paidAmount), width(invoice.creditedAmount))
        let share = (paid + credited) / 100
        return """
            <svg class="track" viewBox="0 0 10000 8" preserveAspectRatio="none" role="img" \
            aria-label="\(say("\(share) % soldés", "\(share)% settled"))">\
            <rect class="p" width="\(paid)" height="8"/><rect class="a" x="\(paid)" width="\(credited)" height="8"/></svg>
            """
    }

    private var buttons: HTML {
        guard invoice.isLive, invoice.openAmount > .zero else { return .empty }
        let parts = RecordParts(request)
        guard isNote else {
            let path = "/payments/new?invoice=\(invoice.id)"
            return go(
                parts.link(
                    path, "banknote", Text("Enregistrer un paiement", "Record a payment"),
                    cssClass: "btn p"))
        }
        let path = "/credit-notes/\(invoice.id)"
        return go(
            parts.link(
                path + "/allocate", "arrow-right",
                Text("Imputer sur une facture", "Use on an invoice"), cssClass: "btn p")
                + parts.link(path + "/refund", "banknote", Text("Rembourser", "Refund")))
    }

    private func go(_ links: HTML) -> HTML {
        links.isEmpty ? .empty : "<div class=\"go\">\(links)</div>"
    }
}
