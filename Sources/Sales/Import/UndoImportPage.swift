import Basics
import Core
import Markup

/// Asks before a whole import is taken back, and says what follows.
struct UndoImportPage {
    let found: Import
    let request: Request

    init(_ found: Import, _ request: Request) {
        self.found = found
        self.request = request
    }

    private var say: Language { request.say }

    var page: Page {
        let title = say("Annuler l’import", "Undo the import")
        let counts = found.counts
        return Page(
            title: title, section: .imports, path: [(title: found.fileName, address: found.path)],
            frame: .narrow,
            body: """
                <form class="form" method="post" action="\(found.path)/undo">\(FormToken.input(for: request))
                <div class="lh"><h1>\(title)</h1></div>
                <section class="card"><header><h2>\(found.fileName)</h2></header><div class="body form-stack">
                <p>\(say(
                    "\(say.integer(counts.new)) lignes ont créé une fiche, \(say.integer(counts.changed)) en ont mis une à jour.",
                    "\(say.integer(counts.new)) lines created a record, \(say.integer(counts.changed)) updated one."))</p>
                <p>\(say(
                    "Ce que l’import a créé est retiré, ce qu’il a modifié retrouve ses valeurs d’avant. Ce qui a servi ou changé depuis reste, et vous en verrez la liste.",
                    "What the import created is removed, what it changed gets its values back. What was used or changed since stays, and you will see the list."))</p>
                </div></section>
                <div class="form-end"><a class="btn" href="\(found.path)">\(say("Garder l’import", "Keep the import"))</a>\
                <button class="btn danger">\(request.icon("undo-2"))\(say("Annuler l’import", "Undo the import"))</button></div></form>
                """)
    }
}
