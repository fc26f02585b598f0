import Basics
import Core
import FoundationEssentials
import Glibc
@testable import Sales
import TestSupport
import Testing

/// The real file, where it is at hand. Its figures are known: see its README.
@Suite struct OnlineRetailTests {
    static let file = TestDatabase.repository + "/../shared/data/online-retail/online_retail.csv.xz"

    static var isThere: Bool {
        let isThere = access(file, R_OK) == 0
        if !isThere { print("skipped: \(file) is not here") }
        return isThere
    }

    @Test(.enabled(if: isThere)) func halfAMillionLinesAddUpToThePenny() throws {
        let sample = try ImportSample()
        let start = Instant.now
        let result = try sample.run(file: Self.file) { step in
            let seconds = Double(Instant.now.microseconds - start.microseconds) / 1e6
            print(step.step, step.done, seconds)
        }
        print(result.json.text)
        #expect(result.imported.lines + result.refused.lines == 541_909)
        #expect((result.imported.amount + result.refused.amount).minorUnits == 974_774_793)
        #expect(result.imported.documents + result.refused.documents == 25_900)
        #expect(result.known.lines == 0)
    }
}
