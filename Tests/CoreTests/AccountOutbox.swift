import Basics
@testable import Core
import Database
import TestSupport
import Testing

/// The mails that the program sends to people with an account.
extension Outbox {
    /// After an owner signed in at `https://comptoir.example`, so that links have somewhere to begin.
    func setOrigin() throws {
        try TestDatabase.pool.withConnection {
            try $0.run(
                """
                UPDATE organisations SET origin = 'https://comptoir.example'
                WHERE id = \(test.organisationID)
                """)
        }
    }

    /// The text of the last mail to that address.
    func letter(to address: String) throws -> String {
        try runJobs()
        let received = try sink.messages().last { $0.recipients == [address] }
        let text = received?.parsed.parts.first { $0.type == "text/plain" }?.text
        return try #require(text, "no mail to \(address)")
    }

    /// Path and query of the link in the last mail to that address.
    func link(to address: String) throws -> String {
        let text = try letter(to: address)
        let match = try #require(text.firstMatch(of: /https:\/\/comptoir\.example(\S+)/))
        return String(match.output.1)
    }

    func email(_ role: Role) throws -> String { try #require(test.people[role]?.email) }
}
