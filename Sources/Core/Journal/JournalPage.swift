import Basics
import HTTP
import Markup

/// Who did what, in the whole organisation.
public enum Journal: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get("journal", .readJournal, show)
        routes.get(
            "journal/seals", .readJournal, reads: .export(of: .organisation), KeptSeals.file)
        routes.get("journal/export", .readJournal, reads: .export(of: .organisation), export)
    }

    public static let jobs = [KeptSeals.job]

    static func show(_ request: Request) throws -> Reply {
        let filter = JournalFilter(request.http.query)
        let (entries, people, seals) = try request.read {
            (
                try $0.journal(filter), try $0.colleagues(), try $0.sealCount(of: Journal.chain)
            )
        }
        return .page(JournalPage(filter, entries, people, seals, request).page)
    }

    public static func addToHome(
        _ home: inout Home, _ request: Request, _ transaction: Transaction
    ) throws {
        guard request.may(.manageOrganisation) else { return }
        let entries = try transaction.graveEntries(most: graveEntriesAtHome)
        guard !entries.isEmpty else { return }
        home.asideCards.append(GraveEntriesCard(entries: entries, request: request).html)
    }

    /// As many as the home page of an administrator shows.
    private static let graveEntriesAtHome = 10

    public static let actions: [Action] = [
        .bankDataRead, .dataExported, .documentOpened, .organisationExported, .personErased,
    ]
}

/// The journal, newest first.
struct JournalPage {
    let filter: JournalFilter
    let entries: [JournalEntry]
    let next: Int?
    let people: [Colleague]
    let seals: SealCount
    let request: Request

    init(
        _ filter: JournalFilter, _ entries: [JournalEntry], _ people: [Colleague],
        _ seals: SealCount, _ request: Request
    ) {
        self.seals = seals
        self.filter = filter
        self.people = people
        self.request = request
        self.entries = Array(entries.prefix(JournalFilter.entriesPerPage))
        next = entries.count > JournalFilter.entriesPerPage ? self.entries.last?.id : nil
    }

    private var say: Language { request.say }

    var page: Page {
        Page(
            title: say(Section.journal.label), section: .journal, frame: .narrow,
            body: """
                \(ListParts.title(say(Section.journal.label), actions: files))\(filters)
                <section class="card" id="list" aria-labelledby="h-list"><header><h2 id="h-list">\
                \(say("Du plus récent au plus ancien", "Newest first"))</h2></header><div class="body">\
                \(list)</div>\(pager)</section>\(seal)
                """)
    }

    private var list: HTML {
        guard !entries.isEmpty || filter.isEmpty else {
            let nothing = say("Rien ne correspond à ces filtres.", "Nothing matches these filters.")
            return "<p class=\"mut\">\(nothing)</p>"
        }
        return Timeline(request).list(entries, links: true, changes: true, origins: true)
    }

    private var files: HTML { ExportMenu(filter.address, request).html }

    private var filters: HTML {
        """
        <form method="get" action="/journal" class="filters">\(search)\
        \(select("view", say("Vue", "View"), views, filter.view?.rawValue ?? ""))\
        \(select("kind", say("Sujet", "Subject"), kinds, filter.kind?.rawValue ?? ""))\
        \(select("person", say("Personne", "Person"), people.map { ($0.id.description, $0.name) }, filter.person?.description ?? ""))\
        \(select("severity", say("Gravité", "Severity"), severities, filter.severity?.rawValue ?? ""))\
        \(days)\
        <button class="btn">\(request.icon("funnel"))\(say("Filtrer", "Filter"))</button>\
        \(if: !filter.isEmpty, "<a class=\"lnk\" href=\"/journal\">\(say("Tout effacer", "Clear all"))</a>")</form>
        """
    }

    private var search: HTML {
        """
        <div class="find">\(request.icon("search"))<label class="sr" for="q">\(say("Rechercher", "Search"))</label>\
        <input class="in" id="q" name="q" type="search" value="\(filter.text)" maxlength="100" autocomplete="off" \
        placeholder="\(say("Numéro, personne, adresse", "Number, person, address"))"></div>
        """
    }

    private var days: HTML {
        """
        <div class="span" role="group" aria-label="\(say("Dates", "Dates"))">\
        <label for="from">\(say("Du", "From"))</label>\
        <input class="in" id="from" type="date" name="from" value="\(filter.from?.iso ?? "")">\
        <label for="to">\(say("au", "to"))</label>\
        <input class="in" id="to" type="date" name="to" value="\(filter.to?.iso ?? "")"></div>
        """
    }

    private var severities: [(String, String)] {
        [Severity.medium, .high, .critical].map { ($0.rawValue, say($0.label).capitalisedFirst) }
    }

    /// What proves that nothing of it was touched, for whoever keeps it elsewhere.
    private var seal: HTML {
        guard seals.links > 0 else { return .empty }
        let text = say(
            "Scellé : \(say.decimal(seals.links, decimals: 0)) maillons. Gardez l’empreinte ailleurs : elle prouvera plus tard ce que le journal disait aujourd’hui.",
            "Sealed: \(say.decimal(seals.links, decimals: 0)) links. Keep the fingerprint elsewhere: it will prove later what the journal said today."
        )
        return """
            <p class="note">\(request.icon("lock"))<span>\(text)<br><code class="hash">\(seals.head)</code> \
            <a href="/journal/seals" download>\(say("Télécharger les empreintes", "Download the fingerprints"))</a></span></p>
            """
    }

    private var views: [(String, String)] {
        JournalView.allCases.map { ($0.rawValue, say($0.label)) }
    }

    private var kinds: [(String, String)] {
        SubjectKind.allCases.map { ($0.rawValue, say($0.label)) }
    }

    private func select(
        _ name: String, _ label: String, _ options: [(String, String)], _ chosen: String
    ) -> HTML {
        """
        <span class="sel"><label class="sr" for="\(name)">\(label)</label>\
        <select class="in" id="\(name)" name="\(name)" data-submit><option value="">\(label)</option>\(options, {
            """
            <option value="\($0.0)"\(attribute: "selected", if: $0.0 == chosen)>\($0.1)</option>
            """
        })</select>\(request.icon("chevron-down", .small))</span>
        """
    }

    private var pager: HTML {
        let first = filter.address.text
        let following = next.map { filter.address.with("after", String($0)).text }
        guard following != nil || filter.before != nil else { return .empty }
        return """
            <nav class="foot pager" aria-label="\(say("Pages", "Pages"))"><span class="sp">\
            \(if: filter.before != nil, "<a class=\"btn sm\" href=\"\(first)\">\(request.icon("chevron-left", .small))\(say("Début", "First"))</a>")\
            \(following.map { "<a class=\"btn sm\" rel=\"next\" href=\"\($0)\">\(say("Suivante", "Next"))\(request.icon("chevron-right", .small))</a>" as HTML })\
            </span></nav>
            """
    }
}

extension SubjectKind {
    public var label: Text {
        switch self {
        case .organisation: Text("Organisation", "Organisation")
        case .user: Text("Personnes", "People")
        case .client: Text("Clients", "Clients")
        case .item: Text("Catalogue", "Catalogue")
        case .quote: Text("Devis", "Quotes")
        case .order: Text("Commandes", "Orders")
        case .depositRequest: Text("Demandes d’acompte", "Deposit requests")
        case .recurringInvoice: Text("Abonnements", "Recurring invoices")
        case .invoice: Text("Factures", "Invoices")
        case .payment: Text("Paiements", "Payments")
        case .periodClosing: Text("Clôtures", "Closings")
        case .mail: Text("Courriels", "Mail")
        case .webhook: Text("Webhooks", "Webhooks")
        case .importedFile: Text("Imports", "Imports")
        case .supplier: Text("Fournisseurs", "Suppliers")
        case .receivedInvoice: Text("Factures reçues", "Received invoices")
        }
    }
}
