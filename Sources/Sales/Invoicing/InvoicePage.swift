import Basics
import Core
import Markup

/// Everything about one invoice: what is owed, the document, its payments and its history.
struct InvoicePage {
    let record: InvoiceRecord
    let request: Request

    init(_ record: InvoiceRecord, _ request: Request) {
        self.record = record
        self.request = request
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }
    private var invoice: Invoice { record.invoice }

    var page: Page {
        Page(
            title: invoice.number ?? invoice.title(in: say), section: .invoices,
            body: """
                \(head)<div class="inv">\(InvoiceBalance(record, request).card)\(document)\
                <div class="stack a-rest">\(InvoiceSide(record, request).cards)</div></div>
                """)
    }

    private var head: HTML {
        let states = InvoiceState.states(of: invoice, on: request.today)
        return """
            <div class="head"><div class="id"><div class="t"><h1>\(title)</h1>\(states, { $0.pill(request) })</div>
            <div class="meta"><a href="/clients/\(invoice.clientID)">\(icon("building-2", .small))\(invoice.clientName)</a>\(issued)</div></div>
            <div class="acts">\(InvoiceButtons(invoice, request).html)</div></div>
            """
    }

    private var title: HTML {
        guard let number = invoice.number else { return "\(invoice.title(in: say))" }
        return "\(say(invoice.label)) <span class=\"num\">\(number)</span>"
    }

    private var issued: HTML {
        guard let day = invoice.issuedOn else { return .empty }
        let label =
            invoice.kind == .creditNote ? say("Émis le ", "Issued ") : say("Émise le ", "Issued ")
        return "<span>\(icon("calendar", .small))\(label)\(say.longDay(day))</span>"
    }

    private var document: HTML {
        guard invoice.kind != .openingBalance else {
            return """
                <section class="card a-doc"><div class="body"><p>\(say(
                    "Facture de votre ancien logiciel, reprise pour son solde : son détail y est resté.",
                    "Invoice of your earlier program, taken over for its balance only."))</p></div></section>
                """
        }
        return PaperDesk(
            paper: Paper(record.printed, logoAddress: invoice.path + "/logo"),
            title: say("Document", "Document"), pdfAddress: invoice.path + "/pdf",
            request: request
        ).html
    }
}

/// What can be done with an invoice in its present state.
struct InvoiceButtons {
    let invoice: Invoice
    let request: Request

    init(_ invoice: Invoice, _ request: Request) {
        self.invoice = invoice
        self.request = request
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }

    var html: HTML {
        if invoice.isDraft { return draft }
        guard invoice.kind != .openingBalance else { return .empty }
        return "\(credit)\(send)\(pdf)\(menu)"
    }

    private var draft: HTML {
        guard request.may(.writeInvoices) else { return pdf }
        let issue: HTML =
            request.may(.issueInvoices)
            ? """
            <a class="btn p" href="\(invoice.path)/issue">\(icon("file-check"))\(say("Émettre…", "Issue…"))</a>
            """ : .empty
        return """
            <a class="btn" href="\(invoice.path)/edit">\(icon("pencil"))\(say("Modifier", "Edit"))</a>\(pdf)\
            <details class="menu"><summary class="btn sq" aria-label="\(say("Autres actions", "More actions"))">\
            \(icon("ellipsis"))</summary><div class="pop">\(duplicate)<hr>\
            <a class="danger" href="\(invoice.path)/delete">\(icon("trash-2"))\(say("Supprimer", "Delete"))</a>\
            </div></details>\(issue)
            """
    }

    private var pdf: HTML {
        """
        <a class="btn" href="\(invoice.path)/pdf" download>\(icon("download"))\(say("Télécharger le PDF", "Download PDF"))</a>
        """
    }

    private var credit: HTML {
        guard invoice.isCreditable, request.may(.issueInvoices) else {
            return .empty
        }
        return """
            <a class="btn" href="\(invoice.path)/credit-notes/new">\(icon("undo-2"))\(say("Créer un avoir", "Credit"))</a>
            """
    }

    private var send: HTML {
        let path = invoice.path + "/send"
        guard invoice.goesToClient, request.offers(path) else { return .empty }
        return "<a class=\"btn\" href=\"\(path)\">\(icon("send"))\(say("Envoyer", "Send"))</a>"
    }

    private var menu: HTML {
        let canSend = request.may(.writeInvoices) && invoice.goesToClient && invoice.sentAt == nil
        let sent: HTML =
            canSend
            ? action("sent", "mail-check", Text("Marquer comme envoyée", "Mark as sent")) : .empty
        guard request.may(.writeInvoices) || invoice.isElectronic else { return .empty }
        return """
            \(RecordParts(request).menu(duplicate + replacement + sent + electronic))
            """
    }

    private var electronic: HTML {
        guard invoice.isElectronic, request.offers(invoice.path + "/factur-x.xml") else {
            return .empty
        }
        return """
            <a href="\(invoice.path)/factur-x.xml" download>\(icon("download"))\
            \(say("Facture électronique (XML)", "E-invoice (XML)"))</a>
            """
    }

    private var duplicate: HTML {
        guard request.may(.writeInvoices), invoice.kind != .deposit else { return .empty }
        return action("duplicate", "copy", Text("Dupliquer", "Duplicate"))
    }

    /// Mends what is wrong with an issued invoice by one that replaces it.
    private var replacement: HTML {
        guard request.may(.writeInvoices), invoice.isLive, invoice.kind == .invoice else {
            return .empty
        }
        return action("replacement", "refresh-cw", Text("Rectifier…", "Replace…"))
    }

    private func action(_ verb: String, _ name: StaticString, _ label: Text) -> HTML {
        """
        <form method="post" action="\(invoice.path)/\(verb)">\(FormToken.input(for: request))\
        \(Submission.input(for: request))<button>\(icon(name))\(say(label))</button></form>
        """
    }
}
