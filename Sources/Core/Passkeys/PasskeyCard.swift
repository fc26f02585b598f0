import Basics
import Markup

/// Somebody's passkeys, on their own page.
struct PasskeyCard {
    let passkeys: [Passkey]
    let request: Request

    private var say: Language { request.say }

    var html: HTML {
        let verb = passkeys.isEmpty ? say("Ajouter", "Add") : say("Gérer", "Manage")
        return """
            <section class="card"><header><h2>\(say("Clés d’accès", "Passkeys"))</h2>\
            <p>\(say("Votre empreinte, votre visage ou le code de l’appareil, à la place du mot de passe.", "Your fingerprint, your face or the code of the device, in place of the password."))</p></header>\
            \(rows)<div class="body"><a class="btn" href="\(Passkeys.path)">\(request.icon("key-round"))\
            \(verb)<span class="sr"> \(say("les clés d’accès", "passkeys"))</span></a></div></section>
            """
    }

    /// Empty without any.
    var rows: HTML {
        passkeys.isEmpty ? .empty : "<ul class=\"rows\">\(passkeys, row)</ul>"
    }

    private func row(_ passkey: Passkey) -> HTML {
        let timeline = Timeline(request)
        let used =
            passkey.lastUsedAt.map { say("utilisée ", "used ") + timeline.moment($0) }
            ?? say("pas encore utilisée", "not used yet")
        let facts = [
            say("ajoutée ", "added ") + timeline.moment(passkey.createdAt), used,
            passkey.isBackedUp ? say("synchronisée", "synchronised") : nil,
        ].compactMap(\.self).joined(separator: " · ")
        return """
            <li><span class="ic">\(request.icon("key-round"))</span><div>\
            <a href="\(passkey.address)">\(passkey.name)</a><small>\(facts)</small></div>\
            <a class="btn g sm sq" href="\(passkey.address)" aria-label="\(say("Modifier", "Edit")) \(passkey.name)">\
            \(request.icon("pencil"))</a></li>
            """
    }
}
