import Basics
import Core
import Markup

/// The way to an import of what a list shows; nothing for whoever may not.
struct ImportLink {
    let kind: ImportKind
    let request: Request

    init(_ kind: ImportKind, _ request: Request) {
        self.kind = kind
        self.request = request
    }

    var html: HTML {
        RecordParts(request).link(
            "/imports/new?kind=\(kind.rawValue)", "upload", Text("Importer", "Import"))
    }
}
