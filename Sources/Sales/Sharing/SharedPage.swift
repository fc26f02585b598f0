import Basics
import Core
import Markup

/// A document as its client sees it: what it is, what can be done, and the sheet.
struct SharedPage {
    let content: SharedContent
    let path: String
    let fields: FormFields
    let request: Request

    init(
        _ content: SharedContent, path: String, _ values: [String: String],
        _ problems: [FieldProblem], _ request: Request
    ) {
        self.content = content
        self.path = path
        fields = FormFields(values, problems, request)
        self.request = request
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }
    private var printed: PrintedDocument { content.printed }

    var page: Page {
        Page(
            title: printed.fullTitle, frame: .plain,
            body: """
                <main class="page shared" id="content" tabindex="-1">
                <div class="head"><div class="id"><div class="t"><h1>\(printed.fullTitle)</h1>\(state)</div>
                <div class="meta"><span>\(icon("building-2", .small))\(printed.seller.name)</span></div></div>
                <div class="acts"><a class="btn" href="\(path)/pdf" download>\(icon("download"))\
                \(say("Télécharger le PDF", "Download PDF"))</a></div></div>
                <div class="inv"><div class="a-due stack">\(side)</div>
                \(PaperDesk(paper: Paper(printed, logoAddress: path + "/logo"), title: say("Document", "Document"), pdfAddress: path + "/pdf", request: request).html)
                </div></main>
                """)
    }

    private var state: HTML {
        if let quote = content.quote {
            return StatusPill(request).quote(quote.status(on: content.today))
        }
        guard let invoice = content.invoice else { return .empty }
        return InvoiceState.states(of: invoice, on: content.today).map { $0.pill(request) }.joined()
    }

    private var side: HTML {
        if let quote = content.quote { return answer(to: quote) }
        guard let invoice = content.invoice else { return .empty }
        return card(
            invoice.openAmount > .zero
                ? say("Reste à payer", "Left to pay") : say("Total", "Total"),
            say.money(
                invoice.openAmount > .zero ? invoice.openAmount : invoice.totalGross,
                invoice.currency), note: due(invoice))
    }

    private func due(_ invoice: Invoice) -> String {
        guard invoice.openAmount > .zero, let due = invoice.dueOn else { return "" }
        return say("Échéance : ", "Due: ") + say.longDay(due)
    }

    private func card(_ title: String, _ amount: String, note: String) -> HTML {
        """
        <section class="card owed"><div class="k"><h2>\(title)</h2></div><p class="v">\(amount)</p>\
        \(if: !note.isEmpty, "<p class=\"mut\">\(note)</p>")</section>
        """
    }

    private func answer(to quote: Quote) -> HTML {
        let total = card(
            say("Total TTC", "Total"), say.money(quote.totalGross, quote.currency),
            note: say("Valable jusqu’au ", "Valid until ") + say.longDay(quote.validUntil))
        guard content.isAnswerable(at: content.today) else {
            return total + decision(quote)
        }
        return total + """
            <form class="card" method="post" action="\(path)/accept"><header><h2>\(say("Votre réponse", "Your answer"))</h2></header>\
            <div class="body form-stack">\(FormToken.input(for: request))\(fields.summary)
            \(fields.input("name", Text("Votre nom", "Your name"), required: true, autocomplete: "name", maximum: 100))
            \(fields.textArea("note", Text("Un mot pour nous", "A word for us"), hint: Text("Facultatif.", "Optional.")))
            <div class="form-end"><button class="btn p">\(icon("check"))\(say("Accepter le devis", "Accept the quote"))</button>\
            <button class="btn" formaction="\(path)/refuse">\(icon("x"))\(say("Refuser", "Refuse"))</button></div></div></form>
            """
    }

    private func decision(_ quote: Quote) -> HTML {
        let text =
            switch quote.status(on: content.today) {
            case .accepted:
                say("Vous avez accepté ce devis. Merci !", "You accepted this quote. Thank you!")
            case .refused: say("Vous avez refusé ce devis.", "You refused this quote.")
            case .expired:
                say(
                    "Ce devis n’est plus valable. Demandez-nous de le prolonger.",
                    "This quote is no longer valid. Ask us to extend it.")
            case .draft, .sent: ""
            }
        return "<section class=\"card\"><div class=\"body\"><p>\(text)</p></div></section>"
    }

    /// The link opens nothing any more: whom to ask.
    static func over(_ content: SharedContent, _ request: Request) -> Page {
        let say = request.say
        let seller = content.printed.seller
        return Page(
            title: say("Lien expiré", "Expired link"), frame: .plain,
            body: """
                <main class="page narrow" id="content" tabindex="-1"><section class="empty"><h1>\(say("Ce lien n’est plus valable", "This link is no longer valid"))</h1>
                <p>\(say("Demandez-en un nouveau à \(seller.name).", "Ask \(seller.name) for a new one."))</p></section></main>
                """)
    }
}

/// On the page of a quote or invoice: its link for the client.
struct SharedLinkCard {
    let subject: SharedSubject
    let document: SharedDocument?
    let recordPath: String
    let request: Request

    init(
        _ subject: SharedSubject, _ document: SharedDocument?, at recordPath: String,
        _ request: Request
    ) {
        self.subject = subject
        self.document = document
        self.recordPath = recordPath
        self.request = request
    }

    var html: HTML {
        guard request.may(.sendMails) else { return .empty }
        let say = request.say
        let link = SharedLink(to: subject, of: request.organisation.id, at: request.now)
        let address = request.origin + link.path(request.application)
        let seen =
            document?.lastOpenedAt.map {
                say("Ouvert par le client ", "Opened by the client ")
                    + Timeline(request).moment($0)
            } ?? say("Pas encore ouvert par le client.", "Not yet opened by the client.")
        let parts = RecordParts(request)
        return parts.card(
            "shared", Text("Lien pour le client", "Link for the client"),
            """
            <div class="body form-stack"><p class="mut">\(say("Il y lit le document sans compte, jusqu’au ", "The client reads the document there without an account, until "))\
            \(say.longDay(request.organisation.day(at: link.expiresAt))).</p>
            <p><label class="sr" for="shared-link">\(say("Adresse", "Address"))</label>\
            <input class="in" id="shared-link" readonly value="\(address)"></p>
            <p class="mut">\(seen)</p>
            <div class="acts2"><a class="btn sm" href="\(link.path(request.application))" target="_blank" rel="noopener">\
            \(request.icon("external-link"))\(say("Ouvrir", "Open"))</a>\
            \(parts.button(recordPath + "/links/revoke", "circle-x", Text("Retirer les liens", "Withdraw the links"), cssClass: "btn sm", confirm: Text("Les liens déjà donnés n’ouvriront plus rien.", "Links already given will open nothing any more.")))</div></div>
            """)
    }
}
