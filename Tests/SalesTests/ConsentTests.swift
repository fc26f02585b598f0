import Basics
import TestSupport
import Testing

@testable import Core
@testable import Sales

@Suite struct ConsentTests {
    @Test func theLastWordOnAUseIsShownWithWhoSaidItWhenAndHow() throws {
        let test = try TestApplication(Clients.self, Privacy.self)
        let client = try test.client("Odile Martin", kind: .person)
        let path = client.path + "/consents"
        #expect(try test.get(path).text.contains("Aucun consentement"))
        let given: KeyValuePairs = [
            "purpose": "photos", "answer": "yes", "channel": "paper", "decided_on": "2026-01-05",
        ]
        #expect(try test.post(path, given, as: .agent).status == 303)
        #expect(
            try test.post(
                path,
                [
                    "purpose": "photos", "answer": "no", "channel": "phone",
                    "decided_on": "2026-02-06",
                ]
            ).status == 303)
        let consents = try test.read { try $0.consents(of: client.id) }
        #expect(consents.map(\.isGiven) == [false, true])
        #expect(consents.last?.notedBy == "Paul Ancel")
        let page = try test.get(path).text
        #expect(page.contains("Publier des photos du travail") && page.contains("par téléphone"))
        #expect(try test.get(client.path).text.contains("a noté le retrait"))
        let later = try test.post(path, ["purpose": "photos", "decided_on": "2999-01-01"])
        #expect(later.status == 422 && later.text.contains("dans l’avenir"))
        #expect(try test.post(path, ["purpose": "spam"]).status == 422)
    }
}
