import Basics
import Core
import Markup

/// The closings of months and years, the latest first.
struct ClosingListPage {
    let listing: Listing<PeriodClosing>
    let request: Request

    private var say: Language { request.say }
    static let title = Text("Clôtures", "Closings")

    var page: Page {
        Page(
            title: say(Self.title), section: .books,
            body: """
                \(ListParts.title(say(Self.title), actions: actions))
                \(listing.rows.isEmpty ? nothing : table)
                """)
    }

    private var actions: HTML {
        request.may(.closePeriods)
            ? """
            <a class="btn p" href="/books/closings/new">\(request.icon("lock"))\(say("Clôturer une période", "Close a period"))</a>
            """ : .empty
    }

    private var nothing: HTML {
        ListParts.empty(
            say("Aucune période clôturée", "No period closed yet"),
            say(
                "Une clôture fige les totaux d’un mois ou d’une année : plus rien ne peut y être daté.",
                "A closing freezes the totals of a month or a year: nothing can be dated in it any more."
            ))
    }

    private var table: HTML {
        let controls = ListControls(
            request, ListAddress("/books/closings", request.http.query, keeping: []),
            request.http.query, sort: "")
        let parts = controls.parts
        let headings: HTML = """
            \(parts.heading(Text("Période", "Period")))\
            \(parts.heading(Text("Net HT", "Net"), cssClass: "n k2"))\
            \(parts.heading(Text("TVA", "VAT"), cssClass: "n k2"))\
            \(parts.heading(Text("Total TTC", "Gross"), cssClass: "n"))\
            \(parts.heading(Text("Encaissé", "Received"), cssClass: "n k1"))\
            \(parts.heading(Text("Cumul TTC", "Perpetual total"), cssClass: "n k1"))
            """
        return controls.table(
            Self.title, headings, listing.rows.map(row).joined(), count: listing.rows.count,
            next: listing.next)
    }

    private func row(_ closing: PeriodClosing) -> HTML {
        let totals = closing.totals
        func money(_ amount: Amount) -> String { say.money(amount, closing.currency) }
        return """
            <tr><td class="w"><a class="id" href="\(closing.path)">\(closing.title(say))</a></td>
            <td class="n k2" data-label="\(say("Net HT", "Net"))">\(money(totals.net))</td>
            <td class="n k2" data-label="\(say("TVA", "VAT"))">\(money(totals.vat))</td>
            <td class="n amt">\(money(totals.gross))</td>
            <td class="n k1" data-label="\(say("Encaissé", "Received"))">\(money(totals.received - totals.refunded))</td>
            <td class="n k1" data-label="\(say("Cumul TTC", "Perpetual total"))">\(money(totals.perpetualGross))</td></tr>
            """
    }
}

/// The totals of a period, closed or about to be.
struct ClosingTotals {
    let totals: PeriodTotals
    let vatRows: [ClosedVATRow]
    let currency: Currency
    let request: Request

    private var say: Language { request.say }
    private func money(_ amount: Amount) -> String { say.money(amount, currency) }

    var html: HTML {
        """
        <div class="pair">\(sales)\(received)</div>
        """
    }

    private func card(_ id: String, _ title: Text, _ body: HTML) -> HTML {
        RecordParts(request).card(id, title, "<div class=\"body\">\(body)</div>")
    }

    private var sales: HTML {
        let documents = [
            say.count(
                totals.invoices, Text("facture", "invoice"), Text("factures", "invoices")),
            say.count(
                totals.creditNotes, Text("avoir", "credit note"), Text("avoirs", "credit notes")),
        ].joined(separator: ", ")
        return card(
            "sales", Text("Facturé", "Invoiced"),
            """
            <dl class="dl wide"><dt>\(say("Pièces", "Documents"))</dt><dd>\(documents)</dd>\
            <dt>\(say("Net HT", "Net"))</dt><dd class="num">\(money(totals.net))</dd>\
            \(vatRows, { row in
                """
                <dt>\(say("TVA", "VAT")) \(row.label(say))</dt>\
                <dd class="num">\(money(row.vat)) <small>\(say("sur", "on")) \(money(row.base))</small></dd>
                """
            })\(rounding)<dt>\(say("Total TTC", "Gross"))</dt><dd class="num"><b>\(money(totals.gross))</b></dd>\
            <dt>\(say("Cumul perpétuel TTC", "Perpetual total"))</dt>\
            <dd class="num">\(money(totals.perpetualGross))</dd></dl>
            """)
    }

    /// Prices that include VAT leave a cent now and then.
    private var rounding: HTML {
        let cents = totals.gross - totals.net - totals.vat
        return cents == .zero
            ? .empty
            : """
            <dt>\(say("Arrondi", "Rounding"))</dt><dd class="num">\(money(cents))</dd>
            """
    }

    private var received: HTML {
        card(
            "received", Text("Encaissé", "Received"),
            """
            <dl class="dl wide"><dt>\(say("Paiements", "Payments"))</dt>\
            <dd>\(say.integer(totals.payments))</dd>\
            <dt>\(say("Reçu", "Received"))</dt><dd class="num">\(money(totals.received))</dd>\
            <dt>\(say("Rendu ou annulé", "Paid back or undone"))</dt>\
            <dd class="num">\(money(totals.refunded))</dd>\
            <dt>\(say("Cumul perpétuel encaissé", "Perpetual total received"))</dt>\
            <dd class="num">\(money(totals.perpetualReceived))</dd></dl>
            """)
    }
}

/// One closing.
struct ClosingPage {
    let details: PeriodClosingDetails
    let request: Request

    var page: Page {
        let (say, closing) = (request.say, details.closing)
        let title = closing.title(say)
        let moment = request.organisation.local(closing.closedAt)
        return Page(
            title: title, section: .books,
            path: [(title: say(ClosingListPage.title), address: "/books/closings")],
            body: """
                <div class="head"><span class="av q" aria-hidden="true">\(request.icon("lock"))</span>\
                <div class="id"><div class="t"><h1>\(title)</h1>\
                <span class="pill ok">\(request.icon("check"))\(say("Clôturée", "Closed"))</span></div>\
                <div class="meta"><span>\(say.span(closing.startsOn...closing.endsOn))</span>\
                <span>\(say("par", "by")) \(closing.closedByName), \(say.day(moment.day))</span></div></div></div>
                \(ClosingTotals(
                    totals: closing.totals, vatRows: details.vatRows, currency: closing.currency,
                    request: request).html)
                """)
    }
}

/// Asks which period to close, and shows what would be frozen.
struct NewClosingPage {
    let kind: PeriodClosing.Kind
    let periods: [ClosingDraft]
    let chosen: ClosingDraft?
    let totals: (PeriodTotals, [ClosedVATRow])?
    let fields: FormFields
    let request: Request

    private var say: Language { request.say }

    var page: Page {
        let title = say("Clôturer une période", "Close a period")
        return Page(
            title: title, section: .books,
            path: [(title: say(ClosingListPage.title), address: "/books/closings")],
            body: """
                <div class="lh"><h1>\(title)</h1></div>\(fields.summary)
                <div class="stack">\(kinds)\(chosen.map(form) ?? nothing)</div>
                """)
    }

    private var kinds: HTML {
        """
        <nav class="seg" aria-label="\(say("Période", "Period"))">\(PeriodClosing.Kind.allCases, { one in
            """
            <a href="/books/closings/new?kind=\(one.rawValue)"\
            \(attribute: "aria-current", one == kind ? "true" : nil)>\(say(one.label))</a>
            """
        })</nav>
        """
    }

    private var nothing: HTML {
        ListParts.empty(
            say("Rien à clôturer", "Nothing to close"),
            say(
                "La prochaine période n’est pas encore terminée, ou rien n’a encore été émis.",
                "The next period has not ended yet, or nothing was issued yet."))
    }

    private func form(_ draft: ClosingDraft) -> HTML {
        let title = PeriodClosing.title(draft.kind, draft.startsOn, say)
        return """
            \(choice(draft))\(totals.map {
                ClosingTotals(totals: $0.0, vatRows: $0.1, currency: request.currency, request: request).html
            } ?? .empty)
            <p class="note">\(request.icon("info"))<span>\(say(
                "Une clôture ne se défait pas. Plus aucune facture ni aucun paiement ne pourra être daté jusqu’au \(say.longDay(draft.endsOn)).",
                "A closing cannot be undone. No invoice and no payment can be dated up to \(say.longDay(draft.endsOn)) any more."))</span></p>
            <form class="form" method="post" action="/books/closings">\(FormToken.input(for: request))\
            \(Submission.input(for: request))<input type="hidden" name="kind" value="\(draft.kind.rawValue)">\
            <input type="hidden" name="starts_on" value="\(draft.startsOn.iso)">\
            <div class="form-end"><a class="btn" href="/books/closings">\(say("Annuler", "Cancel"))</a>\
            <button class="btn p">\(request.icon("lock"))\(say("Clôturer \(title)", "Close \(title)"))</button></div></form>
            """
    }

    /// Which one, where there is a choice.
    private func choice(_ draft: ClosingDraft) -> HTML {
        guard periods.count > 1 else { return .empty }
        return """
            <form class="filters" method="get" action="/books/closings/new">\
            <input type="hidden" name="kind" value="\(kind.rawValue)"><span class="sel">\
            <label class="sr" for="starts_on">\(say("Période", "Period"))</label>\
            <select class="in" id="starts_on" name="starts_on" data-submit>\(periods, { one in
                """
                <option value="\(one.startsOn.iso)"\(attribute: "selected", if: one.startsOn == draft.startsOn)>\
                \(PeriodClosing.title(one.kind, one.startsOn, say))</option>
                """
            })</select>\(request.icon("chevron-down", .small))</span>\
            <button class="btn">\(say("Afficher", "Show"))</button></form>
            """
    }
}
