import Basics
import Core
import Markup

/// What is held about a person, as they may read it.
struct PersonalDataPage {
    /// The file holds all; a page of thousands of lines nobody reads.
    private static let mostRows = 30

    let data: PersonalData
    let request: Request

    init(_ data: PersonalData, _ request: Request) {
        self.data = data
        self.request = request
    }

    private var say: Language { request.say }
    private var client: Client { data.client }

    var page: Page {
        let title = say("Données personnelles", "Personal data")
        let parts = RecordParts(request)
        let erase: HTML =
            client.isErased || client.kind == .company
            ? .empty
            : parts.link(
                client.path + "/erase", "eraser",
                Text("Effacer cette personne", "Erase this person"),
                cssClass: "btn danger")
        return Page(
            title: title, section: .clients, path: [(title: client.name, address: client.path)],
            body: """
                <div class="lh"><h1>\(title)</h1><div class="acts">\(parts.link(
                    client.path + "/personal-data/export", "download",
                    Text("Télécharger (JSON)", "Download (JSON)"), isFile: true))\(erase)</div></div>
                <p class="mut">\(say(
                    "Tout ce que \(request.organisation.name) garde de \(client.name), et pourquoi. La personne peut en demander copie, correction ou effacement.",
                    "All that \(request.organisation.name) keeps of \(client.name), and why. The person may ask for a copy, a correction or erasure."))</p>
                <div class="stack">\(data.parts, card)</div>
                """)
    }

    private func card(_ line: (processing: Processing, parts: [PersonalData.Part])) -> HTML {
        RecordParts(request).card(
            line.processing.id, line.processing.title,
            """
            <div class="body form-stack"><p class="mut">\(say(line.processing.purpose)) \(say(line.processing.basis.label)).</p>\
            \(line.parts, table)</div>
            """)
    }

    private func table(_ part: PersonalData.Part) -> HTML {
        let left = part.rows.count - Self.mostRows
        let rows = part.rows.prefix(Self.mostRows).map(row).joined()
        // Nothing but ids: they are in the file.
        guard !rows.isEmpty else { return .empty }
        return """
            <h3>\(say(part.table.label)) <span class="sub">\(part.rows.count)</span></h3>\(rows)\
            \(if: left > 0, "<p class=\"mut\">\(say("\(left) de plus dans le fichier.", "\(left) more in the file."))</p>")
            """
    }

    private func row(_ row: JSON) -> HTML {
        let value = PersonalValue(request)
        let facts = (row.members ?? []).filter { !Self.isInternal($0.0) }
            .map { (value.name($0.0), value.text($0.0, $0.1)) }.filter { !$0.1.isEmpty }
        guard !facts.isEmpty else { return .empty }
        return "<dl class=\"dl wide\">\(facts, { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" })</dl>"
    }

    /// Ids and counters: they are in the file.
    private static func isInternal(_ name: String) -> Bool {
        name == "id" || name.hasSuffix("_id") || name.hasSuffix("_ids") || name == "version"
            || name == "position" || name == "terms"
    }
}
