import Basics
import Database

extension Journal {
    static let headings = [
        Text("Date", "Date"), Text("Personne", "Person"), Text("Action", "Action"),
        Text("Sujet", "Subject"), Text("Enregistrement", "Record"), Text("Note", "Note"),
    ]

    /// All entries of a filter, the newest first.
    static func export(_ request: Request) throws -> Reply {
        let filter = JournalFilter(request.http.query)
        let say = request.say
        let file = try request.tableFile(Text("journal", "journal"), headings)
        try request.read { transaction in
            try transaction.eachEntry(filter) { entry in
                let local = request.organisation.local(entry.recordedAt)
                let sentence = request.application.actions[entry.action].map { say($0.sentence) }
                try file.add(
                    [
                        "\(local.day.iso) \(local.clock())", entry.actorName,
                        sentence ?? entry.action, say(entry.subjectKind.label),
                        entry.subjectLabel, entry.details?["note"]?.string ?? "",
                    ].map(TableCell.text))
            }
        }
        return try file.reply()
    }
}
