import Basics
import TestSupport
import Testing

@testable import Core
@testable import Sales

extension Play {
    /// Who was archived, with nothing open, and what is due by now.
    func erasePerson() throws {
        let people: [UniqueID] = try test.read { transaction in
            try transaction.values(
                """
                SELECT id FROM clients WHERE organisation_id = \(transaction.organisation)
                    AND kind = 'person' AND archived_at IS NOT NULL
                """)
        }
        let day = try test.read { $0.today.iso }
        for id in people {
            let client = try test.read { try $0.client(ID(id)) }
            let noted = try test.post(
                "\(client.path)/consents",
                [
                    "purpose": "photos", "answer": "yes", "channel": "phone",
                    "decided_on": day,
                ])
            #expect(noted.status == 303)
            _ = try test.post("\(client.path)/erase", ["number": client.number])
        }
        try test.write { _ = try $0.lookForDue() }
    }
}
