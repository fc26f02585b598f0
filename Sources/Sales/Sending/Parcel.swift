import Basics
import Core

/// A document about to be mailed: to whom, with which words.
struct Parcel {
    var record: MailedRecord
    var printed: PrintedDocument
    var path: String
    var section: Section
    var suggestions: [MailSuggestion]
    /// What the form holds at first.
    var values: [String: String]

    func page(_ values: [String: String], _ problems: [FieldProblem], _ request: Request) -> Page {
        let title = request.say("Envoyer ", "Send ") + record.label
        let form = MailForm(
            values, problems, to: path + "/send", cancel: path, suggestions: suggestions,
            attachment: (printed.fileName, path + "/pdf"), request)
        return Page(
            title: title, section: section, path: [(title: record.label, address: path)],
            frame: .edit,
            body: "<div class=\"lh\"><h1>\(title)</h1></div>\(form.html)")
    }
}

extension Transaction {
    /// `online` is where the client reads it without an account.
    func parcel(ofInvoice id: Invoice.ID, online: String? = nil) throws -> Parcel {
        let invoice = try invoice(id)
        guard invoice.goesToClient, let number = invoice.number else {
            throw Problem.onlyIssuedIsSent
        }
        let total = amount(invoice.totalGross, invoice.currency)
        var facts = [Text("Montant : \(total.french)", "Amount: \(total.english)")]
        if invoice.kind != .creditNote, let due = invoice.dueOn {
            facts.append(
                Text(
                    "Échéance : \(Language.french.longDay(due))",
                    "Due date: \(Language.english.longDay(due))"))
        }
        if let online { facts.append(Text("En ligne : \(online)", "Online: \(online)")) }
        let isNote = invoice.kind == .creditNote
        return try parcel(
            of: try client(invoice.clientID), printed: printedInvoice(id),
            record: MailedRecord(
                .invoice, id.value, label: number, client: invoice.clientID.value),
            path: invoice.path, section: .invoices,
            document: isNote
                ? Text("l’avoir \(number)", "credit note \(number)")
                : invoice.kind == .deposit
                    ? Text("la facture d’acompte \(number)", "deposit invoice \(number)")
                    : Text("la facture \(number)", "invoice \(number)"),
            title: isNote
                ? Text("Avoir \(number)", "Credit note \(number)")
                : Text(
                    Language.french(invoice.kind.label) + " \(number)",
                    Language.english(invoice.kind.label) + " \(number)"),
            facts: facts, forInvoices: true)
    }

    func parcel(ofQuote id: Quote.ID, online: String? = nil) throws -> Parcel {
        let quote = try quote(id)
        guard quote.status == .draft || quote.status == .sent else {
            throw Problem.quoteIsDecided
        }
        guard try lines(of: .quote, id.value).holdsItems else { throw Problem.noLines }
        // What is sent is no draft any more, so its mark stays off the attached document.
        var printed = try printedQuote(id)
        printed.draftMark = nil
        let total = amount(quote.totalGross, quote.currency)
        let until = quote.validUntil
        return try parcel(
            of: try client(quote.clientID), printed: printed,
            record: MailedRecord(
                .quote, id.value, label: quote.number, client: quote.clientID.value),
            path: quote.path, section: .quotes,
            document: Text("le devis \(quote.number)", "quote \(quote.number)"),
            title: Text("Devis \(quote.number)", "Quote \(quote.number)"),
            facts: [
                Text("Montant : \(total.french)", "Amount: \(total.english)"),
                Text(
                    "Valable jusqu’au \(Language.french.longDay(until))",
                    "Valid until \(Language.english.longDay(until))"),
            ]
                + [online].compactMap(\.self).map {
                    Text("Lire et accepter en ligne : \($0)", "Read and accept online: \($0)")
                },
            forInvoices: false, contact: quote.head.contactID)
    }

    func parcel(ofDepositRequest id: DepositRequest.ID, online: String? = nil) throws -> Parcel {
        let deposit = try depositRequest(id)
        guard deposit.status == .requested else { throw Problem.depositIsNotExpected }
        let (number, total) = (deposit.number, amount(deposit.openAmount, deposit.currency))
        return try parcel(
            of: try client(deposit.clientID), printed: printedDepositRequest(id),
            record: MailedRecord(
                .depositRequest, id.value, label: number, client: deposit.clientID.value),
            path: deposit.path, section: .orders,
            document: Text("la demande d’acompte \(number)", "deposit request \(number)"),
            title: Text("Demande d’acompte \(number)", "Deposit request \(number)"),
            facts: [
                Text("Montant : \(total.french)", "Amount: \(total.english)"),
                Text(
                    "À payer avant le \(Language.french.longDay(deposit.dueOn))",
                    "Due date: \(Language.english.longDay(deposit.dueOn))"),
            ]
                + [online].compactMap(\.self).map {
                    Text("En ligne : \($0)", "Online: \($0)")
                },
            forInvoices: true)
    }

    private func amount(_ amount: Amount, _ currency: Currency) -> Text {
        Text(Language.french.money(amount, currency), Language.english.money(amount, currency))
    }

    private func parcel(
        of client: Client, printed: PrintedDocument, record: MailedRecord, path: String,
        section: Section, document: Text, title: Text, facts: [Text], forInvoices: Bool,
        contact: Contact.ID? = nil
    ) throws -> Parcel {
        let contacts = try contacts(of: client.id).filter { !$0.email.isEmpty }
        let own =
            client.email.isEmpty
            ? [] : [MailSuggestion(name: client.name, address: client.email)]
        // Those whom the document concerns come first, then the client's own address.
        let concerned = contacts.filter {
            forInvoices ? $0.receivesInvoices : $0.id == contact
        }
        let others = contacts.filter { other in !concerned.contains { $0.id == other.id } }
        func suggestion(_ contact: Contact) -> MailSuggestion {
            MailSuggestion(name: contact.name, address: contact.email)
        }
        let suggestions = concerned.map(suggestion) + own + others.map(suggestion)
        let letter = CoverLetter(
            document, title: title, facts: facts, to: concerned.first?.name ?? "",
            in: printed.language, from: scope.organisation, signature: scope.actorName)
        return Parcel(
            record: record, printed: printed, path: path, section: section,
            suggestions: suggestions,
            values: MailForm.values(
                recipient: suggestions.first?.address ?? "", subject: letter.subject,
                body: letter.body,
                copy: concerned.dropFirst().map(\.email).joined(separator: ", ")))
    }
}

extension Problem {
    static let quoteIsDecided = Problem.conflict(
        Text(
            "Ce devis n’est plus en attente de réponse : il ne s’envoie plus.",
            "This quote no longer waits for an answer and cannot be sent."))
}
