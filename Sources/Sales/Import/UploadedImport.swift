import Basics
import Core

/// A file as a browser sent it. The only place that knows how uploads arrive.
struct UploadedImport {
    /// What a browser may send at once, in bytes: the server takes bodies of 16 MB. Larger files come in
    /// by the command line.
    static let maximumBytes = 15 * 1_048_576

    let kind: ImportKind
    let fileName: String
    private let bytes: [UInt8]

    init(_ request: Request, _ input: inout Input) throws {
        let chosen = input.choice("kind", or: ImportKind.clients)
        if !ImportKind.offered.contains(chosen) {
            input.refuse("kind", Text("Choix inconnu.", "Unknown choice."))
        }
        kind = chosen
        let file = try request.form().files.first { $0.name == "file" }
        if file == nil {
            input.refuse("file", Text("Choisissez d’abord un fichier.", "Choose a file first."))
        }
        try input.check()
        guard let file else { throw Problem.notFound }
        guard file.bytes.count <= UploadedImport.maximumBytes else {
            throw Problem.tooLarge(
                Text(
                    "Le fichier dépasse \(UploadedImport.maximumBytes / 1_048_576) Mo.",
                    "The file exceeds \(UploadedImport.maximumBytes / 1_048_576) MB."))
        }
        fileName = file.filename
        bytes = file.bytes
    }

    /// The content, from the beginning each time it is asked for.
    func pieces(_ body: (ArraySlice<UInt8>) throws -> Void) throws { try body(bytes[...]) }
}
