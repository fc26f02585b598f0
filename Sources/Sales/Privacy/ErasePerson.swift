import Basics
import Core
import Database

extension Transaction {
    /// Erases a private person: what the law does not keep is gone, in one transaction, and the entry that
    /// says so names nobody. Issued invoices, payments and books stay until their own term ends.
    /// Throws `Problem.conflict` for a company, and while something is open.
    public func erasePerson(_ id: Client.ID) throws {
        try holdKey(of: id.value)
        let client = try lockedClient(id)
        guard client.kind == .person else { throw Problem.isCompany }
        guard !client.isErased else { return }
        let open = try openMatters(of: id)
        guard open.isEmpty else { throw Problem.stillOpen(open) }
        try erase(traces(of: client))
    }

    /// Erases somebody who is a contact. The client stays.
    public func eraseContact(_ id: Contact.ID, of client: Client.ID) throws {
        let client = try lockedClient(client)
        try erase(traces(of: client, contact(id, of: client.id)))
    }

    /// Erases somebody again who came back with a backup, whatever is open in it, and answers whether
    /// they did. The list here knows of them from now on even if not.
    func eraseAgain(_ erasure: Erasure) throws -> Bool {
        try noteErasure(erasure.kind, erasure.subject, of: erasure.client, at: erasure.erasedAt)
        do {
            try holdKey(of: erasure.client)
            let client = try lockedClient(ID(erasure.client))
            guard !client.isErased else { return false }
            try erase(
                traces(
                    of: client,
                    erasure.kind == .client
                        ? nil : contact(ID(erasure.subject), of: client.id)))
            return true
        } catch Problem.notFound {
            return false
        }
    }

    private func lockedClient(_ id: Client.ID) throws -> Client {
        try one(
            """
            SELECT \(Client.columns) FROM clients
            WHERE organisation_id = \(organisation) AND id = \(id) FOR NO KEY UPDATE
            """)
    }

    /// What is about the person is found before anything of it goes.
    private func erase(_ traces: PersonTraces) throws {
        let entries = try journalEntries(naming: traces)
        try eraseMails(traces)
        try eraseTexts(traces)
        try eraseDrafts(traces)
        try eraseImports(traces)
        try eraseOutgoing(traces)
        try eraseStatusNames(traces)
        for account in traces.accounts { try eraseAccount(account) }
        if traces.email != "" {
            try eraseInvitations(ofClient: traces.client.id.value, email: traces.email)
        }
        if let contact = traces.contact {
            try forgetContact(contact.id, of: traces.client.id)
        } else {
            try destroyKey(of: traces.client.id.value)
            try anonymise(traces.client)
        }
        let kept = try traces.isWhole ? legalDocuments(of: traces.client.id).count : 0
        let kind: Erasure.Kind = traces.isWhole ? .client : .contact
        let subject = traces.contact?.id.value ?? traces.client.id.value
        try noteErasure(kind, subject, of: traces.client.id.value, at: now)
        try eraseFromJournal(
            entries, .client, traces.client.id.value, label: traces.label,
            details: [
                ("subject", .string(kind.rawValue)), ("subject_id", .string(subject.description)),
                ("mails", .int(traces.mails.count)), ("kept_invoices", .int(kept)),
            ])
    }

    private func noteErasure(
        _ kind: Erasure.Kind, _ subject: UniqueID, of client: UniqueID, at moment: Instant
    ) throws {
        try run(
            """
            INSERT INTO erasures (organisation_id, subject_kind, subject_id, client_id, erased_at,
                erased_by)
            VALUES (\(organisation), \(kind), \(subject), \(client), \(moment),
                \(scope.user?.id))
            ON CONFLICT DO NOTHING
            """)
    }

    private func anonymise(_ client: Client) throws {
        let language = scope.organisation.language
        let name = language("Personne effacée", "Erased person") + " " + client.number
        for contact in try contacts(of: client.id) {
            try forgetContact(contact.id, of: client.id)
        }
        try run(
            """
            DELETE FROM addresses
            WHERE organisation_id = \(organisation) AND client_id = \(client.id)
            """)
        try run(
            """
            DELETE FROM retention_due
            WHERE organisation_id = \(organisation) AND client_id = \(client.id)
            """)
        try run(
            """
            UPDATE clients SET name = \(name), email = '', phone = '', website = '', sector = '',
                siren = '', siret = '', vat_number = '', street = '', street_more = '',
                postal_code = '', city = '', tags = '{}', notes = '', external_reference = '',
                erased_at = \(now), archived_at = coalesce(archived_at, \(now)),
                archived_by = coalesce(archived_by, \(scope.user?.id)), version = version + 1,
                updated_at = \(now)
            WHERE organisation_id = \(organisation) AND id = \(client.id)
            """)
    }

    /// The reference on documents is let go first. A draft may still name the contact.
    private func forgetContact(_ id: Contact.ID, of client: Client.ID) throws {
        for table: StaticString in ["quotes", "orders", "recurring_invoices"] {
            try run(
                """
                UPDATE \(raw: table) SET contact_id = NULL
                WHERE organisation_id = \(organisation) AND client_id = \(client)
                    AND contact_id = \(id)
                """)
        }
        try run(
            """
            UPDATE invoices SET contact_id = NULL
            WHERE organisation_id = \(organisation) AND client_id = \(client)
                AND contact_id = \(id) AND status = 'draft'
            """)
        try run(
            """
            DELETE FROM contacts
            WHERE organisation_id = \(organisation) AND client_id = \(client) AND id = \(id)
            """)
    }
}

extension Problem {
    static let isCompany = Problem.conflict(
        Text(
            "Une entreprise n’est pas une personne : effacez ses contacts. Pour un entrepreneur individuel, choisissez d’abord le type Particulier.",
            "A company is no person: erase its contacts. For a sole trader, choose the kind Private person first."
        ))

    static func stillOpen(_ matters: [OpenMatter]) -> Problem {
        .conflict(
            Text(
                "Encore en cours : " + matters.map { $0.text(in: .french) }.joined(separator: ", ")
                    + ". Terminez ou annulez d’abord.",
                "Still open: " + matters.map { $0.text(in: .english) }.joined(separator: ", ")
                    + ". Finish or cancel first."))
    }

    static let isErased = Problem.conflict(
        Text(
            "Cette personne a été effacée : sa fiche ne change plus.",
            "This person was erased: the record does not change any more."))
}
