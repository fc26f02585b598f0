import Basics
import Database
import HTTP
import TestSupport

@testable import Core
@testable import Sales

/// Real addresses of routes: their parameters stand for records that an organisation has.
struct RouteTargets {
    private let test: TestApplication

    init(_ test: TestApplication) { self.test = test }

    struct UnknownKind: Error { var parameterOf: String }

    /// One address for each state that a record of the route is in; one alone without parameters.
    func all(of route: Routes.Route) throws -> [String] {
        var known: [[String]] = [[]]
        let parts = route.pattern.split(separator: "/").map(String.init)
        for (index, part) in parts.enumerated() {
            guard part.hasPrefix(":") else {
                known = known.map { $0 + [part] }
                continue
            }
            known = try known.flatMap { path in
                try ids(of: parts[index - 1], in: path.dropLast().last).map { path + [$0] }
            }
        }
        return known.map { "/" + $0.joined(separator: "/") }
    }

    /// A record for each state, by the word that precedes the parameter in addresses.
    private func ids(of kind: String, in parent: String?) throws -> [String] {
        if kind == "shared" { return try sharedCodes() }
        if kind == "data" { return ["clients", "invoices", "mails"] }
        if kind == "tokens", parent == "settings" {
            return try recordIDs(of: "tokens of the organisation", in: nil)
        }
        return try recordIDs(of: kind, in: parent)
    }

    /// The links of a sent quote and of an invoice.
    private func sharedCodes() throws -> [String] {
        let subjects =
            try recordIDs(of: "quotes", in: nil).map { (SharedSubject.Kind.quote, $0) }
            + recordIDs(of: "invoices", in: nil).map { (SharedSubject.Kind.invoice, $0) }
            + recordIDs(of: "deposit-requests", in: nil).map {
                (SharedSubject.Kind.depositRequest, $0)
            }
        return subjects.compactMap { kind, text in
            UniqueID(text).map { id in
                SharedLink(
                    to: SharedSubject(kind: kind, id: id), of: test.organisationID,
                    at: test.clock.now
                ).code(test.application)
            }
        }
    }

    private func recordIDs(of kind: String, in parent: String?) throws -> [String] {
        try test.read { transaction in
            let own = transaction.organisation
            let parent = parent.flatMap { UniqueID($0) }
            let statement: SQL =
                switch kind {
                case "clients":
                    """
                    SELECT DISTINCT ON (archived_at IS NULL) id::text FROM clients
                    WHERE organisation_id = \(own) ORDER BY archived_at IS NULL, number
                    """
                case "contacts":
                    """
                    SELECT id::text FROM contacts
                    WHERE organisation_id = \(own) AND client_id = \(parent) LIMIT 1
                    """
                case "addresses":
                    """
                    SELECT id::text FROM addresses
                    WHERE organisation_id = \(own) AND client_id = \(parent) LIMIT 1
                    """
                case "items":
                    """
                    SELECT DISTINCT ON (is_active) id::text FROM items
                    WHERE organisation_id = \(own) ORDER BY is_active, reference
                    """
                case "quotes":
                    """
                    SELECT DISTINCT ON (status) id::text FROM quotes
                    WHERE organisation_id = \(own) ORDER BY status, number
                    """
                case "orders":
                    """
                    SELECT id::text FROM orders WHERE organisation_id = \(own) ORDER BY number
                    """
                case "deposit-requests":
                    """
                    SELECT DISTINCT ON (status, paid_amount > 0) id::text FROM deposit_requests
                    WHERE organisation_id = \(own) ORDER BY status, paid_amount > 0, number
                    """
                case "recurring-invoices":
                    """
                    SELECT DISTINCT ON (status) id::text FROM recurring_invoices
                    WHERE organisation_id = \(own) ORDER BY status, number
                    """
                case "invoices":
                    """
                    SELECT DISTINCT ON (kind, status, open_amount = 0, draft) id::text
                    FROM (SELECT i.*, CASE status WHEN 'draft' THEN id END AS draft
                        FROM invoices i WHERE organisation_id = \(own)) i
                    ORDER BY kind, status, open_amount = 0, draft, number
                    """
                case "credit-notes":
                    """
                    SELECT id::text FROM invoices WHERE organisation_id = \(own)
                        AND kind = 'credit_note' AND open_amount > 0 LIMIT 1
                    """
                case "payments":
                    """
                    SELECT DISTINCT ON (direction, is_reversed, open_amount > 0) id::text
                    FROM payments WHERE organisation_id = \(own)
                    ORDER BY direction, is_reversed, open_amount > 0, number
                    """
                case "archives":
                    """
                    SELECT id::text FROM invoice_archives WHERE organisation_id = \(own)
                    """
                case "closings":
                    """
                    SELECT id::text FROM period_closings WHERE organisation_id = \(own)
                    """
                case "mails":
                    """
                    SELECT DISTINCT ON (status) id::text FROM mails
                    WHERE organisation_id = \(own) ORDER BY status, id
                    """
                case "jobs":
                    """
                    SELECT id::text FROM jobs
                    WHERE organisation_id = \(own) AND failed_at IS NOT NULL LIMIT 1
                    """
                case "colleagues":
                    """
                    SELECT DISTINCT ON (role, archived_at IS NULL) user_id::text FROM memberships
                    WHERE organisation_id = \(own)
                    ORDER BY role, archived_at IS NULL, user_id DESC
                    """
                case "roles":
                    """
                    SELECT id::text FROM custom_roles WHERE organisation_id = \(own) LIMIT 1
                    """
                case "invitations":
                    """
                    SELECT id::text FROM invitations WHERE organisation_id = \(own) LIMIT 1
                    """
                case "sessions":
                    """
                    SELECT id::text FROM sessions
                    WHERE organisation_id = \(own) AND user_id = \(test.people[.owner]?.id)
                    ORDER BY created_at DESC LIMIT 1
                    """
                case "passkeys":
                    """
                    SELECT id::text FROM passkeys
                    WHERE user_id = \(test.people[.owner]?.id) ORDER BY id LIMIT 1
                    """
                case "tokens":
                    """
                    SELECT id::text FROM access_tokens
                    WHERE organisation_id = \(own) AND user_id IS NOT NULL LIMIT 1
                    """
                case "tokens of the organisation":
                    """
                    SELECT id::text FROM access_tokens
                    WHERE organisation_id = \(own) AND user_id IS NULL LIMIT 1
                    """
                case "webhooks":
                    """
                    SELECT DISTINCT ON (is_active) id::text FROM webhooks
                    WHERE organisation_id = \(own) ORDER BY is_active, id
                    """
                case "suppliers":
                    """
                    SELECT id::text FROM suppliers WHERE organisation_id = \(own) ORDER BY name
                    """
                case "received-invoices":
                    """
                    SELECT DISTINCT ON (status, supplier_id IS NULL) id::text
                    FROM received_invoices WHERE organisation_id = \(own)
                    ORDER BY status, supplier_id IS NULL, id
                    """
                case "platform-flows":
                    """
                    SELECT DISTINCT ON (state) id::text FROM platform_flows
                    WHERE organisation_id = \(own) ORDER BY state, id
                    """
                case "imports":
                    """
                    SELECT DISTINCT ON (state, kind) id::text FROM imports
                    WHERE organisation_id = \(own) ORDER BY state, kind, started_at, id
                    """
                case "deliveries":
                    """
                    SELECT DISTINCT ON (status) id::text FROM webhook_deliveries
                    WHERE organisation_id = \(own) AND webhook_id = \(parent)
                    ORDER BY status, id
                    """
                default: throw UnknownKind(parameterOf: kind)
                }
            return try transaction.values(statement)
        }
    }
}
