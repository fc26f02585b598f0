import Basics
import TestSupport
import Testing

@testable import Core
@testable import comptoir

/// What one organisation has does not exist for another: whoever knows its addresses finds nothing
/// there, and changes nothing. Both ask, each about the other. One test after the other: what one reads, the
/// journal of the curious notes.
@Suite(.serialized) struct OtherOrganisationTests {
    private static let pair = Result { try IsolatedPair() }

    private let reader: FingerprintReader

    init() throws { reader = try FingerprintReader() }

    @Test func noRouteFindsWhatAnotherOrganisationHas() throws {
        var figures = IsolationFigures("pages and actions")
        for direction in try OtherOrganisationTests.pair.get().directions {
            let (known, curious) = (direction.known.test, direction.curious.test)
            let targets = RouteTargets(known)
            let before = try reader.fingerprint(of: known.organisationID)
            let own = try reader.fingerprint(of: curious.organisationID)
            for route in known.application.routes where route.pattern.contains(":") {
                // The same tables are everywhere, and one's own journal notes what one takes out of them.
                if route.pattern == "administration/data/:table/export" { continue }
                let name = "\(route.method.rawValue) \(route.pattern)"
                for address in try targets.all(of: route) {
                    figures.asked(name)
                    let answer = try curious.respond(route.method, address)
                    // Whoever has a client's link may open it.
                    if route.pattern.hasPrefix("shared/") { continue }
                    figures.expect(!answer.holds(direction.secret), name)
                    // A preview computes what the form holds and reads no record; a table shows the rows of
                    // whoever asks.
                    if route.pattern.hasSuffix("/preview") { continue }
                    if route.pattern.hasPrefix("administration/data/") { continue }
                    figures.expect(answer.status == 404, "\(name) answers \(answer.status)")
                }
            }
            let changed = try reader.fingerprint(of: known.organisationID)
                .differences(from: before)
            figures.expect(changed == [], "changed \(changed)")
            let left = try reader.fingerprint(of: curious.organisationID).differences(from: own)
            #expect(left == [])
        }
        #expect(figures.requests > 400)
        figures.show()
    }

    @Test func noFormTakesARecordOfAnotherOrganisation() throws {
        var figures = IsolationFigures("forms")
        var unknown: Set<String> = []
        // Its own: what the forms change, others still need.
        for direction in try IsolatedPair().directions {
            let (known, curious) = (direction.known.test, direction.curious.test)
            let foreign = try ForeignIDs(known)
            let before = try reader.fingerprint(of: known.organisationID)
            var forms: [PageForm] = []
            var fields: [String: Set<String>] = [:]
            for visit in try Visitor(curious).visits() where visit.answer.isPage {
                let changing = visit.answer.changingForms
                forms += changing
                for question in visit.answer.recordQuestions
                where !ForeignIDs.questions.contains(question) && !ForeignIDs.knows(question) {
                    unknown.insert("question \(question) of \(visit.pattern)")
                }
                for field in visit.answer.recordFields {
                    fields[field.action, default: []].insert(field.name)
                    if !ForeignIDs.knows(field.name) {
                        unknown.insert("\(field.name.fieldKind) of \(visit.pattern)")
                    }
                }
            }
            for form in forms.inOrder {
                var tried: Set<String> = []
                let names = form.fields.map(\.name) + (fields[form.action] ?? []).sorted()
                for name in names where tried.insert(name.fieldKind).inserted {
                    guard let planted = foreign.planted(name, in: form) else { continue }
                    figures.asked(curious.pattern(of: form) ?? form.action)
                    let answer = try curious.send(planted)
                    figures.expect(
                        (400..<500).contains(answer.status) || answer.status == 200
                            || ForeignIDs.ownRows.contains(name.fieldKind),
                        "\(form.action) takes \(name): \(answer.status)")
                    figures.expect(!answer.holds(direction.secret), "\(form.action) shows \(name)")
                }
            }
            let there = try curious.post(
                "/account/organisation", ["organisation": known.organisationID.description])
            figures.asked("account/organisation")
            figures.expect(there.status == 404, "goes over to the other one")
            let taken = try reader.tables(of: curious.organisationID, holding: foreign.ofRecords)
            figures.expect(taken == [], "took ids into \(taken)")
            let changed = try reader.fingerprint(of: known.organisationID)
                .differences(from: before)
            figures.expect(changed == [], "changed \(changed)")
        }
        #expect(unknown == [], "fields with ids that nobody has decided about")
        #expect(figures.requests > 40)
        figures.show()
    }

    @Test func noPageAsksAboutARecordOfAnotherOrganisation() throws {
        var figures = IsolationFigures("questions")
        for direction in try OtherOrganisationTests.pair.get().directions {
            let curious = direction.curious.test
            let foreign = try ForeignIDs(direction.known.test)
            for route in curious.application.routes
            where route.method == .get && !route.pattern.contains(":") {
                for name in ForeignIDs.questions {
                    let id = try #require(ForeignIDs.fields[name].flatMap { foreign.ids[$0] })
                    figures.asked(route.pattern)
                    let answer = try curious.get("/\(route.pattern)?\(name)=\(id)")
                    figures.expect(
                        answer.status < 500, "\(route.pattern)?\(name) answers \(answer.status)")
                    figures.expect(!answer.holds(direction.secret), "\(route.pattern)?\(name)")
                }
            }
        }
        figures.show()
    }
}
