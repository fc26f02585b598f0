@testable import Core
import Database
import TestSupport
import Testing

/// How long a refusal takes tells nobody whether an address has an account: whatever was wrong, one password
/// is hashed.
@Suite struct SignInTimingTests {
    enum Wrong: CaseIterable { case password, address, archivedPerson, erasedPassword, noHash }

    /// Who signs in where that is wrong.
    private func email(_ wrong: Wrong, _ test: TestApplication) throws -> String {
        let agent = try #require(test.people[.agent])
        func keep(_ hash: String) throws {
            try TestDatabase.pool.withConnection {
                try $0.replacePassword(of: agent.id, with: hash, at: test.clock.now)
            }
        }
        try keep(test.application.passwords.hash(TestApplication.password))
        switch wrong {
        case .password: break
        case .address: return "nobody-\(agent.id)@altavista.example"
        case .archivedPerson: try test.write { try $0.archiveColleague(agent.id) }
        case .erasedPassword: try keep("")
        case .noHash: try keep("none")
        }
        return agent.email
    }

    @Test(arguments: Wrong.allCases)
    func whateverIsWrongOnePasswordIsHashed(wrong: Wrong) throws {
        let hasher = PasswordHasher(memoryKibibytes: 64, passes: 1, parallel: 4)
        let test = try TestApplication(all: [], passwords: hasher)
        let email = try email(wrong, test)
        // Archived people know their password.
        let password = wrong == .archivedPerson ? TestApplication.password : "a guess of theirs"
        let before = hasher.runs
        let answer = try test.guess(email, from: "10.7.0.1", password)
        #expect(answer.status == 422)
        #expect(hasher.runs - before == 1)
    }

    /// With the parameters of the program. One after the other, so that a busy machine is so for all of them.
    @Test func refusalsTakeAboutAsLongWhateverIsWrong() throws {
        let hasher = PasswordHasher()
        let tests = try Wrong.allCases.map { wrong in
            let test = try TestApplication(all: [], passwords: hasher)
            return (test, try email(wrong, test))
        }
        var times = [[Duration]](repeating: [], count: tests.count)
        for _ in 1...20 {
            for (index, (test, email)) in tests.enumerated() {
                times[index].append(
                    try ContinuousClock().measure { _ = try test.guess(email, from: "10.7.0.2") })
                test.clock.advance(seconds: ThrottleKey.windowSeconds + 1)
            }
        }
        let medians = times.map { $0.sorted()[$0.count / 2] }
        let (fastest, slowest) = (try #require(medians.min()), try #require(medians.max()))
        #expect(slowest < fastest * 3, "\(medians)")
    }
}
