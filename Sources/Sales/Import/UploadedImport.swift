import Basics
import Core
import HTTP

/// A file as a browser sent it. The only place that knows how uploads arrive.
struct UploadedImport {
    /// What a browser may send at once, in bytes.
    static let maximumBytes = ImportLimits.fileBytes
    /// With what a form adds. A file that is somewhat larger is received all the same, so that the page
    /// can say so.
    static let mostBytes = maximumBytes * 2

    let kind: ImportKind
    let fileName: String
    private let content: SentBytes

    init(_ request: Request, _ input: inout Input) throws {
        let chosen = input.choice("kind", or: ImportKind.clients)
        if !ImportKind.offered.contains(chosen) {
            input.refuse("kind", Text("Choix inconnu.", "Unknown choice."))
        }
        kind = chosen
        let file = try request.upload("file")
        if file == nil {
            input.refuse("file", Text("Choisissez d’abord un fichier.", "Choose a file first."))
        }
        try input.check()
        guard let file else { throw Problem.notFound }
        guard file.content.count <= UploadedImport.maximumBytes else {
            throw Problem.tooLarge(
                Text(
                    "Le fichier dépasse \(UploadedImport.maximumBytes / 1_048_576) Mo.",
                    "The file exceeds \(UploadedImport.maximumBytes / 1_048_576) MB."))
        }
        fileName = file.filename
        content = file.content
    }

    /// The content, from the beginning each time it is asked for.
    func pieces(_ body: (ArraySlice<UInt8>) throws -> Void) throws {
        try content.pieces { try body($0[...]) }
    }
}
