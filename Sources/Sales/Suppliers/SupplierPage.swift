import Basics
import Core
import Markup

/// Everything about one supplier.
struct SupplierPage {
    let supplier: Supplier
    let invoices: [ReceivedInvoice]
    let activity: [JournalEntry]
    let request: Request
    /// Others that are paid to the same account.
    let sharing: [Supplier]

    init(
        _ supplier: Supplier, _ invoices: [ReceivedInvoice], _ activity: [JournalEntry],
        _ request: Request, sharing: [Supplier]
    ) {
        self.sharing = sharing
        self.supplier = supplier
        self.invoices = invoices
        self.activity = activity
        self.request = request
    }

    private var say: Language { request.say }
    private var parts: RecordParts { RecordParts(request) }

    var page: Page {
        Page(
            title: supplier.name, section: .suppliers,
            body: """
                <div class="head"><div class="id"><div class="t"><h1>\(supplier.name)</h1></div></div>\
                <div class="acts">\(parts.link(supplier.path + "/edit", "pencil", Text("Modifier", "Edit"), cssClass: "btn p"))</div></div>\(shared)
                <div class="grid"><div class="stack">\(received)</div><div class="stack">\(facts)\
                \(parts.card("a", Text("Activité", "Activity"), "<div class=\"body\">\(Timeline(request).list(activity, changes: true))</div>"))</div></div>
                """)
    }

    private var shared: HTML {
        guard !sharing.isEmpty, request.may(.readBankData) else { return .empty }
        return """
            <div class="alert warn" role="alert">\(request.icon("triangle-alert"))<b>\(say(
                "Un autre fournisseur a le même IBAN", "Another supplier has the same IBAN"))</b><p>\(say(
                "Un doublon, ou un compte détourné ? Vérifiez avant de payer :",
                "A duplicate, or a diverted account? Check before you pay:"))</p><ul>\(sharing, {
                "<li><a href=\"\($0.path)\">\($0.name)</a></li>"
            })</ul></div>
            """
    }

    private var facts: HTML {
        let lines = supplier.address.lines(home: request.organisation.address.country, in: say)
        let facts: [(Text, String)] = [
            (Text("SIREN", "SIREN"), supplier.siren),
            (Text("N° de TVA", "VAT number"), supplier.vatNumber),
            (Text("Adresse", "Address"), lines.joined(separator: ", ")),
            (Text("E-mail", "E-mail"), supplier.email), (Text("IBAN", "IBAN"), supplier.maskedIBAN),
            (Text("Notes", "Notes"), supplier.notes),
        ]
        return parts.card("f", Text("Fiche", "Details"), FactList.html(facts, say))
    }

    private var received: HTML {
        let body: HTML =
            invoices.isEmpty
            ? "<div class=\"body\"><p class=\"mut\">\(say("Aucune facture reçue.", "No invoice received."))</p></div>"
            : """
            <ul class="rows">\(invoices, { invoice in
                """
                <li><span class="ic">\(request.icon("inbox"))</span><div><a href="\(invoice.path)">\(invoice.title(in: say))</a>\
                <small>\(say(invoice.status.label))</small></div><span class="num">\(invoice.grossText(in: say))</span></li>
                """
            })</ul>
            """
        return parts.card("r", Text("Factures reçues", "Received invoices"), body)
    }
}

/// Facts with their names; those that say nothing are left out.
enum FactList {
    static func html(_ facts: [(Text, String)], _ say: Language) -> HTML {
        """
        <div class="body"><dl class="dl wide">\(facts.filter { !$0.1.isEmpty }, {
            "<dt>\(say($0.0))</dt><dd>\($0.1)</dd>"
        })</dl></div>
        """
    }
}
