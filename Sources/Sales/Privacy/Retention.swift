import Basics
import Core
import Database

// What is due, what is told to the owner, and what goes by itself.

/// A private client whose term is over.
struct DueClient: Record, Sendable {
    var id: Client.ID
    var name: String
    var number: String
    var category: RetentionCategory
    var lastContactOn: Day

    init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        number = try row["number"]
        category = try row["category"]
        lastContactOn = try row["last_contact_on"]
    }
}

extension Privacy {
    static let mostOnHome = 4
    /// Erasures in one look, so that no look takes for ever: the next hour goes on.
    private static let mostAtOnce = 100

    /// Once a day for each organisation.
    public static func tidy(_ application: Application) throws {
        for organisation in try application.pool.withConnection({ try $0.organisations() }) {
            do {
                try tidy(organisation.id, application)
            } catch {
                complain(error, organisation.id)
            }
        }
    }

    private static func tidy(_ organisation: Organisation.ID, _ application: Application) throws {
        let due = try application.write(for: organisation) { try $0.lookForDue() }
        var erased = 0
        for client in due {
            guard erased < mostAtOnce else {
                return try application.write(for: organisation) { try $0.lookAgain() }
            }
            do {
                try application.write(for: organisation) { try $0.erasePerson(client) }
                erased += 1
            } catch is Problem {
                // Something is open again: the list says so, and a person decides.
                continue
            } catch {
                complain(error, organisation)
            }
        }
    }

    private static func complain(_ error: any Error, _ organisation: Organisation.ID) {
        Log.error(
            "retention",
            [
                "organisation": .string(organisation.description),
                "error": .string(String(describing: error)),
            ])
    }

    /// For whoever may erase.
    public static func addToHome(
        _ home: inout Home, _ request: Request, _ transaction: Transaction
    ) throws {
        guard request.may(.manageOrganisation) else { return }
        let due = try transaction.dueClients(most: mostOnHome)
        guard !due.isEmpty else { return }
        home.toDo.append(
            ToDoGroup(
                Text("Données à effacer", "Data to erase"), icon: "shield-check", tone: .plain,
                count: try transaction.countDueClients(), address: "/settings/privacy",
                items: due.map { client in
                    let day = request.say.longDay(client.lastContactOn)
                    return ToDoItem(
                        client.name, address: "/clients/\(client.id)",
                        note:
                            "\(request.say(client.category.label)), \(request.say("dernier contact le", "last contact on")) \(day)",
                        action: Text("Effacer", "Erase"), actionIcon: "eraser",
                        actionAddress: "/clients/\(client.id)/erase")
                }))
    }
}

extension Transaction {
    func dueClients(most: Int) throws -> [DueClient] {
        try all(
            """
            SELECT c.id, c.name, c.number, d.category, d.last_contact_on FROM retention_due d
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = d.client_id
            WHERE d.organisation_id = \(organisation)
            ORDER BY d.last_contact_on, c.number LIMIT \(most)
            """)
    }

    func countDueClients() throws -> Int {
        try value(
            "SELECT count(*) FROM retention_due WHERE organisation_id = \(organisation)") ?? 0
    }

    /// The next tidying looks once more, although it is the same day.
    func lookAgain() throws {
        try run("DELETE FROM retention_looks WHERE organisation_id = \(organisation)")
    }

    /// Takes leftovers away whose term is over, and lists people whose term is: those are answered whom
    /// the organisation wants erased without being asked. Empty when it was done today already.
    func lookForDue() throws -> [Client.ID] {
        let isNew = try run(
            """
            INSERT INTO retention_looks AS l (organisation_id, looked_on)
            VALUES (\(organisation), \(today))
            ON CONFLICT (organisation_id) DO UPDATE SET looked_on = excluded.looked_on
            WHERE l.looked_on < excluded.looked_on
            """)
        guard isNew == 1 else { return [] }
        let rules = try retentionRules()
        func rule(_ category: RetentionCategory) -> RetentionRule {
            rules.first { $0.category == category }
                ?? RetentionRule(category: category, months: category.usualMonths, erases: false)
        }
        func end(_ category: RetentionCategory) -> Day {
            today.adding(months: -rule(category).months)
        }
        if rule(.imports).erases { try forgetImports(before: end(.imports)) }
        if rule(.mails).erases { try forgetMails(before: end(.mails)) }
        try listDue(prospects: end(.prospects), clients: end(.clients))
        let erasing = rules.filter(\.erases).map(\.category.rawValue)
        return try values(
            """
            SELECT client_id FROM retention_due
            WHERE organisation_id = \(organisation) AND category = ANY (\(erasing))
            ORDER BY last_contact_on, client_id
            """)
    }

    /// The last contact is the last document, payment or mail, or else the day the record was changed.
    private func listDue(prospects: Day, clients: Day) throws {
        try run("DELETE FROM retention_due WHERE organisation_id = \(organisation)")
        try run(
            """
            INSERT INTO retention_due (organisation_id, client_id, category, last_contact_on)
            SELECT \(organisation), t.id, t.category, t.last_contact_on FROM (
                SELECT c.id, CASE WHEN c.stage = 'prospect' THEN 'prospects' ELSE 'clients' END
                        AS category,
                    greatest(c.created_at::date, c.updated_at::date,
                        (SELECT max(s.noted_at)::date FROM consents s
                            WHERE s.organisation_id = \(organisation) AND s.client_id = c.id),
                        (SELECT max(r.requested_on) FROM deposit_requests r
                            WHERE r.organisation_id = \(organisation) AND r.client_id = c.id),
                        (SELECT max(q.quoted_on) FROM quotes q WHERE q.organisation_id = \(organisation)
                            AND q.client_id = c.id),
                        (SELECT max(o.updated_at)::date FROM orders o
                            WHERE o.organisation_id = \(organisation) AND o.client_id = c.id),
                        (SELECT max(i.issued_on) FROM invoices i
                            WHERE i.organisation_id = \(organisation) AND i.client_id = c.id),
                        (SELECT max(p.paid_on) FROM payments p
                            WHERE p.organisation_id = \(organisation) AND p.client_id = c.id),
                        (SELECT max(m.created_at)::date FROM mails m
                            WHERE m.organisation_id = \(organisation) AND m.client_id = c.id))
                        AS last_contact_on
                FROM clients c
                WHERE c.organisation_id = \(organisation) AND c.kind = 'person'
                    AND c.erased_at IS NULL AND c.open_amount = 0 AND c.credit_amount = 0
            ) t
            WHERE t.last_contact_on < CASE t.category WHEN 'prospects' THEN \(prospects)
                ELSE \(clients) END
            """)
    }

    /// What was refused, and what undoing would need: an old import is not undone any more.
    private func forgetImports(before day: Day) throws {
        let old: [UniqueID] = try values(
            """
            UPDATE imports SET records_forgotten_at = \(now)
            WHERE organisation_id = \(organisation) AND state IN ('finished', 'undone')
                AND finished_at::date < \(day) AND records_forgotten_at IS NULL
            RETURNING id
            """)
        for table: StaticString in ["import_refusals", "import_records"] {
            try run(
                """
                DELETE FROM \(raw: table)
                WHERE organisation_id = \(organisation) AND import_id = ANY (\(old))
                """)
        }
    }

    /// That a mail went stays; what it said goes.
    private func forgetMails(before day: Day) throws {
        try run(
            """
            UPDATE mails SET body = '', attachment = NULL, attachment_name = '', last_error = ''
            WHERE organisation_id = \(organisation) AND status IN ('sent', 'cancelled', 'failed')
                AND created_at::date < \(day) AND body <> ''
            """)
    }

    func saveRetention(_ rules: [RetentionRule]) throws {
        for rule in rules {
            try run(
                """
                INSERT INTO retention_settings (organisation_id, category, months, erases)
                VALUES (\(organisation), \(rule.category), \(rule.months), \(rule.erases))
                ON CONFLICT (organisation_id, category)
                DO UPDATE SET months = excluded.months, erases = excluded.erases
                """)
        }
        try record(
            .retentionChanged, .organisation, organisation.value,
            label: scope.organisation.name,
            details: .object(
                rules.map { rule in
                    (
                        rule.category.rawValue,
                        .string("\(rule.months)" + (rule.erases ? ", auto" : ""))
                    )
                }))
        try lookAgain()
    }
}

extension Action {
    static let retentionChanged = Action(
        "retention.changed",
        Text("a réglé les durées de conservation de", "set how long things are kept of"),
        icon: "scale", severity: .high)
    static let personalDataRead = Action(
        "personal_data.read",
        Text("a consulté les données personnelles de", "read the personal data of"),
        icon: "eye", severity: .medium)
}
