import Basics
import Markup

/// Journal entries as a list with the newest on top.
public struct Timeline: Sendable {
    let say: Language
    let icon: Icon
    let organisation: Organisation
    let today: Day
    let actions: [String: Action]

    public init(_ request: Request) {
        say = request.say
        icon = request.icon
        organisation = request.organisation
        today = request.today
        actions = request.application.actions
    }

    /// `links`: whether each entry names its record, as on a page that shows those of several.
    /// `changes`: whether it says which fields changed.
    /// `origins`: whether it says from where.
    public func list(
        _ entries: [JournalEntry], links: Bool = false, changes: Bool = false,
        origins: Bool = false
    ) -> HTML {
        guard !entries.isEmpty else {
            return "<p class=\"mut\">\(say("Rien encore.", "Nothing yet."))</p>"
        }
        return
            "<ol class=\"tl\">\(entries, { item($0, links: links, changes: changes, origins: origins) })</ol>"
    }

    private func item(_ entry: JournalEntry, links: Bool, changes: Bool, origins: Bool) -> HTML {
        let action = actions[entry.action]
        let subject: HTML =
            !links || entry.subjectLabel.isEmpty
            ? .empty
            : entry.path.map { " <a href=\"\($0)\">\(entry.subjectLabel)</a>" }
                ?? " \(entry.subjectLabel)"
        let sentence = action.map { say($0.sentence) } ?? entry.action
        let note = entry.details?["note"]?.string ?? ""
        return """
            <li><span class="m">\(icon(named: action?.icon ?? "pencil"))</span><div>\
            <p><b>\(entry.actorName.isEmpty ? say(Timeline.erasedName) : entry.actorName)</b> \(subject.isEmpty ? Timeline.alone(sentence) : sentence)\(subject)</p>\
            \(if: !note.isEmpty, "<blockquote>\(note)</blockquote>")\
            \(if: changes, EntryDetails(entry, say, organisation.currency).html)\
            <time datetime="\(entry.recordedAt.rfc3339)">\(moment(entry.recordedAt))</time>\
            \(if: origins, origin(entry))</div></li>
            """
    }

    /// `127.0.0.1 · Firefox, Linux`, and how grave it is where it is.
    private func origin(_ entry: JournalEntry) -> HTML {
        let device = entry.userAgent.text.isEmpty ? "" : " · " + say(entry.userAgent.label)
        let place: HTML =
            entry.address.isEmpty
            ? .empty : " · <span class=\"mut\">\(entry.address)\(device)</span>"
        let mark: HTML =
            entry.severity.pill.map {
                " <span class=\"pill \($0.description)\">\(say(entry.severity.label))</span>"
            } ?? .empty
        return place + mark
    }

    /// Of somebody whose name was erased by law.
    public static let erasedName = Text("Personne effacée", "Erased person")

    /// On a record's own page nothing follows the sentence, so it cannot end in “of”.
    public static func alone(_ sentence: String) -> String {
        let links: Set<Substring> = ["de", "pour", "sur", "à", "of", "for", "on", "to"]
        guard let space = sentence.lastIndex(of: " ") else { return sentence }
        let last = sentence[sentence.index(after: space)...]
        return links.contains(last) ? String(sentence[..<space]) : sentence
    }

    /// `aujourd’hui, 09:30`, `12 nov., 16:12`
    public func moment(_ instant: Instant) -> String {
        let local = organisation.local(instant)
        let day: String =
            switch today - local.day {
            case 0: say("aujourd’hui", "today")
            case 1: say("hier", "yesterday")
            default: say.shortDay(local.day, today: today)
            }
        return "\(day), \(local.clock())"
    }
}
