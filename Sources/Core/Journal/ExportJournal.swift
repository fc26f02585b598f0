import Basics
import Database

extension Journal {
    static let headings = [
        Text("Date", "Date"), Text("Personne", "Person"), Text("Action", "Action"),
        Text("Sujet", "Subject"), Text("Enregistrement", "Record"), Text("Note", "Note"),
        Text("Gravité", "Severity"), Text("Adresse", "Address"), Text("Navigateur", "Browser"),
        Text("Détails (JSON)", "Details (JSON)"), Text("Code de l’action", "Code of the action"),
        Text("N° d’écriture", "Number of the entry"),
        Text("Identifiant de l’enregistrement", "Identifier of the record"),
        Text("Identifiant de la personne", "Identifier of the person"),
    ]

    /// All entries of a filter, the newest first.
    static func export(_ request: Request) throws -> Reply {
        let filter = JournalFilter(request.http.query)
        let file = try request.tableFile(Text("journal", "journal"), headings)
        try request.read { transaction in
            try transaction.eachEntry(filter) { try file.add(cells(of: $0, request)) }
        }
        return try file.reply()
    }

    private static func cells(of entry: JournalEntry, _ request: Request) -> [TableCell] {
        let say = request.say
        let local = request.organisation.local(entry.recordedAt)
        let sentence = request.application.actions[entry.action].map { say($0.sentence) }
        // As they are kept: fields before and after, and whatever else the entry tells.
        let details = entry.details.map { $0.members?.isEmpty == true ? "" : $0.text } ?? ""
        return [
            .text("\(local.day.iso) \(local.clock())"), .text(entry.actorName),
            .text(sentence ?? entry.action), .text(say(entry.subjectKind.label)),
            .text(entry.subjectLabel), .text(entry.details?["note"]?.string ?? ""),
            .text(say(entry.severity.label)), .text(entry.address), .text(entry.userAgent.text),
            .text(details), .text(entry.action), .count(entry.id),
            .text(entry.subjectID?.description ?? ""), .text(entry.actorID?.description ?? ""),
        ]
    }
}
