import Basics
import Core
import Database
import Foundation
import Sales
import TestSupport
import Testing

@Suite struct DemoTests {
    /// As after a run that was killed before it could note how to sign in.
    @Test func aDemonstrationThatWasNotNotedIsNotedAndNotMadeTwice() throws {
        let strings = try TestDatabase.make()
        let pool = Pool(connectionString: strings.runtime, size: 2)
        let people = try Demonstration.logins.map { login in
            let hash = try TestApplication.passwords.hash(login.password)
            return (
                person: NewPerson(
                    email: login.email, name: "x", passwordHash: hash, language: .french),
                role: login.role
            )
        }
        let company = NewOrganisation(slug: Demonstration.slug, name: "Alta Vista", people: people)
        try pool.found(company, at: .now) { _ in }
        let place = try Place()
        for _ in 1...2 {
            let run = try place.run(["demo", "--json"], environment: environment(strings))
            #expect(run.code == 0, "\(run.complaints)")
            let emails = JSON(parsing: run.output)?.array?.compactMap { $0["email"]?.string }
            #expect(emails == Demonstration.logins.map(\.email))
            #expect(FileManager.default.fileExists(atPath: place.data + "/demonstration.json"))
        }
        let organisations = try pool.withConnection { try $0.organisations().map(\.slug) }
        #expect(organisations == [Demonstration.slug])
    }

    /// Nobody is told passwords that open nothing, nor that a real company is a demonstration.
    @Test func aRealCompanyOfTheSameNameIsNotTakenForIt() throws {
        let strings = try TestDatabase.make()
        let place = try Place()
        let words = [
            "user", "add", "claire@example.org", "--name", "Claire Monnier", "--new-organisation",
            "Alta Vista",
        ]
        #expect(try place.run(words, environment: environment(strings)).code == 0)
        let run = try place.run(["demo"], environment: environment(strings))
        #expect(run.code == 1)
        #expect(run.complaints.contains("real records"))
        #expect(!FileManager.default.fileExists(atPath: place.data + "/demonstration.json"))
    }

    private func environment(_ strings: Cluster.ConnectionStrings) -> [String: String] {
        [
            "COMPTOIR_DATABASE_URL": strings.runtime,
            "COMPTOIR_MIGRATION_DATABASE_URL": strings.owner,
            "COMPTOIR_BACKUP_DATABASE_URL": strings.backup,
        ]
    }
}
