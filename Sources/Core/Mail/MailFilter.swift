import Basics
import Database
import HTTP

/// Which mails a list shows.
struct MailFilter: Sendable {
    var words: String
    var view: Mail.Status?
    var after: PagePosition?
    let address: ListAddress

    init(_ query: Fields) {
        words = PlainText.line(query["q"] ?? "")
        view = query["view"].flatMap(Mail.Status.init)
        after = PagePosition(query["after"])
        address = ListAddress("/mails", query, keeping: ["q", "view"])
    }

    var isNarrowed: Bool { !words.isEmpty || view != nil }

    var conditions: SQL {
        var out: SQL = .empty
        if let query = SearchQuery(words) {
            out +=
                " AND m.id IN (SELECT record_id FROM search_records('mail', \(query.text), 5000))"
        }
        if let view { out += " AND m.status = \(view)" }
        return out
    }

    var position: SQL {
        guard let after, let instant = after.instant else { return .empty }
        return " AND (m.created_at, m.id) < (\(instant), \(after.id))"
    }
}

/// How many mails have not left, and why.
struct MailCounts: Record, Sendable {
    var waiting: Int
    var queued: Int
    var failed: Int
    /// Those that a working server would take: waiting, or failed for the sake of the server.
    var held: Int

    init(row: Row) throws {
        waiting = try row["waiting"]
        queued = try row["queued"]
        failed = try row["failed"]
        held = try row["held"]
    }

    func count(_ status: Mail.Status) -> Int {
        switch status {
        case .waiting: waiting
        case .queued: queued
        case .failed: failed
        case .sent, .cancelled: 0
        }
    }
}

extension Transaction {
    /// One page, newest first.
    func mails(_ filter: MailFilter) throws -> Listing<Mail> {
        let rows: [Mail] = try all(
            """
            SELECT \(Mail.columns) FROM mails m
            WHERE m.organisation_id = \(organisation) \(filter.conditions) \(filter.position)
            ORDER BY m.created_at DESC, m.id DESC LIMIT \(PagePosition.rowsPerPage + 1)
            """)
        return Listing(rows) { PagePosition($0.createdAt, id: $0.id.value) }
    }

    func mailCounts() throws -> MailCounts {
        try one(
            """
            SELECT count(*) FILTER (WHERE status = 'waiting') AS waiting,
                count(*) FILTER (WHERE status = 'queued') AS queued,
                count(*) FILTER (WHERE status = 'failed') AS failed,
                count(*) FILTER (WHERE status = 'waiting' OR status = 'failed'
                    AND failure_kind IN ('connection', 'authentication')) AS held
            FROM mails
            WHERE organisation_id = \(organisation) AND status IN ('waiting', 'queued', 'failed')
            """)
    }

    /// What a person has to look at: the failed ones first.
    func mailsToLookAt(most: Int) throws -> [Mail] {
        try all(
            """
            SELECT \(Mail.columns) FROM mails m
            WHERE m.organisation_id = \(organisation) AND m.status IN ('waiting', 'failed')
            ORDER BY m.status <> 'failed', m.created_at DESC, m.id DESC LIMIT \(most)
            """)
    }

    /// All mails of a filter, one line each.
    func exportMails(_ filter: MailFilter, to file: TableFile, _ say: Language) throws {
        let own = scope.organisation
        func moment(_ instant: Instant?) -> String {
            instant.map { own.local($0) }.map { "\($0.day.iso) \($0.clock())" } ?? ""
        }
        try each(
            """
            SELECT \(Mail.columns) FROM mails m
            WHERE m.organisation_id = \(organisation) \(filter.conditions)
            ORDER BY m.created_at DESC, m.id DESC
            """
        ) { row in
            let mail = try Mail(row: row)
            try file.add(
                [
                    moment(mail.createdAt), mail.recipient, mail.recipientName,
                    mail.copies.joined(separator: ", "), mail.subject, mail.record.label,
                    say(mail.status.label), moment(mail.sentAt), mail.failure?.answer ?? "",
                ].map(TableCell.text))
        }
    }

    /// What happened to one mail, newest first, from the journal of its record.
    func journal(of mail: Mail) throws -> [JournalEntry] {
        try all(
            """
            \(JournalEntry.selection)
            WHERE e.organisation_id = \(organisation) AND e.subject_kind = \(mail.record.kind)
                AND e.subject_id = \(mail.record.id) AND d.details ->> 'mail' = \(mail.id.description)
            ORDER BY e.id DESC LIMIT 50
            """)
    }
}

extension Mail.Status {
    public var label: Text {
        switch self {
        case .waiting: Text("En attente", "Waiting")
        case .queued: Text("En cours d’envoi", "Being sent")
        case .sent: Text("Parti", "Sent")
        case .failed: Text("Échec", "Failed")
        case .cancelled: Text("Annulé", "Cancelled")
        }
    }
    var tone: String {
        switch self {
        case .waiting: "warn"
        case .queued: "info"
        case .sent: "ok"
        case .failed: "bad"
        case .cancelled: ""
        }
    }
    var icon: StaticString {
        switch self {
        case .waiting: "pause"
        case .queued: "clock"
        case .sent: "mail-check"
        case .failed: "mail-x"
        case .cancelled: "x"
        }
    }
}

extension MailFilter {
    static let headings = [
        Text("Créé le", "Created"), Text("Destinataire", "Recipient"), Text("Nom", "Name"),
        Text("Copie", "Copy"), Text("Objet", "Subject"), Text("Document", "Document"),
        Text("État", "State"), Text("Parti le", "Sent"), Text("Erreur", "Error"),
    ]
}
