import Basics
import Markup

/// The tables that can be browsed.
struct TableListPage {
    let tables: [BrowsedTable]
    let counts: [String: Int]
    let request: Request

    private var say: Language { request.say }

    var page: Page {
        let title = say("Données", "Data")
        return Page(
            title: title, section: .administration, frame: .narrow,
            body: """
                \(ListParts.title(title, count: say.integer(tables.count)))
                <p class="note">\(request.icon("info"))<span>\(explanation)</span></p>
                <section class="card list" aria-label="\(title)"><div class="scroll" tabindex="0" role="group" \
                aria-label="\(title)"><table class="tbl cards"><thead><tr>\
                <th scope="col">\(say("Table", "Table"))</th>\
                <th scope="col" class="n">\(say("Lignes", "Rows"))</th></tr></thead>
                <tbody>\(tables, row)</tbody></table></div></section>
                """)
    }

    private var explanation: String {
        say(
            "Les tables de votre organisation telles qu’elles sont dans la base, en lecture seule. Les mots de passe, jetons et secrets n’y paraissent jamais ; chaque export est noté dans le journal.",
            "The tables of your organisation as they are in the database, read-only. Passwords, tokens and secrets never appear; each export is noted in the journal."
        )
    }

    private func row(_ table: BrowsedTable) -> HTML {
        let count = counts[table.name.text] ?? 0
        let most = DataBrowser.mostCounted
        let text =
            count > most
            ? say("plus de ", "more than ") + say.integer(most) : say.integer(count)
        return """
            <tr><td class="w"><a href="/administration/data/\(table.name.text)"><code>\(table.name.text)</code></a></td>
            <td class="n num" data-label="\(say("Lignes", "Rows"))">\(text)</td></tr>
            """
    }
}
