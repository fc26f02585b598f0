import Basics
import Core
import TestSupport
import Testing

@testable import Sales

/// The arithmetic of deposits, by chance and at its edges.
@Suite struct DepositRoomTests {
    private func row(_ hundredths: Int, _ base: Int) -> VATRow {
        let rate = VATRate(.standard, Percentage(hundredths: hundredths))
        let base = Amount(base)
        return VATRow(rate: rate, base: base, vat: base.share(rate.percentage))
    }

    private func gross(_ rows: [VATRow]) -> Amount { rows.map { $0.base + $0.vat }.sum() }

    @Test func anAmountThatNoNetReachesIsStillTheAmount() {
        // 20 % of no whole number of cents makes 33.33 with it.
        let room = DepositRoom([row(2000, 1000_00)], held: [])
        let rows = room.rows(of: Amount(33_33))
        #expect(rows.map(\.base) == [Amount(27_77)] && rows.map(\.vat) == [Amount(5_56)])
    }

    @Test func partsOfAnyOrderAddUpToItByRate() {
        var dice = Dice("deposits", 1)
        for _ in 1...400 {
            let rates = [2000, 1000, 550, 210, 0].prefix(dice.number(1...5))
            let whole = rates.map { row($0, dice.number(1...200_000)) }
            var held: [VATRow] = []
            var left = gross(whole)
            while left > .zero {
                let amount = dice.hits(25) ? left : Amount(dice.number(1...left.minorUnits))
                let rows = DepositRoom(whole, held: held).rows(of: amount)
                #expect(gross(rows) == amount)
                #expect(rows.allSatisfy { $0.base >= .zero && $0.vat >= .zero })
                for row in rows {
                    let exact = row.base.minorUnits * row.rate.percentage.hundredths
                    let bound = 2 * (10_000 + row.rate.percentage.hundredths)
                    #expect(abs(row.vat.minorUnits * 10_000 - exact) <= bound)
                    if let place = held.firstIndex(where: { $0.rate == row.rate }) {
                        held[place].base += row.base
                        held[place].vat += row.vat
                    } else {
                        held.append(row)
                    }
                }
                left -= amount
            }
            for row in whole {
                #expect(
                    held.first { $0.rate == row.rate }
                        ?? VATRow(rate: row.rate, base: .zero, vat: .zero) == row)
            }
        }
    }
}
