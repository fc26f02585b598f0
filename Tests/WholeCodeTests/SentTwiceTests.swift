import TestSupport
import Testing

@testable import Core
@testable import comptoir

/// A form sent twice, by an impatient finger or a network that repeats itself, is carried out once.
struct SentTwiceTests {
    /// What is only ever written down again, and not made.
    private static let notes: Set = ["journal_entries", "journal_details", "status_changes"]
    /// Each press of these is meant: a test mail, a session.
    private static let repeatable: Set = ["settings/mail/test"]

    @Test func aFormSentTwiceMakesOneRecordAndLeadsToIt() throws {
        let test = try FilledOrganisation().test
        let reader = try FingerprintReader()
        let filler = FormFiller(test: test, words: "Texte")
        var creating: Set<String> = []
        for form in try Visitor(test).visits().flatMap(\.answer.changingForms).inOrder {
            let pattern = test.pattern(of: form) ?? form.action
            if SentTwiceTests.repeatable.contains(pattern) { continue }
            let before = try reader.fingerprint(of: test.organisationID)
            guard let (taken, first) = try filler.send(form) else { continue }
            let between = try reader.fingerprint(of: test.organisationID)
            let second = try test.send(taken)
            let after = try reader.fingerprint(of: test.organisationID)
            let twice = Set(after.additions(since: between)).subtracting(SentTwiceTests.notes)
            #expect(twice.sorted() == [], "\(pattern)")
            #expect(second.status < 500, "\(pattern)")
            guard form["_submission"] != nil, first.status == 303 else { continue }
            #expect(second.status == 303, "\(pattern)")
            #expect(second.location == first.location, "\(pattern)")
            #expect(after == between, "\(pattern) changed \(after.differences(from: between))")
            if !between.additions(since: before).isEmpty { creating.insert(pattern) }
        }
        #expect(creating.count > 12, "few forms made anything: \(creating.sorted())")
    }
}
