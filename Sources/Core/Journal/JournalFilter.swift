import Basics
import Database
import HTTP

/// Which entries to show.
struct JournalFilter: Sendable {
    static let entriesPerPage = 50

    var view: JournalView?
    var kind: SubjectKind?
    var person: User.ID?
    /// At least so grave.
    var severity: Severity?
    /// Words of the record's name, of the person's or of the address.
    var text: String
    var from: Day?
    var to: Day?
    /// The entry before which to go on.
    var before: Int?

    init(_ query: Fields) {
        view = query["view"].flatMap(JournalView.init)
        kind = query["kind"].flatMap(SubjectKind.init)
        person = query["person"].flatMap { User.ID($0) }
        severity = query["severity"].flatMap(Severity.init)
        text = String(PlainText.line(query["q"] ?? "").prefix(100))
        from = query["from"].flatMap { Day($0) }
        to = query["to"].flatMap { Day($0) }
        before = query["after"].flatMap { Int($0) }
    }

    var isEmpty: Bool {
        view == nil && kind == nil && person == nil && severity == nil && text.isEmpty
            && from == nil && to == nil
    }

    var address: ListAddress {
        ListAddress("/journal", Fields(), keeping: [])
            .with("view", view?.rawValue).with("kind", kind?.rawValue).with(
                "person", person?.description
            )
            .with("severity", severity?.rawValue).with("q", text.isEmpty ? nil : text)
            .with("from", from?.iso).with("to", to?.iso)
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

    /// Written so that the index of grave entries serves.
    private func severity(_ filter: JournalFilter) -> SQL {
        switch filter.severity {
        case .critical?: " AND e.severity IN ('high', 'critical') AND e.severity = 'critical'"
        case .high?: " AND e.severity IN ('high', 'critical')"
        case .medium?: " AND e.severity <> 'low'"
        case .low?, nil: .empty
        }
    }

    private func words(_ filter: JournalFilter) -> SQL {
        filter.text.split(separator: " ").reduce(.empty) { all, word in
            all + """
                 AND strpos(folded(concat_ws(' ', e.subject_label, e.actor_name, e.address)),
                    folded(\(String(word)))) > 0
                """
        }
    }

    /// What an administrator should have seen, the newest first.
    public func graveEntries(most: Int) throws -> [JournalEntry] {
        try all(
            """
            \(JournalEntry.selection)
            WHERE e.organisation_id = \(organisation) AND e.severity IN ('high', 'critical')
            ORDER BY e.id DESC LIMIT \(most)
            """)
    }

    private func entries(_ filter: JournalFilter) -> SQL {
        """
        \(JournalEntry.selection)
        WHERE e.organisation_id = \(organisation) AND e.id < \(filter.before ?? Int.max)
            AND (\(filter.kind)::text IS NULL OR e.subject_kind = \(filter.kind))
            AND (\(filter.person)::uuid IS NULL OR e.actor_id = \(filter.person))
            \(filter.view?.condition ?? .empty)\(severity(filter))\(words(filter))
            AND (\(filter.from)::date IS NULL OR e.recorded_at >= (\(filter.from)::date)::timestamp
                AT TIME ZONE \(scope.organisation.timeZone))
            AND (\(filter.to)::date IS NULL OR e.recorded_at < (\(filter.to)::date + 1)::timestamp
                AT TIME ZONE \(scope.organisation.timeZone))
        ORDER BY e.id DESC
        """
    }
}
