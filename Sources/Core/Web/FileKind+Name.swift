import Basics
import FileKinds

extension FileKind {
    /// With its article, to stand behind “this file is”.
    public var name: Text {
        switch self {
        case .empty: Text("vide", "empty")
        case .text: Text("du texte", "text")
        case .png: Text("une image PNG", "a PNG picture")
        case .picture: Text("une image d’un autre genre", "a picture of another kind")
        case .pdf: Text("un PDF", "a PDF")
        case .xml: Text("du XML", "XML")
        case .html: Text("une page web", "a web page")
        case .mail: Text("un courriel", "a mail")
        case .workbook: Text("un classeur (Excel, LibreOffice)", "a workbook (Excel, LibreOffice)")
        case .document: Text("un document de bureautique", "an office document")
        case .archive: Text("une archive (ZIP ou semblable)", "an archive (ZIP or the like)")
        case .program: Text("un programme", "a program")
        case .soundOrFilm: Text("du son ou un film", "sound or a film")
        case .unknown: Text("d’un genre inconnu", "of an unknown kind")
        }
    }
}
