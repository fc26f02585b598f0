import Basics
import Foundation
import HTTP
import Synchronization
import TestSupport
import Testing

@testable import Core

/// Guesses that are sent together, before the first is answered.
@Suite struct ParallelGuessTests {
    private static let guesses = 50
    /// As slow as the program is: meanwhile the others arrive.
    private let hasher = PasswordHasher()
    private let test: TestApplication

    init() throws { test = try TestApplication(all: [], passwords: hasher) }

    /// How many of them were answered with each status. Each has a thread of its own, whatever the machine has.
    private func statuses(_ guess: @escaping @Sendable (Int) throws -> Answer) -> [Int: Int] {
        let answers = Answers()
        for index in 0..<Self.guesses {
            Thread { answers.note((try? guess(index))?.status ?? 0) }.start()
        }
        return answers.all(Self.guesses)
    }

    private final class Answers: Sendable {
        private let statuses = Mutex<[Int: Int]>([:])
        private let noted = DispatchSemaphore(value: 0)

        func note(_ status: Int) {
            statuses.withLock { $0[status, default: 0] += 1 }
            noted.signal()
        }

        /// Once so many have come.
        func all(_ count: Int) -> [Int: Int] {
            for _ in 0..<count { noted.wait() }
            return statuses.withLock { $0 }
        }
    }

    @Test func ofManyGuessesAtOnceNoMoreThanTheLimitAreLetThrough() throws {
        let email = try #require(test.people[.agent]?.email)
        let test = test
        let found = statuses { try test.guess(email, from: "10.5.0.\($0)") }
        let most = SignIn.failuresPerAccount
        #expect(found == [422: most, 429: Self.guesses - most])
        #expect(hasher.runs == most, "the others are not even looked at")
    }

    @Test func noMoreThanTheLimitAreLetThroughFromAStolenSessionEither() throws {
        let test = test
        let found = statuses { _ in
            try test.post(
                "/account/password",
                ["current_password": "guess", "new_password": "une phrase facile à retenir"])
        }
        let most = SignIn.failuresPerAccount
        #expect(found == [422: most, 429: Self.guesses - most])
        #expect(hasher.runs == most)
    }

    @Test func whoeverIsRightIsNotCountedAtTheirAddress() throws {
        let test = try TestApplication()
        let email = try #require(test.people[.agent]?.email)
        for attempt in 0...SignIn.failuresPerAddress {
            let answer = try test.guess(email, from: "10.5.1.1", TestApplication.password)
            #expect(answer.status == 303, "\(attempt)")
        }
    }
}
