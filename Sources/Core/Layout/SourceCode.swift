import Basics
import Markup

/// The way to the source of the program that runs here, changed or not: the licence gives it to
/// everyone who uses the program over a network. `bin/assets` stages the archive.
struct SourceCode {
    let request: Request

    init(_ request: Request) { self.request = request }

    private var say: Language { request.say }
    private var address: String { request.application.assets.path("source.tgz") }

    /// For the menu of one's account.
    var entry: HTML {
        """
        <a href="\(address)" download>\(request.icon("download"))<span>\(say("Code source", "Source code"))\
        <small>Comptoir \(Comptoir.version), \(say("licence", "licence")) AGPL 3</small></span></a>
        """
    }

    /// For pages outside the shell.
    var link: HTML {
        """
        <a href="\(address)" download>\(say("Code source", "Source code"))</a>
        """
    }
}
