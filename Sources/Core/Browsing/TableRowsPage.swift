import Basics
import HTTP
import Markup

/// The rows of one table.
struct TableRowsPage {
    let selection: RowSelection
    let rows: [BrowsedRow]
    let next: RowPosition?
    let isFirst: Bool
    /// Tables that can be browsed, for links to their rows.
    let linked: Set<String>
    let request: Request

    private var say: Language { request.say }
    private var name: String { selection.table.name.text }
    private var path: String { "/administration/data/" + name }
    private var address: ListAddress {
        ListAddress(path, request.http.query, keeping: ["column", "is", "value"])
    }

    var page: Page {
        Page(
            title: name, section: .administration,
            path: [(say("Données", "Data"), "/administration/data")],
            body: """
                \(ListParts.title(name, actions: ExportMenu(address, at: path + "/export", request).html))
                \(problems)\(filter)\(rows.isEmpty ? nothing : table)
                """)
    }

    private var fields: FormFields {
        FormFields(
            [
                "column": request.http.query["column"] ?? "",
                "is": request.http.query["is"] ?? "", "value": selection.filter.text,
            ], selection.filter.problems, request)
    }

    private var problems: HTML { fields.summary }

    private var filter: HTML {
        let columns = selection.columns.filter { !$0.kind.comparisons.isEmpty }
        return """
            <form method="get" action="\(path)" class="filters">\
            \(select("column", say("Colonne", "Column"), columns.map { ($0.name.text, $0.name.text) }))\
            \(select("is", say("Comparaison", "Comparison"), Comparison.allCases.map { ($0.rawValue, say($0.label)) }))\
            <label class="sr" for="value">\(say("Valeur", "Value"))</label>\
            <input class="in" id="value" name="value" value="\(selection.filter.text)" \
            maxlength="\(RowFilter.longestValue)" autocomplete="off" placeholder="\(say("Valeur", "Value"))"\
            \(attribute: "aria-invalid", fields.problem("value") == nil ? nil : "true")>\
            <button class="btn">\(request.icon("funnel"))\(say("Filtrer", "Filter"))</button>\
            \(if: selection.filter.column != nil || !selection.filter.problems.isEmpty, "<a class=\"lnk\" href=\"\(path)\">\(say("Tout effacer", "Clear all"))</a>")</form>
            """
    }

    private func select(_ name: String, _ label: String, _ options: [(String, String)]) -> HTML {
        let chosen = fields[name]
        return """
            <span class="sel"><label class="sr" for="\(name)">\(label)</label>\
            <select class="in" id="\(name)" name="\(name)"\
            \(attribute: "aria-invalid", fields.problem(name) == nil ? nil : "true")>\
            <option value="">\(label)</option>\(options, {
                """
                <option value="\($0.0)"\(attribute: "selected", if: $0.0 == chosen)>\($0.1)</option>
                """
            })</select>\(request.icon("chevron-down", .small))</span>
            """
    }

    private var table: HTML {
        """
        <section class="card list" id="list" aria-label="\(name)"><div class="scroll" tabindex="0" role="group" \
        aria-label="\(name)"><table class="tbl cards data"><thead><tr>\(selection.columns, heading)</tr></thead>
        <tbody>\(rows, row)</tbody></table></div>\(pager)</section>
        """
    }

    private func heading(_ column: BrowsedColumn) -> HTML {
        """
        <th scope="col"\(attribute: "class", isNumber(column) ? "n" : nil)>\(column.name.text)\
        <small>\(column.type)</small></th>
        """
    }

    private func isNumber(_ column: BrowsedColumn) -> Bool {
        [.whole, .decimal, .bytes].contains(column.kind)
    }

    private func row(_ row: BrowsedRow) -> HTML {
        let cells = zip(selection.columns, row.cells).map { column, value -> HTML in
            """
            <td\(attribute: "class", isNumber(column) ? "n num" : nil) data-label="\(column.name.text)">\
            \(cell(column, value))</td>
            """
        }
        return "<tr>\(cells.joined())</tr>"
    }

    private func cell(_ column: BrowsedColumn, _ value: String?) -> HTML {
        guard let value else { return "<span class=\"nil\">NULL</span>" }
        switch column.kind {
        case .secret:
            return """
                <span class="mut nw">\(request.icon("lock", .small))\(say("masqué", "hidden"))</span>
                """
        case .bytes:
            return "\(say.count(Int(value) ?? 0, Text("octet", "byte"), Text("octets", "bytes")))"
        case .flag: return "\(value == "true" ? say("oui", "yes") : say("non", "no"))"
        case .identifier:
            let short = String(value.suffix(8))
            guard let target = target(column, value) else {
                return "<code title=\"\(value)\">…\(short)</code>"
            }
            return "<a href=\"\(target)\" title=\"\(value)\"><code>…\(short)</code></a>"
        case .text, .other:
            let most = DataBrowser.longestText
            let text = value.count > most ? String(value.prefix(most)) + "…" : value
            guard let target = target(column, value) else { return "\(text)" }
            return "<a href=\"\(target)\">\(text)</a>"
        case .whole, .decimal, .day, .moment:
            guard let target = target(column, value) else { return "\(value)" }
            return "<a href=\"\(target)\">\(value)</a>"
        }
    }

    /// Where a value leads: to the row of another table that it names, or from the identifier of a record to
    /// its page.
    private func target(_ column: BrowsedColumn, _ value: String) -> String? {
        if let reference = column.reference, linked.contains(reference.table) {
            return ListAddress("/administration/data/" + reference.table, Fields(), keeping: [])
                .with("column", reference.column).with("is", Comparison.equals.rawValue)
                .with("value", value).text
        }
        guard column.name.text == "id" else { return nil }
        let kind = SubjectKind.allCases.first { $0.rawValue + "s" == name }
        return kind.flatMap { kind in UniqueID(value).flatMap { kind.address($0) } }
    }

    private var pager: HTML {
        let lines = say.count(rows.count, Text("ligne", "row"), Text("lignes", "rows"))
        return """
            <nav class="foot pager" aria-label="\(say("Pages", "Pages"))"><span class="num">\(lines)</span>\
            <span class="sp">\
            \(if: !isFirst, "<a class=\"btn sm\" href=\"\(address.text)\">\(request.icon("chevron-left", .small))\(say("Début", "First"))</a>")\
            \(next.map { "<a class=\"btn sm\" rel=\"next\" href=\"\(address.with("after", $0.text).text)\">\(say("Suivante", "Next"))\(request.icon("chevron-right", .small))</a>" as HTML })\
            </span></nav>
            """
    }

    private var nothing: HTML {
        guard selection.filter.problems.isEmpty else { return .empty }
        return selection.filter.isOn
            ? ListParts.empty(
                say("Aucune ligne", "No row"),
                say("Aucune ligne ne répond à ce filtre.", "No row answers this filter."))
            : ListParts.empty(
                say("Table vide", "Empty table"),
                say(
                    "Votre organisation n’a aucune ligne dans cette table.",
                    "Your organisation has no row in this table."))
    }
}
