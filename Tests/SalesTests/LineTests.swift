import Basics
import Core
import Foundation
import HTTP
import TestSupport
import Testing

@testable import Sales

/// Numbers that look random and are the same in every run.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33 | state << 31
    }
}

/// A source of ids that counts.
final class CountedIDs {
    private var count: UInt64 = 0
    func next() -> DocumentLine.ID {
        count += 1
        return ID(UniqueID(high: 7, low: count))
    }
}

extension LineRules {
    static func french(_ currency: Currency = .euro) throws -> LineRules {
        LineRules(try TestApplication().organisation, currency: currency, say: .french)
    }
}

func lineFields(_ lines: [[String: String]], _ others: [String: String] = [:]) -> Fields {
    var pairs: [Fields.Field] = others.map { Fields.Field(name: $0.key, value: $0.value) }
    for (index, line) in lines.enumerated() {
        for (name, value) in line {
            pairs.append(Fields.Field(name: "lines[\(index)][\(name)]", value: value))
        }
    }
    return Fields(pairs)
}

struct LineArithmeticTests {
    /// The same sums in decimal arithmetic, sharing nothing with ours.
    @Test(arguments: [Currency.euro, .westAfricanFranc])
    func totalsAreThoseOfDecimalArithmetic(currency: Currency) throws {
        var numbers = SeededNumbers(20_261_121)
        for _ in 0..<200 {
            let lines = (0..<Int.random(in: 1...12, using: &numbers)).map { _ in
                randomLine(&numbers, currency)
            }
            let totals = DocumentTotals(lines, in: currency)
            var bases: [VATRate: Decimal] = [:]
            for line in lines {
                let gross = rounded(
                    decimal(line.quantity.tenThousandths, 4)
                        * decimal(line.unitPrice.millionths, 6), currency)
                let discount: Decimal =
                    switch line.discount {
                    case .none: 0
                    case .percent(let p):
                        rounded(gross * decimal(p.hundredths, 2) / 100, currency)
                    case .amount(let amount): decimal(amount.minorUnits, currency.exponent)
                    }
                bases[line.vat, default: 0] += gross - discount
            }
            let net = bases.values.reduce(0, +)
            let vat = bases.reduce(Decimal(0)) {
                $0 + rounded($1.value * decimal($1.key.percentage.hundredths, 2) / 100, currency)
            }
            #expect(decimal(totals.net.minorUnits, currency.exponent) == net)
            #expect(decimal(totals.vat.minorUnits, currency.exponent) == vat)
            #expect(totals.gross == totals.net + totals.vat)
            #expect(totals.beforeDiscount - totals.discount == totals.net)
        }
    }

    @Test func halvesAreRoundedAwayFromZero() {
        var line = DocumentLine(id: CountedIDs().next(), kind: .item, label: "Vis")
        line.quantity = Quantity(tenThousandths: 5000)
        line.unitPrice = UnitPrice(millionths: 10_000)
        line.vat = VATRate(.standard, Percentage(hundredths: 2000))
        #expect(line.netAmount(in: .euro) == Amount(1), "half a cent is a cent")
        #expect(Amount(-25).share(Percentage(hundredths: 1000)) == Amount(-3))
    }

    private func randomLine(_ numbers: inout SeededNumbers, _ currency: Currency) -> DocumentLine {
        var line = DocumentLine(id: CountedIDs().next(), kind: .item, label: "Ligne")
        line.quantity = Quantity(tenThousandths: Int.random(in: 1...2_000_000, using: &numbers))
        line.unitPrice = UnitPrice(millionths: Int.random(in: 0...900_000_000, using: &numbers))
        let rate = [2000, 1000, 550, 210].randomElement(using: &numbers)!
        line.vat = [VATRate(.standard, Percentage(hundredths: rate)), VATRate(.exempt)]
            .randomElement(using: &numbers)!
        switch Int.random(in: 0...2, using: &numbers) {
        case 0: break
        case 1:
            line.discount = .percent(
                Percentage(hundredths: Int.random(in: 1...10_000, using: &numbers)))
        default:
            let most = line.grossAmount(in: currency).minorUnits
            line.discount = .amount(Amount(Int.random(in: 0...most, using: &numbers)))
        }
        return line
    }

    private func decimal(_ value: Int, _ decimals: Int) -> Decimal {
        Decimal(value) / pow(10, decimals)
    }
    private func rounded(_ value: Decimal, _ currency: Currency) -> Decimal {
        var (value, out) = (value, Decimal())
        NSDecimalRound(&out, &value, currency.exponent, .plain)
        return out
    }
}

struct LineOperationTests {
    private let ids = CountedIDs()

    private func drafts(_ labels: [String], _ others: [String: String] = [:]) -> LineDrafts {
        LineDrafts(
            lineFields(
                labels.map { ["label": $0, "quantity": "2", "unit_price": "10", "vat": "S2000"] },
                others),
            newID: ids.next)
    }
    private func after(_ op: String, _ labels: [String], at: String? = nil) throws -> LineDrafts {
        var fields = ["op": op, "new[label]": op == "add" ? "Neuve" : ""]
        if let at { fields["at"] = at }
        var drafts = drafts(labels, fields)
        let operation = try #require(
            LineOperation(Fields(fields.map { Fields.Field(name: $0.key, value: $0.value) })))
        drafts.apply(operation, items: .none, try .french(), newID: ids.next)
        return drafts
    }

    @Test(
        arguments: [
            ("up:1", ["B", "A", "C"], 0), ("down:1", ["A", "C", "B"], 2),
            ("up:0", ["A", "B", "C"], nil),
            ("down:2", ["A", "B", "C"], nil), ("dup:0", ["A", "A", "B", "C"], 1),
            ("insert:1", ["A", "", "B", "C"], 1), ("delete:1", ["A", "C"], 1),
            ("delete:2", ["A", "B"], 1), ("add", ["A", "B", "C", "Neuve"], 3),
            ("section", ["A", "B", "C", ""], 3), ("enter", ["A", "B", "C", ""], 3),
            ("delete:9", ["A", "B", "C"], nil), ("up:-1", ["A", "B", "C"], nil),
        ] as [(String, [String], Int?)])
    func eachButtonDoesWhatItSays(op: String, labels: [String], focus: Int?) throws {
        let drafts = try after(op, ["A", "B", "C"])
        #expect(drafts.lines.map(\.label) == labels)
        #expect(drafts.focus?.line == focus)
    }

    @Test func enterInALineOpensOneBelowItAndUsesTheEmptyOneThatWaits() throws {
        #expect(try after("enter", ["A", "B"], at: "0").lines.map(\.label) == ["A", "", "B"])
        var drafts = LineDrafts(
            lineFields([["label": "A"], ["label": "", "quantity": "1"]]), newID: ids.next)
        drafts.apply(.enter(after: 0), items: .none, try .french(), newID: ids.next)
        #expect(drafts.lines.count == 2)
        #expect(drafts.focus == .init(line: 1, part: .label))
    }

    @Test func aLineKeepsItsIdentityAndACopyGetsItsOwn() throws {
        let drafts = try after("dup:0", ["A", "B"])
        #expect(Set(drafts.lines.map(\.id)).count == 3)
        let id = drafts.lines[0].id
        let twice = LineDrafts(
            lineFields([["label": "A", "id": "\(id)"], ["label": "B", "id": "\(id)"]]),
            newID: ids.next)
        #expect(twice.lines[0].id == id)
        #expect(twice.lines[1].id != id, "an id sent twice names the first line only")
    }

    @Test func draggedLinesStandAtTheirPositions() {
        let fields = lineFields([
            ["label": "A", "position": "2"], ["label": "B", "position": "3"],
            ["label": "C", "position": "1"],
        ])
        #expect(LineDrafts(fields, newID: ids.next).lines.map(\.label) == ["C", "A", "B"])
    }

    @Test func buttonsNameLinesByTheirIndexInTheFormHoweverTheyWereDragged() throws {
        var drafts = LineDrafts(
            lineFields([["label": "A", "position": "2"], ["label": "B", "position": "1"]]),
            newID: ids.next)
        drafts.apply(.delete(0), items: .none, try .french(), newID: ids.next)
        #expect(drafts.lines.map(\.label) == ["B"])
    }

    @Test func moreLinesThanTheLimitAreRefusedAndNoneIsAdded() throws {
        let many = Array(repeating: "A", count: LineDrafts.maximumLines)
        var full = drafts(many)
        full.apply(.section, items: .none, try .french(), newID: ids.next)
        #expect(full.lines.count == LineDrafts.maximumLines)
        let over = drafts(many + ["B"])
        #expect(over.checked(try .french()).problems.map(\.field) == ["lines"])
    }

    @Test func linesInWhichNothingWasTypedAreLeftOut() throws {
        var drafts = try after("enter", ["A", "B"], at: "0")
        drafts.dropBlankLines()
        #expect(drafts.lines.map(\.label) == ["A", "B"])
    }
}

struct LineCheckTests {
    private let ids = CountedIDs()

    private func problems(_ changes: [String: String]) throws -> [String] {
        let usual = [
            "label": "Film", "quantity": "1", "unit": "day", "unit_price": "450,00", "discount": "",
            "discount_kind": "percent", "vat": "S2000",
        ]
        let fields = lineFields([usual, usual.merging(changes) { $1 }])
        return LineDrafts(fields, newID: ids.next).checked(try .french()).problems.map(\.field)
    }

    @Test(arguments: [
        ("label", ""), ("label", String(repeating: "é", count: 501)), ("quantity", ""),
        ("quantity", "abc"), ("quantity", "0"), ("quantity", "-1"), ("quantity", "1,23456"),
        ("quantity", "99999999999"), ("unit", "parsec"), ("unit_price", ""), ("unit_price", "dix"),
        ("unit_price", "-3"), ("unit_price", "9999999999999999999999"), ("discount", "101"),
        ("discount", "x"), ("vat", ""), ("vat", "S99999"), ("vat", "<script>"),
        ("description", String(repeating: "a", count: 5001)),
    ])
    func aWrongFieldIsNamedWithItsLine(field: String, value: String) throws {
        #expect(try problems([field: value]) == ["lines[1][\(field)]"])
    }

    @Test func aLineThatIsRightHasNoProblem() throws {
        #expect(try problems([:]).isEmpty)
        #expect(try problems(["discount": "450", "discount_kind": "amount"]).isEmpty)
    }

    @Test func aDiscountAboveTheAmountIsRefused() throws {
        let fields = ["discount": "450,01", "discount_kind": "amount"]
        #expect(try problems(fields) == ["lines[1][discount]"])
    }

    @Test func hugeQuantitiesAndPricesAreRefusedBeforeAnythingOverflows() throws {
        let huge = ["quantity": "10000000", "unit_price": "1000000000"]
        #expect(try problems(huge) == ["lines[1][quantity]"])
        let dinars = try LineRules.french(#require(Currency(code: "TND")))
        let drafts = LineDrafts(
            lineFields([huge.merging(["label": "A", "vat": "E0"]) { $1 }]), newID: ids.next)
        #expect(drafts.checked(dinars).problems.map(\.field) == ["lines[0][quantity]"])
        // Each line alone is possible, together they are not.
        let line = ["label": "A", "vat": "S2000", "quantity": "99", "unit_price": "1000000000"]
        let two = LineDrafts(lineFields([line, line]), newID: ids.next)
        #expect(try two.checked(.french()).problems.count == 1)
    }

    @Test func numbersAreShownAsTheirLanguageTypesThemAndReadBackTheSame() throws {
        var line = DocumentLine(id: ids.next(), kind: .item, label: "Film")
        line.quantity = Quantity(tenThousandths: 12_345_000)
        line.unitPrice = UnitPrice(millionths: 1_234_500_000)
        line.vat = VATRate(.standard, Percentage(hundredths: 550))
        line.unit = Unit.day.rawValue
        line.discount = .amount(Amount(123_456))
        for say in Language.allCases {
            for currency in [Currency.euro, .westAfricanFranc] {
                let rules = LineRules(
                    try TestApplication().organisation, currency: currency, say: say)
                #expect(LineDrafts([line], rules).checked(rules).lines == [line])
            }
        }
        let rules = try LineRules.french()
        #expect(LineDraft(line, rules).unitPrice == "1\u{202F}234,50")
    }

    @Test func aFreeTextKeepsItsLinesThroughTheForm() throws {
        let fields = lineFields([["kind": "text", "label": "Livraison le 2\r\nReprise comprise"]])
        let rules = try LineRules.french()
        let line = LineDrafts(fields, newID: ids.next).checked(rules).lines[0]
        #expect(line.label == "Livraison le 2")
        #expect(line.description == "Reprise comprise")
        #expect(LineDraft(line, rules).label == "Livraison le 2\nReprise comprise")
    }
}
