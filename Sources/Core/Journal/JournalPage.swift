import Basics
import Database
import HTTP
import Markup

/// Who did what, in the whole organisation.
public enum Journal: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get("journal", .readJournal, show)
        routes.get("journal/export", .readJournal, export)
    }

    static func show(_ request: Request) throws -> Reply {
        let filter = JournalFilter(request.http.query)
        let (entries, people) = try request.read {
            (try $0.journal(filter), try $0.colleagues())
        }
        return .page(JournalPage(filter, entries, people, request).page)
    }
}

/// Which entries to show.
struct JournalFilter: Sendable {
    static let entriesPerPage = 50

    var kind: SubjectKind?
    var person: User.ID?
    /// The entry before which to go on.
    var before: Int?

    init(_ query: Fields) {
        kind = query["kind"].flatMap(SubjectKind.init)
        person = query["person"].flatMap { User.ID($0) }
        before = query["after"].flatMap { Int($0) }
    }

    var address: ListAddress {
        ListAddress("/journal", Fields(), keeping: [])
            .with("kind", kind?.rawValue).with("person", person?.description)
    }
}

extension Transaction {
    /// One page, newest first, and one entry more when there is a next one.
    func journal(_ filter: JournalFilter) throws -> [JournalEntry] {
        try all("\(entries(filter)) LIMIT \(JournalFilter.entriesPerPage + 1)")
    }

    func eachEntry(_ filter: JournalFilter, _ body: (JournalEntry) throws -> Void) throws {
        try each(entries(filter)) { try body(JournalEntry(row: $0)) }
    }

    private func entries(_ filter: JournalFilter) -> SQL {
        """
        SELECT e.id, e.recorded_at, e.actor_name, e.action, e.subject_kind, e.subject_id,
            e.subject_label, d.details
        FROM journal_entries e
        LEFT JOIN journal_details d
            ON d.organisation_id = e.organisation_id AND d.entry_id = e.id
        WHERE e.organisation_id = \(organisation) AND e.id < \(filter.before ?? Int.max)
            AND (\(filter.kind)::text IS NULL OR e.subject_kind = \(filter.kind))
            AND (\(filter.person)::uuid IS NULL OR e.actor_id = \(filter.person))
        ORDER BY e.id DESC
        """
    }
}

/// The journal, newest first.
struct JournalPage {
    let filter: JournalFilter
    let entries: [JournalEntry]
    let next: Int?
    let people: [Colleague]
    let request: Request

    init(
        _ filter: JournalFilter, _ entries: [JournalEntry], _ people: [Colleague],
        _ request: Request
    ) {
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
                \(Timeline(request).list(entries, links: true, changes: true))</div>\(pager)</section>
                """)
    }

    private var files: HTML { ExportMenu(filter.address, request).html }

    private var filters: HTML {
        """
        <form method="get" action="/journal" class="filters">\
        \(select("kind", say("Sujet", "Subject"), kinds, filter.kind?.rawValue ?? ""))\
        \(select("person", say("Personne", "Person"), people.map { ($0.id.description, $0.name) }, filter.person?.description ?? ""))\
        <button class="btn">\(request.icon("funnel"))\(say("Filtrer", "Filter"))</button>\
        \(if: filter.kind != nil || filter.person != nil, "<a class=\"lnk\" href=\"/journal\">\(say("Tout effacer", "Clear all"))</a>")</form>
        """
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
    var label: Text {
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
