import Basics
import Core
import Markup

/// Each column of a file with its first values, and what it is.
struct ImportMappingPage {
    let found: Import
    let fields: FormFields
    let mappings: [ImportMapping]
    /// The name of the one that the choices come from, empty for none.
    let mapping: String
    /// The first lines, as the file has them.
    let cells: [[String]]
    let request: Request

    init(
        _ found: Import, _ values: [String: String], _ problems: [FieldProblem],
        _ mappings: [ImportMapping], chosen mapping: String, _ cells: [[String]],
        _ request: Request
    ) {
        self.found = found
        self.mappings = mappings
        self.mapping = mapping
        self.cells = cells
        self.request = request
        fields = FormFields(values, problems, request)
    }

    static func values(_ found: Import, _ fields: [String]) -> [String: String] {
        var values = ["existing": found.existing.rawValue]
        for (index, field) in fields.enumerated() { values["column_\(index)"] = field }
        return values
    }

    /// Only a file that waits for it has columns to name.
    func reply() -> Reply {
        guard [.mapping, .ready, .failed].contains(found.state), found.kind != .contacts else {
            return .done(at: found.path)
        }
        return .page(page)
    }

    private var say: Language { request.say }

    var page: Page {
        let title = say("Colonnes du fichier", "Columns of the file")
        return Page(
            title: title, section: .imports, path: [(title: found.fileName, address: found.path)],
            frame: .edit,
            body: """
                <div class="lh"><h1>\(title)</h1><div class="acts">\(ready)</div></div>
                <form class="form" method="post" action="\(found.path)/mapping?mapping=\(PercentEncoding.encoded(mapping))" data-guard data-main>
                \(FormToken.input(for: request))\(fields.summary)
                \(columns)\(settings)
                <div class="bar"><p class="sumup">\(found.fileName)</p><div class="acts2"><a class="btn" href="\(found.path)">\(say("Annuler", "Cancel"))</a>\
                <button class="btn p">\(request.icon("check"))\(say("Vérifier le fichier", "Check the file"))</button></div></div></form>
                """)
    }

    /// Which ready or kept mapping the columns come from, and the others.
    private var ready: HTML {
        guard !mappings.isEmpty else { return .empty }
        return """
            <nav class="seg" aria-label="\(say("Correspondances", "Mappings"))">\(mappings, { mapping in
                """
                <a href="\(found.path)/mapping?mapping=\(PercentEncoding.encoded(mapping.name))"\
                \(attribute: "aria-current", mapping.name == self.mapping ? "true" : nil)>\(say(mapping.label))</a>
                """
            })</nav>
            """
    }

    /// A field for each column, with what the file has in it.
    private var columns: HTML {
        let named = found.form.headings.indices.filter { !found.form.headings[$0].isEmpty }
        return RecordParts(request).card(
            "columns", Text("Que contient chaque colonne ?", "What is in each column?"),
            sub: found.form.encoding.rawValue,
            "<div class=\"body f2\">\(named, column)</div>")
    }

    private func column(_ index: Int) -> HTML {
        let heading = found.form.headings[index]
        let values = cells.compactMap { $0.count > index && !$0[index].isEmpty ? $0[index] : nil }
            .prefix(3).map { String($0.prefix(ImportLimits.shownCharacters)) }
            .joined(separator: " · ")
        let options =
            [(value: "", label: say("Ne pas importer", "Leave out"))]
            + found.kind.fields.map { (value: $0.name, label: say($0.label)) }
        return fields.select(
            "column_\(index)", Text(heading, heading), options, width: .half,
            hint: values.isEmpty ? Text("vide", "empty") : Text(values, values))
    }

    private var settings: HTML {
        let existing: HTML =
            found.kind == .invoices
            ? .empty
            : fields.segments(
                "existing", Text("Ce qui existe déjà", "What is here already"),
                Import.Existing.allCases.map { ($0.rawValue, say($0.label)) }, width: .half)
        return RecordParts(request).card(
            "settings", Text("Réglages", "Settings"),
            """
            <div class="body f2">\(existing)\(fields.input("keep_as", Text("Garder ces choix sous le nom", "Keep these choices as"), width: .half, hint: Text("Facultatif : pour le prochain fichier de même forme.", "Optional: for the next file of this form."), maximum: 60))</div>
            """)
    }
}
