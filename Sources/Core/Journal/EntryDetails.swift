import Basics
import Markup

/// What a journal entry tells beside its sentence: fields before and after, or other details.
struct EntryDetails {
    private static let amounts: Set = ["amount", "total", "settled"]

    let entry: JournalEntry
    let say: Language
    let currency: Currency

    init(_ entry: JournalEntry, _ say: Language, _ currency: Currency) {
        self.entry = entry
        self.say = say
        self.currency = currency
    }

    var html: HTML {
        let members = entry.details?.members ?? []
        return members.map { name, value in
            switch name {
            // A fingerprint proves what stood there, and tells a reader nothing.
            case "note", "mail", "sha256": .empty
            case "changes": (value.array ?? []).map(change).joined()
            default: plain(name, value)
            }
        }.joined()
    }

    private func change(_ change: JSON) -> HTML {
        let (before, after) = (shown(change["before"]), shown(change["after"]))
        return """
            <p class="change"><b>\(label(change["field"]?.string ?? ""))</b> \
            \(if: !before.isEmpty, "<del>\(before)</del> → ")<ins>\(after.isEmpty ? "—" : after)</ins></p>
            """
    }

    private func plain(_ name: String, _ value: JSON) -> HTML {
        let isAmount = EntryDetails.amounts.contains(name)
        let amount = isAmount ? value.int.map { say.money(Amount($0), currency) } : nil
        let text = amount ?? shown(value)
        return text.isEmpty || value == .null
            ? .empty : "<p class=\"change\"><b>\(label(name))</b> <ins>\(text)</ins></p>"
    }

    private func shown(_ value: JSON?) -> String {
        guard let text = value?.string else { return value?.text ?? "" }
        return Role(builtIn: text).map { say($0.label) } ?? text
    }

    private func label(_ field: String) -> String {
        FieldNames.all[field].map { say($0) } ?? field
    }
}
