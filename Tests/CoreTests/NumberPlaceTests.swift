import Basics
import TestSupport
import Testing

@testable import Core

@Suite struct NumberPlaceTests {
    @Test(arguments: [
        "C-{NNNNN}", "FACT-{YYYY}-{NNN}", "F{YY}{MM}/{NNNN}", "{NNN}-{YYYY}{MM}{DD}",
        "A{NN}{YYYY}", "{N}",
    ])
    func aNumberIsReadBackFromThePatternThatWroteIt(text: String) throws {
        let pattern = try #require(NumberPattern(text))
        let day = try #require(Day("2026-11-21"))
        for counter in [1, 9, 10, 999, 1000, 123_456_789] {
            let place = try #require(pattern.place(of: pattern.number(counter, on: day)))
            #expect(place.counter == counter)
            #expect(place.period == pattern.period(on: day))
        }
    }

    @Test func aNumberWrittenOtherwiseHasNoPlace() throws {
        let pattern = try #require(NumberPattern("FACT-{YYYY}-{NNN}"))
        for number in [
            "", "FACT-2026-", "FACT-2026-01", "FACT-26-001", "fact-2026-001",
            "FACT-2026-001A", "AV-2026-001", "FACT-2026-0x1",
        ] {
            #expect(pattern.place(of: number) == nil, "\(number)")
        }
    }

    @Test func aNumberThatTheCounterHasNotReachedIsFound() throws {
        let test = try TestApplication()
        try test.write { transaction in
            let first = try transaction.nextNumber(.quote, on: transaction.today)
            let found = try transaction.numbersBeyondCounter(
                .quote, among: [first, "DEV-2026-002", "DEV-2025-001", "D1"])
            #expect(first == "DEV-2026-001")
            #expect(found == ["DEV-2026-002", "DEV-2025-001"])
        }
    }
}
