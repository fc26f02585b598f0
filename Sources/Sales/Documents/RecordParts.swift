import Basics
import Core
import Markup

/// What the pages of quotes and orders have in common: buttons that post, cards, linked documents.
struct RecordParts {
    let request: Request

    init(_ request: Request) { self.request = request }

    private var icon: Icon { request.icon }

    /// A button that changes something. `once`: a second press leads to what the first one made.
    func button(
        _ address: String, _ name: StaticString, _ label: Text, cssClass: StaticString = "btn",
        once: Bool = false, confirm: Text? = nil, fields: [(String, String)] = []
    ) -> HTML {
        """
        <form method="post" action="\(address)">\(FormToken.input(for: request))\
        \(if: once, Submission.input(for: request))\
        \(fields, { "<input type=\"hidden\" name=\"\($0.0)\" value=\"\($0.1)\">" })\
        <button\(attribute: "class", cssClass.description.isEmpty ? nil : cssClass.description)\
        \(attribute: "data-confirm", confirm.map { request.say($0) })>\
        \(icon(name))\(request.say(label))</button></form>
        """
    }

    /// A link, left out when the page is not there or not allowed. `isFile`: what it leads to is kept
    /// instead of shown.
    func link(
        _ address: String, _ name: StaticString, _ label: Text, cssClass: StaticString = "btn",
        isFile: Bool = false
    ) -> HTML {
        guard request.offers(address) else { return .empty }
        return """
            <a\(attribute: "class", cssClass.description.isEmpty ? nil : cssClass.description) \
            href="\(address)"\(attribute: "download", if: isFile)>\(icon(name))\(request.say(label))</a>
            """
    }

    func menu(_ entries: HTML) -> HTML {
        guard !entries.isEmpty else { return .empty }
        return """
            <details class="menu"><summary class="btn sq" aria-label="\(request.say("Autres actions", "More actions"))">\
            \(icon("ellipsis"))</summary><div class="pop">\(entries)</div></details>
            """
    }

    func card(_ id: String, _ title: Text, sub: String = "", _ body: HTML) -> HTML {
        """
        <section class="card" aria-labelledby="h-\(id)"><header><h2 id="h-\(id)">\(request.say(title))</h2>\
        \(if: !sub.isEmpty, "<span class=\"sp\"></span><span class=\"sub num\">\(sub)</span>")</header>\(body)</section>
        """
    }

    func linked(_ documents: [LinkedDocument]) -> HTML {
        guard !documents.isEmpty else { return .empty }
        return card(
            "links", Text("Documents liés", "Linked documents"),
            """
            <ul class="rows">\(documents, { document in
                """
                <li><span class="ic">\(icon(document.icon))</span><div><a href="\(document.address)">\(document.title)</a>\
                <small>\(document.note)</small></div><span class="num">\(document.amount)</span></li>
                """
            })</ul>
            """)
    }

    /// A page that asks before something is done, for browsers without a script.
    func question(
        _ title: String, section: Section, path: [(title: String, address: String)], text: String,
        form: HTML
    ) -> Page {
        Page(
            title: title, section: section, path: path, frame: .narrow,
            body: """
                <div class="lh"><h1>\(title)</h1></div><section class="card"><div class="body">\
                <p>\(text)</p>\(form)</div></section>
                """)
    }
}

/// A document that another one led to, or came from.
struct LinkedDocument {
    var icon: StaticString
    var title: String
    var address: String
    var note: String
    var amount: String
}
