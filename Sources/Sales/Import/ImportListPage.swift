import Basics
import Core
import HTTP
import Markup

/// Every file that came in, and what became of it.
struct ImportListPage {
    let listing: Listing<Import>
    let isFirst: Bool
    let request: Request
    private let parts: ListParts

    init(_ listing: Listing<Import>, isFirst: Bool, _ request: Request) {
        self.listing = listing
        self.isFirst = isFirst
        self.request = request
        parts = ListParts(
            request, ListAddress("/imports", request.http.query, keeping: []), sort: "")
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }

    var page: Page {
        let title = say(Section.imports.label)
        return Page(
            title: title, section: .imports,
            body: """
                \(ListParts.title(title, actions: listing.rows.isEmpty ? .empty : new))
                \(listing.rows.isEmpty ? nothing : table)
                """)
    }

    private var new: HTML {
        guard request.may(.writeImports) else { return .empty }
        return """
            <a class="btn p" href="/imports/new">\(icon("upload"))\(say("Nouvel import", "New import"))</a>
            """
    }

    private var table: HTML {
        """
        <section class="card list" id="list" aria-label="\(say("Liste des imports", "List of imports"))">\
        <div class="scroll" tabindex="0" role="group" aria-label="\(say("Tableau des imports", "Table of imports"))">
        <table class="tbl cards"><thead><tr>
        \(parts.heading(Text("Fichier", "File")))\(parts.heading(Text("Quand", "When"), cssClass: "k2"))
        \(parts.heading(Text("Lignes", "Lines"), cssClass: "n k1"))\(parts.heading(Text("Importées", "Imported"), cssClass: "n"))
        \(parts.heading(Text("Refusées", "Refused"), cssClass: "n k2"))\(parts.heading(Text("État", "State")))
        </tr></thead><tbody>\(listing.rows, row)</tbody></table></div>
        \(parts.pager(listing.rows.count, next: listing.next, isFirst: isFirst))</section>
        """
    }

    private func row(_ found: Import) -> HTML {
        let written = found.state == .finished || found.state == .undone ? found.counts.written : 0
        let who = found.createdByName.isEmpty ? "" : " · " + found.createdByName
        return """
            <tr><td class="w"><a class="id" href="\(found.path)">\(found.fileName)</a><small>\(say(found.kind.label))\(who)</small></td>
            <td class="k2" data-label="\(say("Quand", "When"))">\(Timeline(request).moment(found.startedAt))</td>
            <td class="n k1" data-label="\(say("Lignes", "Lines"))">\(say.integer(found.counts.total))</td>
            <td class="n" data-label="\(say("Importées", "Imported"))">\(say.integer(written))</td>
            <td class="n k2" data-label="\(say("Refusées", "Refused"))">\(say.integer(found.counts.refused))</td>
            <td class="st">\(found.state.pill(request))</td></tr>
            """
    }

    private var nothing: HTML {
        ListParts.empty(
            say("Reprenez ce que vous avez déjà", "Bring along what you have"),
            say(
                "Clients, catalogue, factures à encaisser et contacts : exportez-les de votre ancien logiciel "
                    + "ou d’un tableur en CSV (en VCF pour un carnet d’adresses), puis envoyez le fichier ici. "
                    + "Les exports de Dolibarr et d’Invoice Ninja sont reconnus.",
                "Clients, catalogue, open invoices and contacts: export them from your older program or a "
                    + "spreadsheet as CSV (as VCF for an address book), then send the file here. Exports of "
                    + "Dolibarr and Invoice Ninja are recognised."), actions: new)
    }
}

extension Import.State {
    var label: Text {
        switch self {
        case .mapping: Text("Colonnes à nommer", "Columns to name")
        case .checking: Text("Vérification", "Checking")
        case .ready: Text("À confirmer", "To confirm")
        case .importing: Text("En cours", "Running")
        case .finished: Text("Importé", "Imported")
        case .failed: Text("Illisible", "Unreadable")
        case .undoing: Text("Annulation", "Undoing")
        case .undone: Text("Annulé", "Undone")
        }
    }

    func pill(_ request: Request) -> HTML {
        let (tone, sign): (String, StaticString) =
            switch self {
            case .mapping, .ready: (" warn", "hourglass")
            case .checking, .importing, .undoing: (" info", "refresh-cw")
            case .finished: (" ok", "check")
            case .failed: (" bad", "triangle-alert")
            case .undone: ("", "undo-2")
            }
        return "<span class=\"pill\(tone)\">\(request.icon(sign))\(request.say(label))</span>"
    }
}
