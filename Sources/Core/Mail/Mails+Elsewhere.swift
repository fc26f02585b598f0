import Basics
import Markup

// Mail on the pages of others: home and search.

extension Mails {
    public static var searchSources: [SearchSource] {
        [
            SearchSource(
                .mail, Section.mails.label, icon: "mail", .readMails, list: "/mails",
                rows: { transaction, ids, say in
                    let mails: [Mail] = try transaction.all(
                        """
                        SELECT \(Mail.columns) FROM mails m
                        WHERE m.organisation_id = \(transaction.organisation)
                            AND m.id = ANY (\(ids))
                        """)
                    return mails.map {
                        SearchRow(
                            id: $0.id.value, title: $0.subject,
                            note: "\($0.recipient), \(say($0.status.label))")
                    }
                })
        ]
    }

    private static let mostOnHome = 4

    /// Mails that did not leave and will not without somebody.
    public static func addToHome(
        _ home: inout Home, _ request: Request, _ transaction: Transaction
    ) throws {
        guard request.may(.readMails) else { return }
        let counts = try transaction.mailCounts()
        let count = counts.failed + counts.waiting
        guard count > 0 else { return }
        let mails = try transaction.mailsToLookAt(most: mostOnHome)
        home.toDo.append(
            ToDoGroup(
                Text("Courriels non partis", "Mails not sent"), icon: "mail-x",
                tone: counts.failed > 0 ? .bad : .warn, count: count,
                address: counts.failed > 0 ? "/mails?view=failed" : "/mails?view=waiting",
                items: mails.map { item($0, request) }))
    }

    private static func item(_ mail: Mail, _ request: Request) -> ToDoItem {
        let say = request.say
        let note: HTML =
            mail.status == .failed
            ? "\(mail.recipient) · <b class=\"late\">\(say(mail.failure?.explanation ?? mail.status.label))</b>"
            : "\(mail.recipient) · \(say("attend un serveur de courrier", "waits for a mail server"))"
        return ToDoItem(
            mail.subject, address: mail.path, note: note,
            action: request.may(.sendMails) ? Text("Ouvrir", "Open") : nil)
    }
}
