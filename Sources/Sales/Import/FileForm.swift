import Basics
import Core
import FileKinds

/// How a file is written: its characters, what separates its columns, and what they are called.
struct FileForm: Sendable {
    var encoding: TextEncoding
    /// Of CSV; nothing for cards.
    var separator: UInt8
    var headings: [String]

    /// Looks at a whole file, piece by piece. Throws a `Problem` with field `file` for one that is not
    /// of this kind, and says what it is instead where that can be seen.
    init(
        of kind: ImportKind, _ pieces: ((ArraySlice<UInt8>) throws -> Void) throws -> Void
    ) throws {
        var detector = TextEncoding.Detector()
        var start: [UInt8] = []
        var count = 0
        try pieces { piece in
            count += piece.count
            guard count <= ImportLimits.fileBytes else { throw FileForm.tooLarge }
            detector.read(piece)
            start += piece.prefix(ImportLimits.startBytes - start.count)
        }
        if count == 0 {
            throw Problem.invalid("file", Text("Le fichier est vide.", "The file is empty."))
        }
        try FileForm.refuseOthers(start)
        encoding = detector.encoding
        let text = encoding.utf8(start[...])
        (separator, headings) = (0, [])
        let isCard = FileForm.isCard(text)
        guard kind != .contacts else {
            guard isCard else {
                throw Problem.invalid(
                    "file",
                    Text(
                        "Ce fichier n’est pas un carnet d’adresses VCF (vCard).",
                        "This file is no address book in VCF (vCard)."))
            }
            return
        }
        if isCard {
            throw Problem.invalid(
                "file",
                Text(
                    "C’est un carnet d’adresses : choisissez « Contacts (vCard) ».",
                    "This is an address book: choose “Contacts (vCard)”."))
        }
        separator = CSV.separator(of: text[...])
        headings = try FileForm.headings(text, separator)
    }

    init(encoding: TextEncoding, separator: UInt8, headings: [String]) {
        self.encoding = encoding
        self.separator = separator
        self.headings = headings
    }

    private static func headings(_ text: [UInt8], _ separator: UInt8) throws -> [String] {
        var first: [String]?
        var reader = CSV.Reader(separator: separator)
        do {
            try reader.read(text) { first = first ?? $1 }
            if first == nil { try reader.finish { first = first ?? $1 } }
        } catch let fault as CSV.Reader.Fault where first == nil {
            throw fault.problem
        }
        let headings = (first ?? []).map { PlainText.line($0) }
        guard headings.contains(where: { !$0.isEmpty }) else {
            throw Problem.invalid(
                "file",
                Text(
                    "La première ligne doit nommer les colonnes.",
                    "The first line must name the columns."))
        }
        guard headings.count <= ImportLimits.columns else {
            throw Problem.invalid(
                "file",
                Text(
                    "\(headings.count) colonnes : \(ImportLimits.columns) au plus.",
                    "\(headings.count) columns: at most \(ImportLimits.columns)."))
        }
        return headings.map { String($0.prefix(100)) }
    }

    private static func isCard(_ text: [UInt8]) -> Bool {
        let start = String(decoding: text.prefix(200), as: UTF8.self).uppercased()
        return start.drop { !$0.isLetter }.hasPrefix("BEGIN:VCARD")
    }

    /// What is no text at all, by its bytes. A mail is text too, and a table may look like one.
    private static func refuseOthers(_ start: [UInt8]) throws {
        let kind = FileKind(of: start)
        let text: Text? =
            if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) {
                Text(
                    "Ce fichier est en UTF-16 : enregistrez-le au format « CSV UTF-8 ».",
                    "This file is in UTF-16: save it as “CSV UTF-8”.")
            } else if [.workbook, .document, .archive].contains(kind) {
                Text(
                    "C’est un classeur, un document ou une archive : enregistrez le tableau au "
                        + "format CSV.",
                    "This is a workbook, a document or an archive: save the table as CSV.")
            } else if start.prefix(1024).count(where: { $0 == 0 }) > 8 {
                Text("Ce fichier n’est pas du texte.", "This file is not text.")
            } else if ![.text, .mail, .unknown].contains(kind) {
                Text(
                    "Un tableau en texte (CSV) est attendu ; ce fichier est \(kind.name.french).",
                    "A table as text (CSV) is expected; this file is \(kind.name.english).")
            } else {
                nil
            }
        if let text { throw Problem.invalid("file", text) }
    }

    static let tooLarge = Problem.tooLarge(
        Text(
            "Le fichier dépasse \(ImportLimits.fileBytes / 1_048_576) Mo.",
            "The file exceeds \(ImportLimits.fileBytes / 1_048_576) MB."))
}
