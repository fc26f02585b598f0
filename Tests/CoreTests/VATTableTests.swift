import Basics
import Testing

@testable import Core

struct VATTableTests {
    private func percentages(_ code: String, _ country: String = "FR", on day: String) -> [Int] {
        VATTable.offered(
            at: PostalAddress(
                street: "1 rue", postalCode: code, city: "Ville", country: country),
            on: Day(day)
        ).map(\.hundredths)
    }
    private func objection(_ hundredths: Int, _ country: String, on day: String) -> Text? {
        VATTable.objection(to: Percentage(hundredths: hundredths), from: country, on: Day(day))
    }

    @Test func ratesAreOfferedByTerritoryAndDay() {
        #expect(percentages("69002", on: "2026-11-29") == [2000, 1000, 550, 210])
        #expect(percentages("69002", on: "2013-12-31") == [1960, 700, 550, 210])
        #expect(percentages("97400", on: "2026-11-29") == [850, 210, 175, 105])
        #expect(percentages("20000", on: "2026-11-29") == [2000, 1300, 1000, 550, 210, 90])
        #expect(percentages("", "CI", on: "2026-11-29") == [1800, 900])
    }

    @Test func aRateHoldsFromItsFirstToItsLastDay() {
        #expect(objection(1960, "FR", on: "2013-12-31") == nil)
        #expect(objection(1960, "FR", on: "2014-01-01")?.french.contains("n’est plus") == true)
        #expect(objection(2000, "FR", on: "2013-12-31")?.french.contains("que le") == true)
        #expect(objection(2000, "FR", on: "2014-01-01") == nil)
    }

    @Test func anUnknownRateIsToldWithThoseThereAre() {
        #expect(objection(9999, "FR", on: "2026-11-29")?.french.contains("99,99") == true)
        #expect(objection(9999, "MC", on: "2026-11-29") != nil, "Monaco has those of France")
        #expect(objection(9999, "PT", on: "2026-11-29") == nil, "not listed, so not judged")
    }

    /// Two rows of one rate never hold on the same day: a rate that comes back needs its dates.
    @Test func noRateIsThereTwiceAtOnce() {
        for (index, one) in VATTable.rates.enumerated() {
            for other in VATTable.rates[(index + 1)...]
            where other.country == one.country && other.territory == one.territory
                && other.percentage == one.percentage
            {
                let ended = one.until ?? Day("9999-12-31")!
                #expect(ended < other.from ?? Day("0001-01-01")!)
            }
        }
    }
}
