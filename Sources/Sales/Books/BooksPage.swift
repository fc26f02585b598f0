import Basics
import Core
import Markup

/// Where an owner and their accountant find the books.
struct BooksPage {
    let closed: Day?
    let seals: SealCount
    let years: [Int]
    let request: Request

    private var say: Language { request.say }
    private var icon: Icon { request.icon }
    private var parts: RecordParts { RecordParts(request) }

    var page: Page {
        Page(
            title: say(Section.books.label), section: .books,
            body: """
                \(ListParts.title(say(Section.books.label)))
                <div class="pair"><div class="stack">\(tasks)\(proof)</div><div class="stack">\(files)</div></div>
                """)
    }

    private func entry(
        _ sign: StaticString, _ address: String, _ title: Text, _ note: String
    ) -> HTML {
        guard request.offers(address) else { return .empty }
        return """
            <li><span class="ic">\(icon(sign))</span><div><a href="\(address)">\(say(title))</a>\
            <small>\(note)</small></div></li>
            """
    }

    private var tasks: HTML {
        parts.card(
            "tasks", Text("Au quotidien", "Day to day"),
            """
            <ul class="rows">\(entry(
                "percent", "/books/vat", VATReportPage.title,
                say("Par taux et par période, avec le détail.", "By rate and period, with its rows.")))\
            \(entry("lock", "/books/closings", ClosingListPage.title, closedNote))\
            \(entry(
                "settings", "/books/accounts", AccountsPage.title,
                say("Les numéros que votre comptable utilise.", "The numbers that your accountant uses.")))\
            \(entry(
                "archive", "/books/archives", ArchivesPage.title,
                say("Tous les PDF d’une période, avec leur index.", "All PDFs of a period, with an index.")))\
            \(entry(
                "clock-alert", "/receivables", Text("Créances et relevés", "Receivables and statements"),
                say("Ce que chaque client doit.", "What each client owes.")))</ul>
            """)
    }

    private var closedNote: String {
        closed.map {
            say("Clôturé jusqu’au \(say.longDay($0)).", "Closed up to \(say.longDay($0)).")
        } ?? say("Aucun mois clôturé.", "No month closed yet.")
    }

    private var files: HTML {
        parts.card(
            "files", Text("Fichier des écritures (FEC)", "Accounting entries (FEC)"),
            """
            <div class="body"><p>\(say(
                "Journaux des ventes et de banque d’une année civile, au format que l’administration et les logiciels comptables attendent.",
                "Sales and bank journals of a calendar year, in the format that the French tax office and accounting programs expect."))</p></div>
            <ul class="rows">\(years, { year in
                """
                <li><span class="ic">\(icon("file-spreadsheet"))</span><div>\
                <a href="/books/entries?year=\(String(year))" download>FEC \(String(year))</a>\
                <small><a href="/books/entries?year=\(String(year))&amp;separator=pipe" download>\
                \(say("séparé par |", "separated by |"))</a></small></div></li>
                """
            })</ul>
            """)
    }

    private var proof: HTML {
        let head = seals.head.prefix(16)
        return parts.card(
            "proof", Text("Preuve", "Proof"),
            """
            <div class="body"><p>\(say(
                "Factures, avoirs, paiements et clôtures sont enchaînés par leurs empreintes. La commande « comptoir verify » prouve que rien n’a été touché.",
                "Invoices, credit notes, payments and closings are chained by their hashes. The command “comptoir verify” proves that nothing was touched."))</p><dl class="dl wide"><dt>\(say("Enregistrements scellés", "Sealed records"))</dt>\
            <dd class="num">\(say.integer(seals.links))</dd>\(if: !head.isEmpty, """
                <dt>\(say("Dernier sceau", "Last seal"))</dt><dd class="num"><code>\(head)…</code></dd>
                """)</dl></div>
            """)
    }
}

/// The accounts that entries go to.
struct AccountsPage {
    let fields: FormFields
    let request: Request

    static let title = Text("Comptes comptables", "Accounts")

    init(_ values: [String: String], _ problems: [FieldProblem], _ request: Request) {
        fields = FormFields(values, problems, request)
        self.request = request
    }

    var page: Page {
        let say = request.say
        let mayChange = request.may(.closePeriods)
        return Page(
            title: say(Self.title), section: .books, frame: .edit,
            body: """
                <form class="form" method="post" action="/books/accounts" data-guard data-main>\
                \(FormToken.input(for: request))<div class="lh"><h1>\(say(Self.title))</h1></div>\(fields.summary)
                <section class="card"><header><h2>\(say("Plan comptable", "Chart of accounts"))</h2>\
                <p>\(say("Les écritures du FEC portent ces numéros.", "Entries of the FEC bear these numbers."))</p></header>\
                <div class="body f2">\(ChartOfAccounts.Use.allCases, {
                    fields.input($0.field, $0.label, width: .third, required: true, maximum: 12)
                })</div></section>\(if: mayChange, """
                <div class="bar"><div class="acts2"><button class="btn p">\(request.icon("save"))\
                \(say("Enregistrer", "Save"))</button></div></div>
                """)</form>
                """)
    }
}
