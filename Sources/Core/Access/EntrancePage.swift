import Basics
import Markup

/// A page for somebody who is not signed in: one card with a title, a sentence and what there is to do.
struct EntrancePage {
    var title: Text
    var lead: Text
    var request: Request

    init(_ title: Text, _ lead: Text, _ request: Request) {
        self.title = title
        self.lead = lead
        self.request = request
    }

    /// `languages`: the same page in both, where it can be asked for again.
    func page(_ content: HTML, languages: HTML = .empty) -> Page {
        let say = request.say
        return Page(
            title: say(title), frame: .plain,
            body: """
                <div class="auth"><main id="content" tabindex="-1">
                <a class="brand" href="/sign-in"><span class="logo" aria-hidden="true">C</span><b>Comptoir</b></a>
                <div class="login"><h1>\(say(title))</h1>
                <p>\(say(lead))</p>
                \(content)</div>
                <p class="legal">\(languages)\(SourceCode(request).link)</p></main>
                \(EntranceScene.html(request))</div>
                """)
    }

    /// "Français · English · ", for a page that needs nothing but its path.
    static func languages(_ path: String) -> HTML {
        languages { "\(path)?language=\($0.rawValue)" }
    }

    static func languages(_ address: (Language) -> String) -> HTML {
        """
        <a href="\(address(.french))" lang="fr">Français</a> · \
        <a href="\(address(.english))" lang="en">English</a> · \

        """
    }
}
