import Basics
import Core
import Database
import Markup

/// One change of status, as the database itself noted it.
struct StatusChange: Record, Sendable {
    let before: String?
    let after: String
    let changedAt: Instant
    let changedBy: String

    init(row: Row) throws {
        before = try row["status_before"]
        after = try row["status_after"]
        changedAt = try row["changed_at"]
        changedBy = try row["changed_by_name"]
    }
}

extension Transaction {
    /// The newest first.
    func statusChanges(of kind: SubjectKind, _ id: UniqueID) throws -> [StatusChange] {
        try all(
            """
            SELECT status_before, status_after, changed_at, changed_by_name FROM status_changes
            WHERE organisation_id = \(organisation) AND subject_kind = \(kind)
                AND subject_id = \(id)
            ORDER BY id DESC LIMIT 200
            """)
    }

    func history(of kind: SubjectKind, _ id: UniqueID) throws -> DocumentHistory {
        DocumentHistory(
            entries: try journal(of: kind, id), changes: try statusChanges(of: kind, id))
    }
}

/// What happened to a quote or an order: what people did, and every change of status with its before
/// and after, those made behind the program's back too.
struct DocumentHistory: Sendable {
    var entries: [JournalEntry] = []
    var changes: [StatusChange] = []

    private struct Event {
        var at: Instant
        var entry: JournalEntry?
        var change: StatusChange?
    }

    /// A verb and the change of status that it made are one event: they bear the same moment.
    private var events: [Event] {
        var left = changes
        var events = entries.map { entry in
            let match = left.firstIndex { $0.changedAt == entry.recordedAt }
            return Event(
                at: entry.recordedAt, entry: entry, change: match.map { left.remove(at: $0) })
        }
        events += left.map { Event(at: $0.changedAt, entry: nil, change: $0) }
        return events.enumerated().sorted {
            ($1.element.at, $0.offset) < ($0.element.at, $1.offset)
        }
        .map(\.element)
    }

    func list(_ request: Request, status label: (String) -> Text) -> HTML {
        let (say, timeline) = (request.say, Timeline(request))
        guard !events.isEmpty else {
            return "<p class=\"mut\">\(say("Rien encore.", "Nothing yet."))</p>"
        }
        return """
            <ol class="tl">\(events, { event in
                let action = event.entry.flatMap { request.application.actions[$0.action] }
                let name = action?.icon ?? (event.entry == nil ? "refresh-cw" : "pencil")
                let note = event.entry?.details?["note"]?.string ?? ""
                return """
                    <li><span class="m">\(request.icon(named: name))</span><div>\
                    <p>\(sentence(event, action, say))</p>\(change(event.change, label, say))\
                    \(if: !note.isEmpty, "<blockquote>\(note)</blockquote>")\
                    <time datetime="\(event.at.rfc3339)">\(timeline.moment(event.at))</time></div></li>
                    """
            })</ol>
            """
    }

    private func sentence(_ event: Event, _ action: Action?, _ say: Language) -> HTML {
        if let entry = event.entry {
            let words = action.map { Timeline.alone(say($0.sentence)) } ?? entry.action
            return "<b>\(named(entry.actorName, say))</b> \(words)"
        }
        return
            "<b>\(named(event.change?.changedBy ?? "", say))</b> \(say("a changé l’état", "changed the status"))"
    }

    private func named(_ name: String, _ say: Language) -> String {
        name.isEmpty ? say(Timeline.erasedName) : name
    }

    private func change(_ change: StatusChange?, _ label: (String) -> Text, _ say: Language) -> HTML
    {
        guard let change else { return .empty }
        let after: HTML = "<ins>\(say(label(change.after)))</ins>"
        let before: HTML =
            change.before.map { "<del>\(say(label($0)))</del> → " } ?? .empty
        return "<p class=\"change\">\(before)\(after)</p>"
    }
}
