import Basics
import Markup

/// The keys that the script listens to, explained in a dialogue that “?” opens. Without a script
/// neither the keys nor the dialogue are there.
struct Shortcuts {
    let request: Request

    init(_ request: Request) { self.request = request }

    private var say: Language { request.say }

    private var keys: [(label: Text, keys: [String])] {
        let enter = say("Entrée", "Enter")
        return [
            (Text("Chercher partout", "Search everywhere"), ["Ctrl", "K"]),
            (Text("Chercher dans la liste", "Search the list"), ["/"]),
            (Text("Créer", "Create"), ["N"]),
            (Text("Enregistrer le formulaire", "Save the form"), ["Ctrl", "S"]),
            (Text("Ajouter une ligne dessous", "Add a line below"), [enter]),
            (Text("Dupliquer la ligne", "Duplicate the line"), ["Ctrl", "D"]),
            (Text("Déplacer la ligne", "Move the line"), ["Alt", "↑ ↓"]),
            (Text("Montrer ces raccourcis", "Show these shortcuts"), ["?"]),
        ]
    }

    private var title: String { say("Raccourcis clavier", "Keyboard shortcuts") }

    var dialog: HTML {
        """
        <dialog class="dlg" id="shortcuts" aria-labelledby="shortcuts-t"><header><h2 id="shortcuts-t">\(title)</h2>\
        <button type="button" class="btn g sm sq sp" data-close aria-label="\(say("Fermer", "Close"))">\
        \(request.icon("x"))</button></header><div class="content"><dl class="keys">\(keys, { row in
            "<dt>\(say(row.label))</dt><dd>\(row.keys, { "<kbd>\($0)</kbd>" })</dd>"
        })</dl></div></dialog>
        """
    }

    /// Opens it without the key.
    var entry: HTML {
        """
        <button type="button" class="hide-m" data-dialog="shortcuts" data-js hidden>\(request.icon("keyboard"))\
        \(title)<kbd>?</kbd></button>
        """
    }
}
