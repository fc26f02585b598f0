import Basics
import Core
import EInvoice
import Markup

/// A received invoice with what its page shows.
struct ReceivedInvoiceRecord: Sendable {
    var invoice: ReceivedInvoice
    var file: ReceivedFile
    var stated: EInvoice
    var verdict: InvoiceVerdict
    var supplier: Supplier?
    /// The one that its seller seems to be, where none is linked.
    var proposed: Supplier?
    /// To choose from, where none is linked.
    var offered: [Supplier]
    var lookalikes: [ReceivedInvoice]
    var entries: [LifeCycleEntry]
    var activity: [JournalEntry]
}

extension Transaction {
    func receivedInvoiceRecord(_ id: ReceivedInvoice.ID) throws -> ReceivedInvoiceRecord {
        let invoice = try receivedInvoice(id)
        let file = try receivedFile(id)
        let stated = try file.stated(attachment: invoice.attachment)
        let isLinked = invoice.supplierID != nil
        return ReceivedInvoiceRecord(
            invoice: invoice, file: file, stated: stated, verdict: InvoiceVerdict(stated),
            supplier: try invoice.supplierID.map { try supplier($0) },
            proposed: isLinked
                ? nil
                : try supplier(
                    siren: invoice.sellerSIREN, vatNumber: invoice.sellerVATNumber),
            offered: isLinked ? [] : try suppliersToOffer(),
            lookalikes: try lookalikes(of: invoice), entries: try lifeCycle(ofReceived: id),
            activity: try journal(of: .receivedInvoice, id.value))
    }
}

/// Everything about one received invoice: the verdict, what it states, its life and its file.
struct ReceivedInvoicePage {
    let record: ReceivedInvoiceRecord
    let request: Request
    /// Whether the reader's role may not open the file.
    private let isFileHidden: Bool

    init(_ record: ReceivedInvoiceRecord, _ request: Request) {
        self.record = record
        isFileHidden = !request.may(.readBankData) && record.file.mayShowAccount
        self.request = request
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }
    private var invoice: ReceivedInvoice { record.invoice }
    private var parts: RecordParts { RecordParts(request) }

    var page: Page {
        Page(
            title: invoice.title(in: say), section: .receivedInvoices,
            body: """
                \(head)\(warnings)<div class="grid"><div class="stack">\
                \(ReceivedVerdict(record.verdict, invoice, request).card)\
                \(StatedInvoice(shown, invoice, request).html)</div>
                <div class="stack">\(due)\(supplier)\(life)\(file)\(history)</div></div>
                """)
    }

    /// What it states, as far as the reader's role goes.
    private var shown: EInvoice {
        request.may(.readBankData) ? record.stated : record.stated.withoutAccounts
    }

    private var head: HTML {
        """
        <div class="head"><div class="id"><div class="t"><h1>\(say(invoice.kind.label)) \
        <span class="num">\(invoice.number)</span></h1>\(LifeCyclePill.html(invoice.status, request))</div>\
        <div class="meta"><span>\(icon("truck", .small))\(sender)</span>\(issued)</div></div>\
        <div class="acts">\(actions)</div></div>
        """
    }

    private var sender: HTML {
        record.supplier.map { "<a href=\"\($0.path)\">\($0.name)</a>" } ?? "\(invoice.sender)"
    }

    private var issued: HTML {
        guard let day = invoice.issuedOn else { return .empty }
        return "<span>\(icon("calendar", .small))\(say.longDay(day))</span>"
    }

    private var actions: HTML {
        let original: HTML =
            isFileHidden
            ? .empty
            : parts.link(
                invoice.path + "/file", "download", Text("Fichier reçu", "File as received"),
                isFile: true)
        guard request.may(.writePurchases) else { return original }
        let open = ReceivedStatusForm.offered(after: invoice.status)
        let approve =
            open.contains(.approved)
            ? parts.button(
                invoice.path + "/status", "check", Text("Approuver", "Approve"), cssClass: "btn p",
                fields: [("status", String(LifeCycleStatus.approved.rawValue))]) : .empty
        let refuse = open.contains(.refused) ? decision(.refused, "circle-x", "btn danger") : .empty
        let others = open.filter { $0 != .approved && $0 != .refused }
        return original + parts.menu(others.map { decision($0, "arrow-right", "") }.joined())
            + refuse + approve
    }

    private func decision(
        _ status: LifeCycleStatus, _ name: StaticString, _ cssClass: StaticString
    ) -> HTML {
        let label: Text =
            switch status {
            case .refused: Text("Refuser…", "Refuse…")
            case .disputed: Text("Mettre en litige…", "Dispute…")
            case .suspended: Text("Suspendre…", "Suspend…")
            case .partlyApproved: Text("Approuver en partie…", "Approve in part…")
            case .paymentSent: Text("Noter le paiement…", "Note the payment…")
            case .takenInCharge: Text("Prendre en charge…", "Take in charge…")
            default: status.label
            }
        return parts.link(
            "\(invoice.path)/status?status=\(status.rawValue)", name, label, cssClass: cssClass)
    }

    private var warnings: HTML {
        var out: HTML = .empty
        if let other = record.lookalikes.first {
            out += """
                <div class="alert warn" role="alert">\(icon("triangle-alert"))<b>\(say(
                    "Peut-être un doublon", "Perhaps a duplicate"))</b><p>\(say(
                    "Un autre fichier du même vendeur porte ce numéro :",
                    "Another file of the same seller bears this number:")) \
                <a href="\(other.path)">\(other.number)</a>.</p></div>
                """
        }
        if isOtherAccount {
            out += """
                <div class="alert" role="alert">\(icon("triangle-alert"))<b>\(say(
                    "L’IBAN n’est pas celui que vous connaissez", "The IBAN is not the one you know"))</b><p>\(say(
                    "C’est la fraude la plus courante : appelez le fournisseur au numéro que vous aviez avant de payer.",
                    "This is the most common fraud: call the supplier by the number you had before you pay."))</p></div>
                """
        }
        return out
    }

    private var isOtherAccount: Bool {
        guard let known = record.supplier?.knownIBAN, !known.isEmpty else { return false }
        let stated = record.stated.paymentMeans.compactMap(\.account).map(CompanyNumbers.compact)
        return !stated.isEmpty && !stated.contains(known)
    }

    private var due: HTML {
        let late = invoice.isLate(on: request.today)
        let day = invoice.dueOn.map { say.shortDay($0, today: request.today) }
        return """
            <section class="card owed" aria-labelledby="h-due"><div class="k"><h2 id="h-due">\(say("Net à payer", "Amount due"))</h2>\
            \(day.map { "<span class=\"num\(late ? " late" : "")\">\(say("Échéance ", "Due "))\($0)</span>" as HTML })</div>\
            <p class="v">\(invoice.dueAmount.map { say.money($0, invoice.currency) } ?? "—")</p></section>
            """
    }

    private var supplier: HTML {
        guard record.supplier == nil, request.may(.writePurchases) else { return .empty }
        let path = invoice.path + "/supplier"
        let create: HTML =
            record.proposed.map { found in
                parts.button(
                    path, "link",
                    Text("Rattacher à \(found.name)", "Link to \(found.name)"), cssClass: "btn p",
                    fields: [("supplier", found.id.description)])
            }
            ?? parts.button(
                path, "plus", Text("Créer ce fournisseur", "Create this supplier"),
                cssClass: "btn")
        let choose: HTML =
            record.offered.isEmpty
            ? .empty
            : """
            <form method="post" action="\(path)">\(FormToken.input(for: request))<div class="field">\
            <label for="supplier">\(say("ou choisir", "or choose"))</label><div class="with"><span class="sel">\
            <select class="in" id="supplier" name="supplier">\(record.offered, {
                "<option value=\"\($0.id)\">\($0.name)</option>"
            })</select>\(icon("chevron-down", .small))</span><button class="btn">\(say("Rattacher", "Link"))</button></div></div></form>
            """
        return parts.card(
            "supplier", Text("Fournisseur", "Supplier"),
            "<div class=\"body form-stack\"><p>\(invoice.sellerName)</p>\(create)\(choose)</div>")
    }

    private var life: HTML {
        parts.card(
            "life", Text("Cycle de vie", "Life cycle"),
            """
            <div class="body">\(LifeCycleTimeline(entries: record.entries, currency: invoice.currency, request: request).html)</div>
            """)
    }

    private var file: HTML {
        let inside = invoice.attachment.isEmpty ? "" : " (\(invoice.attachment))"
        let facts: [(Text, String)] = [
            (Text("Nom", "Name"), invoice.fileName),
            (Text("Format", "Format"), (invoice.isPDF ? "PDF, " : "") + invoice.syntax + inside),
            (
                Text("Taille", "Size"),
                say.integer(invoice.byteCount) + say("\u{A0}octets", " bytes")
            ),
            (Text("Voie", "Channel"), say(invoice.channel.label)),
            (Text("Reçu", "Received"), Timeline(request).moment(invoice.receivedAt)),
            (Text("SHA-256", "SHA-256"), invoice.sha256),
            (
                Text("Lecture", "Reading"),
                isFileHidden
                    ? say(
                        "Réservée aux rôles qui voient les coordonnées bancaires.",
                        "For roles that see bank details.") : ""
            ),
        ]
        return parts.card("file", Text("Fichier", "File"), FactList.html(facts, say))
    }

    private var history: HTML {
        parts.card(
            "history", Text("Historique", "History"),
            "<div class=\"body\">\(Timeline(request).list(record.activity))</div>")
    }
}
