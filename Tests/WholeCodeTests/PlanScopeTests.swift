import Database
import DatabaseTesting
import TestSupport
import Testing

/// The test of statements is only worth something if it would catch one that forgets its organisation.
struct PlanScopeTests {
    private let oracle: ScopeOracle

    init() throws {
        oracle = try ScopeOracle(database: Connection(TestDatabase.strings.runtime).database)
    }

    private func faults(_ text: String, _ types: [SQLType]) throws -> [String] {
        try oracle.faults(text, types: types)
    }

    @Test(
        arguments: [
            "SELECT name FROM clients WHERE id = $1",
            "SELECT name FROM clients WHERE organisation_id = $1 OR id = $2",
            "SELECT name FROM clients WHERE organisation_id <> $1",
            "SELECT name FROM clients WHERE organisation_id = ANY (ARRAY[$1, $2])",
            "SELECT c.name FROM clients c JOIN quotes q ON q.client_id = c.id "
                + "WHERE q.organisation_id = $1",
            "SELECT q.number FROM quotes q JOIN clients c ON c.organisation_id = q.organisation_id "
                + "AND c.id = q.client_id WHERE c.id = $1",
            "SELECT c.name FROM clients c LEFT JOIN quotes q ON q.client_id = c.id "
                + "AND q.organisation_id = $1 AND q.organisation_id = c.organisation_id",
            "SELECT (SELECT count(*) FROM invoices i WHERE i.client_id = c.id) FROM clients c "
                + "WHERE c.organisation_id = $1",
            "SELECT number FROM quotes q WHERE organisation_id = $1 AND NOT EXISTS "
                + "(SELECT FROM orders o WHERE o.quote_id = q.id)",
            "WITH found AS MATERIALIZED (SELECT id FROM clients WHERE id = $1) "
                + "SELECT id FROM found",
            "SELECT name FROM organisations WHERE slug <> ''",
            "UPDATE clients SET name = '' WHERE id = $1",
            "UPDATE orders SET subject = '' FROM quotes q WHERE q.organisation_id = $1 "
                + "AND orders.quote_id = q.id",
            "DELETE FROM contacts WHERE client_id = $1",
            "INSERT INTO submissions (organisation_id, token, path) "
                + "SELECT organisation_id, id, '' FROM clients WHERE id = $1",
            "INSERT INTO memberships (organisation_id, user_id, role) "
                + "SELECT NULL::uuid, $1, 'owner'",
            "SELECT 1 FROM clients WHERE organisation_id = $1 "
                + "UNION ALL SELECT 1 FROM quotes WHERE id = $2",
        ])
    func aStatementThatForgetsItsOrganisationIsCaught(text: String) throws {
        #expect(try !faults(text, [.uuid, .uuid]).isEmpty)
    }

    @Test(
        arguments: [
            "SELECT name FROM clients WHERE organisation_id = $1 AND id = $2",
            "SELECT q.number FROM quotes q JOIN clients c ON c.organisation_id = q.organisation_id "
                + "AND c.id = q.client_id WHERE q.organisation_id = $1",
            "SELECT c.name FROM clients c LEFT JOIN quotes q ON q.client_id = c.id "
                + "AND q.organisation_id = c.organisation_id WHERE c.organisation_id = $1",
            "SELECT (SELECT count(*) FROM invoices i WHERE i.client_id = c.id "
                + "AND i.organisation_id = c.organisation_id) FROM clients c "
                + "WHERE c.organisation_id = $1",
            "SELECT name FROM organisations WHERE id = $1",
            "UPDATE clients SET name = '' WHERE id = $2 AND organisation_id = $1",
            "INSERT INTO submissions (organisation_id, token, path) VALUES ($1, $2, '')",
            "INSERT INTO submissions (organisation_id, token, path) "
                + "SELECT organisation_id, id, '' FROM clients WHERE organisation_id = $1",
            "SELECT 1",
            "SELECT email FROM users WHERE id = $1",
        ])
    func aStatementOfOneOrganisationPasses(text: String) throws {
        #expect(try faults(text, [.uuid, .uuid]) == [])
    }
}

@Suite struct PlanConditionTests {
    @Test func whatAllAlternativesAskForHolds() {
        let both = "((i.organisation_id = $3) AND (i.issued_on >= $4))"
        let other = "((i.organisation_id = $3) AND (i.issued_on <= $5))"
        #expect(PlanCondition.all("(\(both) OR \(other))") == ["i.organisation_id = $3"])
        #expect(PlanCondition.all("(\(both) OR (i.id = $6))") == [])
    }
}
