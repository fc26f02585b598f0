import Basics
import TestSupport
import Testing

@testable import Core
@testable import comptoir

/// What one organisation has does not exist for another: whoever knows its addresses finds nothing
/// there, and changes nothing. One test after the other: what one reads, the journal of the curious notes.
@Suite(.serialized) struct OtherOrganisationTests {
    private static let secret = "Verrerie Secrète"

    /// One whose addresses are known, and one whose people use them.
    private static let both = Result {
        (
            known: try FilledOrganisation(clientName: secret),
            curious: try FilledOrganisation()
        )
    }

    private let reader: FingerprintReader

    init() throws { reader = try FingerprintReader() }

    @Test func noRouteFindsWhatAnotherOrganisationHas() throws {
        let (known, curious) = try OtherOrganisationTests.both.get()
        let targets = RouteTargets(known.test)
        let before = try reader.fingerprint(of: known.test.organisationID)
        let own = try reader.fingerprint(of: curious.test.organisationID)
        var asked = 0
        for route in known.test.application.routes where route.pattern.contains(":") {
            // The same tables are everywhere, and one's own journal notes what one takes out of them.
            if route.pattern == "administration/data/:table/export" { continue }
            for address in try targets.all(of: route) {
                asked += 1
                let answer = try curious.test.respond(route.method, address)
                let name = "\(route.method.rawValue) \(route.pattern)"
                // Whoever has a client's link may open it.
                if route.pattern.hasPrefix("shared/") { continue }
                #expect(!answer.holds(OtherOrganisationTests.secret), "\(name)")
                // A preview computes what the form holds and reads no record; a table shows the rows of
                // whoever asks.
                if route.pattern.hasSuffix("/preview") { continue }
                if route.pattern.hasPrefix("administration/data/") { continue }
                #expect(answer.status == 404, "\(name) answers \(answer.status)")
            }
        }
        #expect(asked > 200)
        let changed = try reader.fingerprint(of: known.test.organisationID).differences(
            from: before)
        #expect(changed == [])
        let left = try reader.fingerprint(of: curious.test.organisationID).differences(from: own)
        #expect(left == [])
    }

    @Test func noFormTakesARecordOfAnotherOrganisation() throws {
        let (known, _) = try OtherOrganisationTests.both.get()
        let curious = try FilledOrganisation().test
        let foreign = try foreignIDs(known.test)
        let before = try reader.fingerprint(of: known.test.organisationID)
        var sent = 0
        for form in try Visitor(curious).visits().flatMap(\.answer.changingForms).inOrder {
            for (index, field) in form.fields.enumerated() {
                guard !field.name.hasPrefix("_"), let id = foreign[field.name] else { continue }
                var form = form
                form.fields[index].value = id
                let answer = try curious.send(form)
                sent += 1
                #expect(
                    (400..<500).contains(answer.status) || answer.status == 200, "\(form.action)")
                #expect(!answer.holds(OtherOrganisationTests.secret), "\(form.action)")
            }
        }
        #expect(sent > 20)
        let changed = try reader.fingerprint(of: known.test.organisationID).differences(
            from: before)
        #expect(changed == [])
    }

    @Test func noPageAsksAboutARecordOfAnotherOrganisation() throws {
        let (known, _) = try OtherOrganisationTests.both.get()
        // Its own: some of these pages are files, which its journal notes.
        let curious = try FilledOrganisation()
        let foreign = try foreignIDs(known.test)
        let pages = curious.test.application.routes.filter {
            $0.method == .get && !$0.pattern.contains(":")
        }
        for page in pages {
            for (name, id) in foreign {
                let answer = try curious.test.get("/\(page.pattern)?\(name)=\(id)")
                #expect(answer.status < 500, "\(page.pattern)?\(name)")
                #expect(!answer.holds(OtherOrganisationTests.secret), "\(page.pattern)")
            }
        }
    }

    /// Records of an organisation, by the names that fields have for them.
    private func foreignIDs(_ test: TestApplication) throws -> [String: String] {
        try test.read { transaction in
            let own = transaction.organisation
            var ids: [String: String] = [:]
            ids["client"] = try transaction.value(
                "SELECT client_id::text FROM quotes WHERE organisation_id = \(own) LIMIT 1")
            ids["client_choice"] = ids["client"]
            ids["contact"] = try transaction.value(
                "SELECT id::text FROM contacts WHERE organisation_id = \(own) LIMIT 1")
            ids["invoice"] = try transaction.value(
                """
                SELECT id::text FROM invoices WHERE organisation_id = \(own)
                    AND open_amount > 0 AND kind = 'invoice' LIMIT 1
                """)
            ids["order"] = try transaction.value(
                "SELECT id::text FROM orders WHERE organisation_id = \(own) LIMIT 1")
            ids["item"] = try transaction.value(
                "SELECT id::text FROM items WHERE organisation_id = \(own) LIMIT 1")
            return ids
        }
    }
}
