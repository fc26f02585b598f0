import Basics
import Core
import Markup

/// Who the document is for, in its editor: the client with its contact, or the search for one.
struct EditorParty {
    let editor: DocumentEditor

    init(_ editor: DocumentEditor) { self.editor = editor }

    private var request: Request { editor.request }
    private var say: Language { request.say }
    private var icon: Icon { request.icon }
    private var fields: FormFields { editor.fields }

    var block: HTML {
        editor.around.client.map(chosen) ?? search
    }

    private func chosen(_ client: Client) -> HTML {
        let place = client.address.lines(
            home: request.organisation.address.country, in: say)
        let reach = [client.email, PhoneNumber.shown(client.phone)].filter { !$0.isEmpty }
        let lines = [place.joined(separator: ", "), reach.joined(separator: ", ")]
            .filter { !$0.isEmpty }.joined(separator: "\n")
        return """
            <div class="party"><div class="who"><span class="av \(Avatar.tone(client.name))" \
            aria-hidden="true">\(Comptoir.initials(client.name))</span><div>\
            <b class="nm">\(client.name)</b><small class="num">\(client.number)</small></div>\
            <button class="btn sm" name="op" value="client" formnovalidate>\(say("Changer", "Change"))</button></div>\
            <p class="adr">\(lines)</p>\(contact)\
            <input type="hidden" name="client" value="\(client.id)">\(fields.errorLine("client"))</div>
            """
    }

    private var contact: HTML {
        let contacts = editor.around.contacts
        guard !contacts.isEmpty else {
            return "<input type=\"hidden\" name=\"contact\" value=\"\">"
        }
        let chosen = fields["contact"]
        return editor.field(
            "contact", Text("Contact", "Contact"),
            """
            <span class="sel"><select class="in" id="\(fields.id("contact"))" name="contact"\
            \(fields.described("contact", nil))><option value="">\(say("Aucun en particulier", "Nobody in particular"))</option>\
            \(contacts, { contact in
                """
                <option value="\(contact.id)"\(attribute: "selected", if: contact.id.description == chosen)>\
                \([contact.name, contact.position].filter { !$0.isEmpty }.joined(separator: ", "))</option>
                """
            })</select>\(icon("chevron-down", .small))</span>
            """)
    }

    private var search: HTML {
        """
        <div class="party"><div class="field"><label for="\(fields.id("client"))">\(say("Client", "Client"))</label>\
        <div class="with has-ta"><input class="in" id="\(fields.id("client"))" name="client_words" \
        value="\(fields["client_words"])" maxlength="200" data-suggest="/clients/suggest" data-then="#pick" \
        data-clears="client" placeholder="\(say("Nom, ville, numéro…", "Name, city, number…"))" \
        autocomplete="off"\(attribute: "autofocus", if: editor.around.candidates == nil)\
        \(fields.described("client", nil))>\
        <button class="btn" id="pick" name="op" value="find-client" formnovalidate>\(say("Chercher", "Find"))</button></div>\
        <input type="hidden" name="client" value="">\(fields.errorLine("client"))</div>\(candidates)\
        <p class="hint"><a class="lnk" href="/clients/new">\(say("Créer un client", "Create a client"))</a></p></div>
        """
    }

    private var candidates: HTML {
        guard let found = editor.around.candidates else { return .empty }
        guard !found.isEmpty else {
            return
                "<p class=\"hint\" role=\"status\">\(say("Aucun client trouvé.", "No client found."))</p>"
        }
        return """
            <fieldset class="field"><legend>\(say("Lequel ?", "Which one?"))</legend>\(found, { client in
                """
                <label class="check"><input class="ck" type="radio" name="client_choice" value="\(client.id)">\
                <span>\(client.name)<small>\(client.number) \(client.city)</small></span></label>
                """
            })<button class="btn sm" name="op" value="find-client" formnovalidate>\(say("Choisir", "Choose"))</button></fieldset>
            """
    }
}
