import Basics
import Core
import EInvoice
import HTTP

/// Invoices that suppliers send: read, checked, shown, approved or refused, and kept as they came.
public enum ReceivedInvoices: Capability {
    /// A file that is somewhat too large is received all the same, so that the page can say so.
    private static let mostUploadBytes = InvoiceFile.maximumBytes * 2

    public static func routes(_ routes: inout Routes) {
        routes.get(
            "received-invoices", .readPurchases,
            api: .list(
                ReceivedInvoice.self, query: ReceivedInvoiceFilter.parameters,
                Text("Lister les factures reçues", "List received invoices")), list)
        routes.get(
            "received-invoices/export", .readPurchases, reads: .export(of: .receivedInvoice), export
        )
        routes.get("received-invoices/new", .writePurchases, new)
        routes.post(
            "received-invoices", .writePurchases,
            api: .create(
                ReceivedInvoiceBody.self, ReceivedInvoiceDetails.self,
                Text("Remettre une facture reçue", "Hand over a received invoice")),
            mostBytes: mostUploadBytes, receive)
        routes.get(
            "received-invoices/:id", .readPurchases,
            api: .show(
                ReceivedInvoiceDetails.self,
                Text("Lire une facture reçue", "Read a received invoice")), show)
        routes.get(
            "received-invoices/:id/file", .readPurchases,
            api: .file(
                "application/octet-stream",
                Text("Le fichier reçu, octet pour octet", "The file as it came, byte by byte")),
            reads: .document(of: .receivedInvoice),
            file)
        routes.get(
            "received-invoices/:id/xml", .readPurchases, reads: .document(of: .receivedInvoice), xml
        )
        routes.get("received-invoices/:id/status", .writePurchases, askStatus)
        routes.post(
            "received-invoices/:id/status", .writePurchases,
            api: .act(
                ReceivedStatusBody.self, ReceivedInvoiceDetails.self,
                Text("Traiter une facture reçue", "Handle a received invoice")), setStatus)
        routes.post(
            "received-invoices/:id/supplier", .writePurchases,
            api: .act(
                SupplierLinkBody.self, ReceivedInvoiceDetails.self,
                Text(
                    "Rattacher une facture reçue à un fournisseur",
                    "Link a received invoice to a supplier")), link)
    }

    public static var actions: [Action] {
        [.invoiceReceived, .receivedInvoiceLinked, .receivedInvoiceStatus]
    }

    static func list(_ request: Request) throws -> Reply {
        let filter = ReceivedInvoiceFilter(request.http.query)
        return try request.show {
            try $0.receivedInvoices(filter)
        } page: { transaction in
            let supplier = try filter.supplier.flatMap { id in
                try transaction.suppliers(withIDs: [id.value]).first
            }
            return try ReceivedInvoiceListPage(
                filter, transaction.receivedInvoices(filter), supplier: supplier?.name, request
            ).page
        }
    }

    static func export(_ request: Request) throws -> Reply {
        let filter = ReceivedInvoiceFilter(request.http.query)
        let file = try request.tableFile(
            Text("factures-recues", "received-invoices"), ReceivedInvoiceFilter.headings)
        try request.read { try $0.exportReceivedInvoices(filter, to: file, request.say) }
        return try file.reply()
    }

    static func show(_ request: Request) throws -> Reply {
        let id: ReceivedInvoice.ID = try request.id()
        return try request.show {
            try $0.receivedInvoiceDetails(id)
        } page: {
            let record = try $0.receivedInvoiceRecord(id)
            if request.may(.readBankData), record.stated.statesAccount {
                request.showsBankData(
                    of: .receivedInvoice, id.value, label: record.invoice.journalLabel)
            }
            return ReceivedInvoicePage(record, request).page
        }
    }

    static func file(_ request: Request) throws -> Reply {
        let (invoice, file) = try request.read {
            (try $0.receivedInvoice(request.id()), try $0.receivedFile(request.id()))
        }
        guard request.may(.readBankData) || !file.mayShowAccount else { throw Problem.forbidden }
        // Kept, never shown: a file of strangers has no business in a page of ours.
        return .file(file.content, name: invoice.fileName, type: "application/octet-stream")
    }

    static func xml(_ request: Request) throws -> Reply {
        let (invoice, file) = try request.read {
            (try $0.receivedInvoice(request.id()), try $0.receivedFile(request.id()))
        }
        guard request.may(.readBankData) || !file.xmlStatesAccount else { throw Problem.forbidden }
        let name = invoice.attachment.isEmpty ? invoice.fileName : invoice.attachment
        return .file(
            file.xml ?? file.content, name: name, type: "application/octet-stream")
    }

    static func new(_ request: Request) throws -> Reply {
        .page(ReceiveInvoicePage([], request).page)
    }

    /// What a person or a program hands over. A mail holds any number of invoices.
    static func receive(_ request: Request) throws -> Reply {
        var input = Input(try request.form().fields)
        do {
            let (name, content) = try sentFile(request, &input)
            try input.check()
            let found = try IncomingFile(content, named: name, by: request.application.program)
            guard let first = found.invoices.first else { throw found.refusal }
            var isNew = true
            let path = try request.once { transaction in
                var path = ""
                for incoming in found.invoices {
                    let kept = try transaction.receiveInvoice(incoming, by: found.channel)
                    if path.isEmpty { (path, isNew) = (kept.invoice.path, kept.isNew) }
                }
                return path
            }
            return .done(at: path, say: said(found, first, isNew: isNew))
        } catch let refusal as UnreadableInvoice {
            let problem = Problem.invalid(request.isAPI ? "content" : "file", refusal.text)
            guard !request.isAPI else { throw problem }
            return .page(
                ReceiveInvoicePage(problem.fields, request).page, status: problem.status)
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return .page(
                ReceiveInvoicePage(problem.fields, request).page, status: problem.status)
        }
    }

    private static func said(_ found: IncomingFile, _ first: IncomingInvoice, isNew: Bool) -> Text {
        guard isNew else {
            return Text(
                "Ce fichier est déjà là : voici la facture.",
                "This file is here already: this is the invoice.")
        }
        guard found.invoices.count > 1 else {
            return Text("Facture reçue.", "Invoice received.")
        }
        return Text(
            "\(found.invoices.count) factures reçues ; voici la première.",
            "\(found.invoices.count) invoices received; this is the first.")
    }

    private static func sentFile(_ request: Request, _ input: inout Input) throws -> (
        name: String, content: [UInt8]
    ) {
        if request.isAPI {
            let name = input.line("file_name", required: true)
            guard let bytes = Base64.bytes(input.typed["content"] ?? "") else {
                input.refuse(
                    "content", Text("Du Base64 est attendu.", "Base64 is expected."))
                return (name, [])
            }
            return (name, bytes)
        }
        guard let file = try request.upload("file") else {
            input.refuse("file", Text("Choisissez d’abord un fichier.", "Choose a file first."))
            return ("", [])
        }
        guard file.content.count <= InvoiceFile.maximumBytes else {
            input.refuse(
                "file", Text(InvoiceFile.tooLarge.french, InvoiceFile.tooLarge.english))
            return ("", [])
        }
        var bytes: [UInt8] = []
        try file.content.pieces { bytes += $0 }
        return (file.filename, bytes)
    }

    static func askStatus(_ request: Request) throws -> Reply {
        let wanted = Int(request.http.query["status"] ?? "").flatMap(LifeCycleStatus.init)
        let invoice = try request.read { try $0.receivedInvoice(request.id()) }
        let open = ReceivedStatusForm.offered(after: invoice.status)
        guard let first = open.first else { throw Problem.nothingLeftToSay }
        let chosen = wanted.flatMap { open.contains($0) ? $0 : nil } ?? first
        return .page(
            ReceivedStatusForm(invoice, ["status": String(chosen.rawValue)], [], request).page)
    }

    static func setStatus(_ request: Request) throws -> Reply {
        let id: ReceivedInvoice.ID = try request.id()
        var input = Input(try request.form().fields)
        let invoice = try request.read { try $0.receivedInvoice(id) }
        do {
            let said = try SaidStatus(ofBuyer: &input)
            let after = try request.write { try $0.handleReceivedInvoice(id, said) }
            return .done(at: after.path, say: after.status.label)
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return .page(
                ReceivedStatusForm(invoice, input.typed, problem.fields, request).page,
                status: problem.status)
        }
    }

    static func link(_ request: Request) throws -> Reply {
        let id: ReceivedInvoice.ID = try request.id()
        let chosen = try request.form().fields["supplier"] ?? ""
        let supplier = Supplier.ID(chosen)
        guard supplier != nil || chosen.isEmpty else { throw Problem.notFound }
        let after = try request.write { transaction in
            guard let supplier else { return try transaction.createSupplier(from: id) }
            return try transaction.linkReceivedInvoice(id, to: supplier)
        }
        return .done(
            at: after.path, say: Text("Facture rattachée.", "Invoice linked."))
    }
}
