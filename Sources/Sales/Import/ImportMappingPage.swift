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
                <div class="lh"><h1>\(title)</h1></div>\(ready)
                <form class="form" method="post" action="\(found.path)/mapping?mapping=\(PercentEncoding.encoded(mapping))" data-guard data-main>
                \(FormToken.input(for: request))\(fields.summary)
                \(table)\(settings)
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

    private var table: HTML {
        let columns = found.form.headings.indices.filter { index in
            !found.form.headings[index].isEmpty
        }
        return """
            <section class="card list" aria-labelledby="h-columns"><header><h2 id="h-columns">\(say("Que contient chaque colonne ?", "What is in each column?"))</h2>\
            <span class="sp"></span><span class="sub">\(found.form.encoding.rawValue)</span></header>
            <div class="scroll" tabindex="0" role="group" aria-label="\(say("Colonnes", "Columns"))">
            <table class="tbl cards"><thead><tr><th scope="col">\(say("Colonne", "Column"))</th>\
            <th scope="col" class="k2">\(say("Premières valeurs", "First values"))</th>\
            <th scope="col">\(say("Devient", "Becomes"))</th></tr></thead><tbody>\(columns, row)</tbody></table></div></section>
            """
    }

    private func row(_ index: Int) -> HTML {
        let name = "column_\(index)"
        let id = fields.id(name)
        let heading = found.form.headings[index]
        let values = cells.compactMap { $0.count > index && !$0[index].isEmpty ? $0[index] : nil }
            .prefix(3).map { String($0.prefix(ImportLimits.shownCharacters)) }
        return """
            <tr><td class="w"><label for="\(id)">\(heading)</label></td>
            <td class="k2" data-label="\(say("Valeurs", "Values"))">\(values.joined(separator: " · "))</td>
            <td data-label="\(say("Devient", "Becomes"))"><span class="sel"><select class="in" id="\(id)" name="\(name)"\(fields.described(name, nil))>\
            <option value="">\(say("Ne pas importer", "Leave out"))</option>\(found.kind.fields, { option($0, fields[name]) })</select>\
            \(request.icon("chevron-down", .small))</span>\(fields.errorLine(name))</td></tr>
            """
    }

    private func option(_ field: ImportField, _ chosen: String) -> HTML {
        """
        <option value="\(field.name)"\(attribute: "selected", if: field.name == chosen)>\(say(field.label))</option>
        """
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
