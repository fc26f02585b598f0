import Basics
import Core
import HTTP

/// Documents that leave the house: as PDF files and by mail.
public enum Sending: Capability {
    public static func routes(_ routes: inout Routes) {
        let pdf = Operation.file("application/pdf", Text("Le document en PDF", "The PDF document"))
        routes.get("quotes/:id/pdf", .readQuotes, api: pdf, reads: .document(of: .quote), quotePDF)
        routes.get("orders/:id/pdf", .readOrders, api: pdf, reads: .document(of: .order), orderPDF)
        routes.get(
            "invoices/:id/pdf", .readInvoices, api: pdf, reads: .document(of: .invoice), invoicePDF)
        routes.get("quotes/:id/send", .sendMails, askQuote)
        routes.post(
            "quotes/:id/send", .sendMails,
            api: .act(
                MailDraft.self, QuoteDetails.self,
                Text("Envoyer un devis par courriel", "Send a quote by mail")), sendQuote)
        routes.get("invoices/:id/send", .sendMails, askInvoice)
        routes.post(
            "invoices/:id/send", .sendMails,
            api: .act(
                MailDraft.self, InvoiceDetails.self,
                Text("Envoyer une facture par courriel", "Send an invoice by mail")), sendInvoice)
        routes.get(
            "deposit-requests/:id/pdf", .readOrders, api: pdf,
            reads: .document(of: .depositRequest), depositRequestPDF)
        routes.get("deposit-requests/:id/send", .sendMails, askDepositRequest)
        routes.post(
            "deposit-requests/:id/send", .sendMails,
            api: .act(
                MailDraft.self, DepositRequestDetails.self,
                Text("Envoyer une demande d’acompte", "Send a deposit request by mail")),
            sendDepositRequest)
    }

    static func quotePDF(_ request: Request) throws -> Reply {
        try file(request.read { try $0.printedQuote(request.id()) })
    }

    static func orderPDF(_ request: Request) throws -> Reply {
        try file(request.read { try $0.printedOrder(request.id()) })
    }

    static func invoicePDF(_ request: Request) throws -> Reply {
        let id: Invoice.ID = try request.id()
        let invoice = try request.read { try $0.invoice(id) }
        guard invoice.kind != .openingBalance else { throw Problem.openingBalanceHasNoLines }
        guard invoice.goesToClient, let number = invoice.number else {
            return try file(request.read { PrintedDocument(try $0.invoicePrint(invoice)) })
        }
        return .file(
            try request.keptDocument(of: id).content, name: PrintedDocument.fileName(number),
            type: "application/pdf", inline: true)
    }

    static func depositRequestPDF(_ request: Request) throws -> Reply {
        try file(request.read { try $0.printedDepositRequest(request.id()) })
    }

    static func file(_ printed: PrintedDocument) throws -> Reply {
        .file(
            try DocumentPDF.bytes(of: printed), name: printed.fileName, type: "application/pdf",
            inline: true)
    }

    static func askQuote(_ request: Request) throws -> Reply {
        let parcel = try request.read {
            try $0.parcel(ofQuote: request.id(), online: online(.quote, request))
        }
        return .page(parcel.page(parcel.values, [], request))
    }

    static func askInvoice(_ request: Request) throws -> Reply {
        let parcel = try request.read {
            try $0.parcel(ofInvoice: request.id(), online: online(.invoice, request))
        }
        return .page(parcel.page(parcel.values, [], request))
    }

    static func sendQuote(_ request: Request) throws -> Reply {
        let id: Quote.ID = try request.id()
        let parcel = try request.read {
            try $0.parcel(ofQuote: id, online: online(.quote, request))
        }
        return try send(parcel, try DocumentPDF.bytes(of: parcel.printed), request) { transaction in
            if try transaction.quote(id).status == .draft { _ = try transaction.markQuoteSent(id) }
        }
    }

    /// The invoice counts as sent once a mail server has taken the mail; the database notes it then.
    static func sendInvoice(_ request: Request) throws -> Reply {
        let parcel = try request.read {
            try $0.parcel(ofInvoice: request.id(), online: online(.invoice, request))
        }
        let kept = try request.keptDocument(of: request.id())
        return try send(parcel, kept.content, request) { _ in }
    }

    static func askDepositRequest(_ request: Request) throws -> Reply {
        let parcel = try depositRequestParcel(request)
        return .page(parcel.page(parcel.values, [], request))
    }

    /// It counts as sent once a mail server has taken the mail, as an invoice does.
    static func sendDepositRequest(_ request: Request) throws -> Reply {
        let parcel = try depositRequestParcel(request)
        return try send(parcel, try DocumentPDF.bytes(of: parcel.printed), request) { _ in }
    }

    private static func depositRequestParcel(_ request: Request) throws -> Parcel {
        try request.read {
            try $0.parcel(
                ofDepositRequest: request.id(), online: online(.depositRequest, request))
        }
    }

    /// Where the client reads the document without an account.
    private static func online(_ kind: SharedSubject.Kind, _ request: Request) throws -> String {
        let id: ID<SharedLink> = try request.id()
        let subject = SharedSubject(kind: kind, id: id.value)
        let link = SharedLink(to: subject, of: request.organisation.id, at: request.now)
        return request.origin + link.path(request.application)
    }

    /// What a program leaves out is as the form suggests it.
    private static func given(_ parcel: Parcel, _ request: Request) throws -> Input {
        let fields = try request.form().fields
        guard request.isAPI else { return Input(fields) }
        let suggested = parcel.values.filter { !fields.contains($0.key) }
        return Input(
            Fields(fields.pairs + suggested.map { Fields.Field(name: $0.key, value: $0.value) }))
    }

    private static func send(
        _ parcel: Parcel, _ document: [UInt8], _ request: Request,
        also note: (Transaction) throws -> Void
    ) throws -> Reply {
        var input = try given(parcel, request)
        let attachment = MailAttachment(name: parcel.printed.fileName, bytes: document)
        let draft = MailDraft(
            &input, about: parcel.record, suggestions: parcel.suggestions, attachment: attachment)
        do {
            try input.check()
            let path = try request.once { transaction in
                try transaction.queueMail(draft)
                try note(transaction)
                return parcel.path
            }
            let isSetUp = !request.organisation.smtpHost.isEmpty
            return .done(
                at: path,
                say: isSetUp
                    ? Text("Le courriel part.", "The mail is on its way.")
                    : Text(
                        "Le courriel attend que l’envoi soit réglé.",
                        "The mail waits until sending is set up."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return .page(
                parcel.page(input.typed, problem.fields, request), status: problem.status)
        }
    }
}
