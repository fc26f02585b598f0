import Testing

@testable import Basics

struct DayTests {
    @Test func everyDayOfFourCenturiesKeepsItsNumber() throws {
        var previous = try #require(Day(year: 1899, month: 12, day: 31)).daysSince1970
        for year in 1900...2299 {
            for month in 1...12 {
                for day in 1...31 {
                    guard let made = Day(year: year, month: month, day: day) else { continue }
                    #expect(made.daysSince1970 == previous + 1)
                    #expect(made.components == (year, month, day))
                    previous = made.daysSince1970
                }
            }
        }
    }

    @Test(arguments: [
        "2026-02-29", "2026-13-01", "31/04/2026", "2026-1", "26-01-01", "aaaa-bb-cc", "",
    ])
    func daysThatDoNotExistAreRefused(text: String) {
        #expect(Day(text) == nil)
    }

    @Test func bothWaysOfTypingADayAreRead() {
        #expect(Day("2026-11-21") == Day("21/11/2026"))
        #expect(Day("1.2.2026")?.iso == "2026-02-01")
    }

    @Test func aMonthAfterTheThirtyFirstIsTheLastOfTheMonth() throws {
        let day = try #require(Day("2026-01-31"))
        #expect(day.adding(months: 1).iso == "2026-02-28")
        #expect(day.adding(months: 13).iso == "2027-02-28")
        #expect(day.adding(months: -2).iso == "2025-11-30")
        #expect(day.endOfMonth.iso == "2026-01-31")
    }

    @Test func the21stOfNovember2026IsASaturday() throws {
        #expect(try #require(Day("2026-11-21")).weekday == 6)
    }

    @Test func anInvoiceAtHalfPastMidnightInParisBearsTheDayOfParis() throws {
        let paris = try #require(TimeZoneRules.named("Europe/Paris"))
        // 22:30 UTC on 30 June is half past midnight on 1 July in summer time.
        let instant = Instant(seconds: 1_782_858_600)
        #expect(instant.rfc3339 == "2026-06-30T22:30:00Z")
        #expect(paris.local(instant).day.iso == "2026-07-01")
        #expect(paris.local(instant).clock() == "00:30")
    }

    @Test func winterAndSummerTimeTurnAtTheRightSecond() throws {
        let paris = try #require(TimeZoneRules.named("Europe/Paris"))
        let turn = Instant(seconds: 1_774_746_000)  // 2026-03-29T01:00:00Z
        #expect(turn.rfc3339 == "2026-03-29T01:00:00Z")
        #expect(paris.offset(at: turn.adding(seconds: -1)) == 3600)
        #expect(paris.offset(at: turn) == 7200)
    }

    @Test(arguments: ["../../etc/passwd", "/etc/passwd", "", "Nowhere/Land"])
    func unknownTimeZonesAreNil(name: String) {
        #expect(TimeZoneRules.named(name) == nil)
    }
}

struct IdentifierTests {
    @Test func identifiersAreReadBackAndOthersRefused() {
        let id = UniqueID.make(at: .now)
        #expect(UniqueID(id.description) == id)
        #expect(UniqueID(id.description.uppercased()) == id)
        for wrong in ["", "123", id.description + "0", "g" + id.description.dropFirst()] {
            #expect(UniqueID(wrong) == nil)
        }
    }

    @Test func laterIdentifiersSortBehind() {
        let early = UniqueID.make(at: Instant(seconds: 1_000_000))
        let late = UniqueID.make(at: Instant(seconds: 1_000_001))
        #expect(early < late)
        #expect(late.description.utf8.dropFirst(14).first == UInt8(ascii: "7"))
    }

    @Test func aMillionIdentifiersDiffer() {
        let now = Instant.now
        let ids = Set((0..<100_000).map { _ in UniqueID.make(at: now) })
        #expect(ids.count == 100_000)
    }
}
