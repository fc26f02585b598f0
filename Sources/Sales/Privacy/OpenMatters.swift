import Basics
import Core
import Database

/// Something that is under way with a client and must end before they are erased.
struct OpenMatter: Record, Sendable {
    enum Kind: String, SQLDecodable {
        case draftQuotes, openQuotes, orders, recurringInvoices, draftInvoices, depositRequests,
            balance, credit, mails
    }

    var kind: Kind
    var count: Int

    init(row: Row) throws {
        kind = try row["kind"]
        count = try row["count"]
    }

    func text(in say: Language) -> String {
        func counted(_ one: Text, _ many: Text) -> String { say.count(count, one, many) }
        return switch kind {
        case .draftQuotes:
            counted(
                Text("devis en brouillon", "draft quote"),
                Text("devis en brouillon", "draft quotes"))
        case .openQuotes:
            counted(
                Text("devis sans réponse", "quote without answer"),
                Text("devis sans réponse", "quotes without answer"))
        case .orders:
            counted(
                Text("commande en cours", "order under way"),
                Text("commandes en cours", "orders under way"))
        case .recurringInvoices:
            counted(
                Text("abonnement", "recurring invoice"), Text("abonnements", "recurring invoices"))
        case .draftInvoices:
            counted(
                Text("facture en brouillon", "draft invoice"),
                Text("factures en brouillon", "draft invoices"))
        case .depositRequests:
            counted(
                Text("acompte attendu", "expected deposit"),
                Text("acomptes attendus", "expected deposits"))
        case .balance: say("un solde dû", "an open balance")
        case .credit: say("un avoir à utiliser ou à rendre", "a credit to use or pay back")
        case .mails:
            counted(
                Text("courriel à envoyer", "mail to send"),
                Text("courriels à envoyer", "mails to send"))
        }
    }
}

/// A document that the law keeps, with the names in it.
struct LegalDocument: Record, Sendable {
    var id: Invoice.ID
    var number: String
    var issuedOn: Day

    init(row: Row) throws {
        id = try row["id"]
        number = try row["number"]
        issuedOn = try row["issued_on"]
    }

    /// Ten years from the end of the year, as article L123-22 of the code de commerce asks.
    static let keptYears = 10
    var keptUntil: Day {
        issuedOn.firstOfYear.adding(months: 12 * (Self.keptYears + 1)).adding(days: -1)
    }
}

extension Transaction {
    /// How many issued documents the law asks nobody to keep any longer.
    func documentsPastTerm() throws -> Int {
        let end = today.firstOfYear.adding(months: -12 * LegalDocument.keptYears)
        return try value(
            "SELECT count(*) FROM invoices WHERE organisation_id = \(organisation) AND issued_on < \(end)"
        ) ?? 0
    }

    func openMatters(of client: Client.ID) throws -> [OpenMatter] {
        try all(
            """
            SELECT kind, count FROM (
                SELECT CASE status WHEN 'draft' THEN 'draftQuotes' ELSE 'openQuotes' END AS kind,
                    count(*) AS count
                FROM quotes WHERE organisation_id = \(organisation) AND client_id = \(client)
                    AND (status = 'draft' OR status = 'sent' AND valid_until >= \(today))
                GROUP BY 1
                UNION ALL
                SELECT 'orders', count(*) FROM orders
                WHERE organisation_id = \(organisation) AND client_id = \(client)
                    AND status IN ('draft', 'confirmed', 'in_progress', 'suspended')
                UNION ALL
                SELECT 'recurringInvoices', count(*) FROM recurring_invoices
                WHERE organisation_id = \(organisation) AND client_id = \(client)
                    AND status <> 'ended'
                UNION ALL
                SELECT 'draftInvoices', count(*) FROM invoices
                WHERE organisation_id = \(organisation) AND client_id = \(client)
                    AND status = 'draft'
                UNION ALL
                SELECT 'depositRequests', count(*) FROM deposit_requests
                WHERE organisation_id = \(organisation) AND client_id = \(client)
                    AND status = 'requested'
                UNION ALL
                SELECT 'balance', count(*) FROM invoices
                WHERE organisation_id = \(organisation) AND client_id = \(client)
                    AND kind <> 'credit_note' AND open_amount <> 0
                UNION ALL
                SELECT 'credit', (SELECT count(*) FROM invoices
                    WHERE organisation_id = \(organisation) AND client_id = \(client)
                        AND kind = 'credit_note' AND open_amount <> 0)
                    + (SELECT count(*) FROM payments
                    WHERE organisation_id = \(organisation) AND client_id = \(client)
                        AND open_amount <> 0)
                UNION ALL
                SELECT 'mails', count(*) FROM mails
                WHERE organisation_id = \(organisation) AND client_id = \(client)
                    AND status IN ('waiting', 'queued')
            ) m WHERE count > 0
            """)
    }

    /// Newest first.
    func legalDocuments(of client: Client.ID) throws -> [LegalDocument] {
        try all(
            """
            SELECT id, number, issued_on FROM invoices
            WHERE organisation_id = \(organisation) AND client_id = \(client)
                AND status = 'issued'
            ORDER BY issued_on DESC, number DESC
            """)
    }
}
