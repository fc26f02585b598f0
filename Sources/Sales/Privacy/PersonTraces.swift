import Basics
import Core
import Database

/// Whom an erasure is about, by what they are found: the records that are theirs, and the words that name
/// them in records of others.
struct PersonTraces {
    /// Shorter words name too many others.
    private static let fewestLetters = 5
    /// Parts of a name that are looked for in the person's own documents.
    private static let fewestLettersOfOwn = 3

    let organisation: Organisation.ID
    let client: Client
    /// Nil: the client is the person.
    let contact: Contact?
    let accounts: [ClientAccount]
    /// What names the person wherever it stands.
    let words: [String]
    /// What names them in their own documents, where a part of the name is enough.
    let ownWords: [String]
    var mails: [UniqueID] = []
    /// Quotes, orders, deposit requests, invoices, recurring invoices, payments.
    var documents: [UniqueID] = []

    var isWhole: Bool { contact == nil }
    var email: String? { contact?.email }
    /// For bytes, in which letters are searched for as they are.
    var spellings: [String] {
        words.flatMap { [$0, $0.lowercased(), $0.uppercased()] }.uniqued
    }
    /// For ILIKE.
    var patterns: [String] { words.map(Self.pattern) }
    var ownPatterns: [String] { ownWords.map(Self.pattern) }
    var users: [User.ID] { accounts.map(\.id) }
    /// What the record is called in the journal from now on: it names nobody.
    var label: String { client.number }

    init(_ client: Client, _ contact: Contact?, _ transaction: Transaction) throws {
        (self.client, self.contact) = (client, contact)
        organisation = transaction.organisation
        let email = contact?.email
        let contacts = try contact.map { [$0] } ?? transaction.contacts(of: client.id)
        let accounts =
            try email == ""
            ? [] : transaction.accounts(ofClient: client.id.value, email: email)
        self.accounts = accounts
        var names = contacts.map(\.name) + accounts.map(\.name)
        var others = contacts.flatMap { [$0.email, $0.phone] } + accounts.map(\.email)
        // Others live in the same street.
        var places: [String] = []
        if email != "" {
            others += try transaction.invited(ofClient: client.id.value, email: email)
        }
        if contact == nil {
            let addresses = try transaction.addresses(of: client.id)
            names.append(client.name)
            others += [
                client.email, client.phone, client.website, client.siren, client.siret,
                client.vatNumber, PhoneNumber.shown(client.phone),
            ]
            places += addresses.flatMap { [$0.place.street, $0.place.streetMore] }
            places += [
                client.address.street, client.address.streetMore, client.externalReference,
            ]
        }
        others += contacts.map { PhoneNumber.shown($0.phone) }
        let anywhere = (names + others).filter(Self.isTelling)
        words = anywhere.uniqued
        places = places.filter { $0.count >= Self.fewestLetters }
        let own = (names + others).filter { $0.count >= Self.fewestLetters }
        ownWords = (own + places + names.flatMap(Self.parts)).uniqued
    }

    /// Whether a word means this person wherever it stands: a whole name, an address, a long number. A single
    /// name is also that of others, or a word of every day: it counts in the person's own records only.
    private static func isTelling(_ word: String) -> Bool {
        guard word.count >= fewestLetters else { return false }
        return word.contains("@") || word.contains(".") || word.count(where: \.isNumber) >= 8
            || word.split(separator: " ").count(where: { $0.count > 1 }) > 1
    }

    private static func parts(_ name: String) -> [String] {
        name.split { !$0.isLetter }.map(String.init).filter { $0.count >= fewestLettersOfOwn }
    }

    private static func pattern(_ word: String) -> String {
        let plain = word.replacing("\\", with: "\\\\").replacing("%", with: "\\%")
            .replacing("_", with: "\\_")
        return "%" + plain + "%"
    }
}

extension [String] {
    /// Each once, in the order of the first.
    fileprivate var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}

extension Transaction {
    func traces(of client: Client, _ contact: Contact? = nil) throws -> PersonTraces {
        var traces = try PersonTraces(client, contact, self)
        let documents: [UniqueID] = try values(
            """
            SELECT id FROM quotes WHERE organisation_id = \(organisation)
                AND client_id = \(client.id)
            UNION ALL SELECT id FROM orders WHERE organisation_id = \(organisation)
                AND client_id = \(client.id)
            UNION ALL SELECT id FROM deposit_requests WHERE organisation_id = \(organisation)
                AND client_id = \(client.id)
            UNION ALL SELECT id FROM invoices WHERE organisation_id = \(organisation)
                AND client_id = \(client.id)
            UNION ALL SELECT id FROM recurring_invoices WHERE organisation_id = \(organisation)
                AND client_id = \(client.id)
            UNION ALL SELECT id FROM payments WHERE organisation_id = \(organisation)
                AND client_id = \(client.id)
            """)
        traces.documents = documents
        traces.mails = try mails(naming: traces)
        return traces
    }

    /// All mails to a client, or those that go to a contact.
    private func mails(naming traces: PersonTraces) throws -> [UniqueID] {
        try values(
            """
            SELECT id FROM mails
            WHERE organisation_id = \(organisation) AND client_id = \(traces.client.id)
                AND (\(traces.isWhole) OR recipient ILIKE ANY (\(traces.patterns))
                    OR recipient_name ILIKE ANY (\(traces.patterns))
                    OR copy_to ILIKE ANY (\(traces.patterns))
                    OR subject ILIKE ANY (\(traces.patterns))
                    OR body ILIKE ANY (\(traces.patterns)))
            """)
    }

    /// Entries of the journal that name the person, or were written by them.
    func journalEntries(naming traces: PersonTraces) throws -> ErasableEntries {
        var entries = ErasableEntries()
        let client: UniqueID? = traces.isWhole ? traces.client.id.value : nil
        try each(
            """
            SELECT t.id, coalesce(t.names_subject, false) AS names_subject,
                coalesce(t.names_actor, false) AS names_actor
            FROM (
                SELECT e.id, d.entry_id IS NOT NULL AS has_details,
                    e.subject_label <> '' AND (e.subject_kind = 'client'
                            AND e.subject_id = \(client)::uuid
                        OR e.subject_kind = 'user' AND e.subject_id = ANY (\(traces.users))
                        OR e.subject_kind = 'mail' AND e.subject_id = ANY (\(traces.mails))
                        OR e.subject_label ILIKE ANY (\(traces.patterns))
                        OR \(traces.isWhole) AND e.subject_id = ANY (\(traces.documents))
                            AND e.subject_label ILIKE ANY (\(traces.ownPatterns)))
                        AS names_subject,
                    e.actor_name || e.address || e.user_agent <> ''
                        AND (e.actor_id = ANY (\(traces.users)) OR e.actor_id IS NULL
                            AND (e.actor_name ILIKE ANY (\(traces.patterns))
                                OR \(traces.isWhole) AND e.address <> ''
                                    AND e.subject_id = ANY (\(traces.documents))))
                        AS names_actor,
                    e.subject_kind = 'client' AND e.subject_id = \(client)::uuid
                        OR e.subject_kind = 'user' AND e.subject_id = ANY (\(traces.users))
                        OR \(traces.isWhole) AND e.subject_id = ANY (\(traces.documents))
                            AND (jsonb_exists(d.details, 'note')
                                OR d.details::text ILIKE ANY (\(traces.ownPatterns)))
                        OR d.details ->> 'mail' = ANY (\(traces.mails.map(\.description)))
                        OR d.details::text ILIKE ANY (\(traces.patterns)) AS names_inside
                FROM journal_entries e
                LEFT JOIN journal_details d ON d.organisation_id = \(organisation)
                    AND d.entry_id = e.id
                WHERE e.organisation_id = \(organisation)
                    AND e.action <> \(Action.personErased.name)
            ) t
            WHERE t.names_subject OR t.names_actor OR t.names_inside AND t.has_details
            ORDER BY t.id
            """
        ) { row in
            entries.add(
                try row["id"], namesSubject: try row["names_subject"],
                namesActor: try row["names_actor"])
        }
        return entries
    }
}
