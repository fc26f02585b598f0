import Basics
import Database
import TestSupport
import Testing

@testable import Core
@testable import Sales

/// What the program cannot do, and somebody with the keys can: rows that name nothing, files that are others.
struct OrphanTests {
    @Test func aRowThatNamesNothingIsFound() throws {
        let test = try InvoiceSamples().test
        let checks = [Check.organisation("references", References.ofOrganisation)]
        #expect(try test.findings(of: checks) == [:])
        let own = test.organisationID
        let faults: [(SQL, String)] = [
            (
                "DELETE FROM clients WHERE organisation_id = \(own)",
                "rows of invoices that name what is not in clients (invoices_organisation_id_client_id_fkey): 1"
            ),
            (
                """
                UPDATE invoice_lines SET item_id = gen_random_uuid() WHERE organisation_id = \(own)
                """,
                "rows of invoice_lines that name what is not in items (invoice_lines_organisation_id_item_id_fkey): 1"
            ),
            (
                """
                UPDATE invoices SET created_by = gen_random_uuid() WHERE organisation_id = \(own)
                """,
                "rows of invoices that name what is not in users (invoices_created_by_fkey): 1"
            ),
            (
                """
                UPDATE memberships SET client_id = gen_random_uuid()
                WHERE organisation_id = \(own) AND role = 'client'
                """,
                "rows of memberships that name what is not in clients (memberships_organisation_id_client_id_fkey): 1"
            ),
        ]
        for (fault, message) in faults {
            let found = try test.findings(of: checks, after: [fault])["references"] ?? []
            #expect(found.contains(message), "\(found)")
        }
    }

    @Test func aRecordOfAnotherOrganisationIsNoneOfThisOne() throws {
        let (one, other) = (try InvoiceSamples().test, try InvoiceSamples().test)
        let checks = [Check.organisation("references", References.ofOrganisation)]
        let found = try one.findings(
            of: checks,
            after: [
                """
                UPDATE invoices SET client_id = (SELECT id FROM clients
                    WHERE organisation_id = \(other.organisationID) LIMIT 1)
                WHERE organisation_id = \(one.organisationID)
                """
            ])
        #expect(found["references"]?.contains { $0.contains("not in clients") } == true)
    }

    @Test func aReceivedFileOrALogoThatIsAnotherIsFound() throws {
        let samples = try InvoiceSamples()
        let (test, own) = (samples.test, samples.test.organisationID)
        let invoice = try samples.received(samples.pdf, named: "facture.pdf")
        try test.write { transaction in
            for table in ["kept_logos", "logos"] as [StaticString] {
                try transaction.run(
                    """
                    INSERT INTO \(raw: table) (organisation_id, sha256, content)
                    VALUES (\(own), encode(sha256('logo'), 'hex'), 'logo')
                    """)
            }
        }
        let checks = ReceivedInvoices.checks + Invoicing.checks
        #expect(try test.findings(of: checks) == [:])
        let faults: [SQL] = [
            """
            UPDATE received_files SET content = content || '\\x00' WHERE organisation_id = \(own)
            """,
            "DELETE FROM received_files WHERE organisation_id = \(own)",
            """
            UPDATE received_invoices SET sha256 = repeat('0', 64) WHERE organisation_id = \(own)
            """,
        ]
        for fault in faults {
            let found = try test.findings(of: checks, after: [fault])
            #expect(
                found == [
                    "received_invoices.files": [
                        "the file of the received invoice \(invoice.id) is not what came"
                    ]
                ])
        }
        for table in ["kept_logos", "logos"] as [StaticString] {
            let found = try test.findings(
                of: checks,
                after: [
                    """
                    UPDATE \(raw: table) SET content = 'other' WHERE organisation_id = \(own)
                    """
                ])
            #expect(found["invoices.logos"]?.count == 1, "\(table)")
        }
    }
}
