import Basics
import Core

// What programs read of the statistics. Amounts are net unless they are payments or debts.

struct RevenueReport: Sendable {
    var days: ClosedRange<Day>
    var net: Amount
    var count: Int
    var months: [MonthlyRevenue]
}
struct PaymentsReport: Sendable {
    var days: ClosedRange<Day>
    var received: Amount
    var delay: PaymentDelay
    var months: [MonthlyPayments]
}
struct MonthlyPayments: Sendable {
    var month: Day
    var received: Amount
}
struct ReceivablesReport: Sendable {
    var amounts: AgedAmounts
}
struct ClientsReport: Sendable {
    var days: ClosedRange<Day>
    var clients: [RankedClient]
}
struct ItemsReport: Sendable {
    var days: ClosedRange<Day>
    var items: [RankedItem]
}
struct QuotesReport: Sendable {
    var days: ClosedRange<Day>
    var counts: QuoteCounts
}
struct OrdersReport: Sendable {
    var days: ClosedRange<Day>
    var statuses: [StatusCount<OrderStatus>]
}

extension StatisticsPeriod {
    static let parameters: [Property] = [
        Property(
            "period", .choice(of: Kind.self),
            note: Text(
                "Autour du jour `on` ; cette année sans autre indication.",
                "Around the day `on`; this year unless told.")),
        Property("on", .day), Property("from", .day), Property("to", .day),
        Property(
            "imported", .choice(["yes"]),
            note: Text("Compte l’historique importé.", "Counts imported history.")),
    ]
}

extension RevenueReport: APIRecord {
    static let schemaName = "RevenueReport"
    static let members: [Member<RevenueReport>] = [
        .day("from") { $0.days.lowerBound }, .day("to") { $0.days.upperBound },
        .amount("net") { $0.net }, .integer("document_count") { $0.count },
        .list("months") { $0.months },
    ]
}

extension MonthlyRevenue: APIRecord {
    static let schemaName = "MonthlyRevenue"
    static let members: [Member<MonthlyRevenue>] = [
        .day("month") { $0.month }, .amount("net") { $0.net },
        .integer("invoice_count") { $0.invoices },
        .integer("credit_note_count") { $0.creditNotes },
    ]
}

extension PaymentsReport: APIRecord {
    static let schemaName = "PaymentsReport"
    static let members: [Member<PaymentsReport>] = [
        .day("from") { $0.days.lowerBound }, .day("to") { $0.days.upperBound },
        .amount("received") { $0.received }, .amount("settled") { $0.delay.settled },
        Member(
            "mean_days_to_payment", .nullable(.decimal(places: 1, signed: true)),
            note: Text("Pondéré par les montants.", "Weighed by the amounts.")
        ) { report in
            JSON(
                report.delay.tenthsOfDays.map {
                    ScaledDecimal.plain($0, decimals: 1, minimumDecimals: 0)
                })
        }, .list("months") { $0.months },
    ]
}

extension MonthlyPayments: APIRecord {
    static let schemaName = "MonthlyPayments"
    static let members: [Member<MonthlyPayments>] = [
        .day("month") { $0.month }, .amount("received") { $0.received },
    ]
}

extension ReceivablesReport: APIRecord {
    static let schemaName = "ReceivablesReport"
    static let members: [Member<ReceivablesReport>] = [
        .amount("total") { $0.amounts.total }, .amount("overdue") { $0.amounts.overdue },
        .integer("invoice_count") { $0.amounts.count },
        Member(
            "ages", .object(Age.allCases.map { Property($0.rawValue, .money, required: true) }),
            note: Text("Par ancienneté, en jours.", "By age, in days.")
        ) { row in .object(Age.allCases.map { ($0.rawValue, JSON(row.amounts[$0])) }) },
    ]
}

extension ClientsReport: APIRecord {
    static let schemaName = "ClientsReport"
    static let members: [Member<ClientsReport>] = [
        .day("from") { $0.days.lowerBound }, .day("to") { $0.days.upperBound },
        .list("clients") { $0.clients },
    ]
}

extension RankedClient: APIRecord {
    static let schemaName = "RankedClient"
    static let members: [Member<RankedClient>] = [
        .id("client_id") { $0.id }, .text("name") { $0.name }, .amount("net") { $0.net },
        .integer("document_count") { $0.count },
    ]
}

extension ItemsReport: APIRecord {
    static let schemaName = "ItemsReport"
    static let members: [Member<ItemsReport>] = [
        .day("from") { $0.days.lowerBound }, .day("to") { $0.days.upperBound },
        .list("items") { $0.items },
    ]
}

extension RankedItem: APIRecord {
    static let schemaName = "RankedItem"
    static let members: [Member<RankedItem>] = [
        .id("item_id") { $0.id }, .text("label") { $0.label }, .amount("net") { $0.net },
        .quantity("quantity") { $0.quantity }, .integer("line_count") { $0.count },
    ]
}

extension QuotesReport: APIRecord {
    static let schemaName = "QuotesReport"
    static let members: [Member<QuotesReport>] = [
        .day("from") { $0.days.lowerBound }, .day("to") { $0.days.upperBound },
        .integer("won_count") { $0.counts.won.count }, .amount("won_net") { $0.counts.won.net },
        .integer("lost_count") { $0.counts.lost.count }, .amount("lost_net") { $0.counts.lost.net },
        Member(
            "won_percentage", .nullable(.percentage),
            note: Text("Des devis gagnés ou perdus.", "Of quotes won or lost.")
        ) { report in
            JSON(
                report.counts.rate.map {
                    ScaledDecimal.plain(
                        $0.hundredths, decimals: Percentage.decimals, minimumDecimals: 0)
                })
        }, .list("statuses") { $0.counts.all },
    ]
}

extension OrdersReport: APIRecord {
    static let schemaName = "OrdersReport"
    static let members: [Member<OrdersReport>] = [
        .day("from") { $0.days.lowerBound }, .day("to") { $0.days.upperBound },
        .list("statuses") { $0.statuses },
    ]
}

extension StatusCount: APIAnswer where Status: CaseIterable & RawRepresentable<String> {}
extension StatusCount: APIRecord where Status: CaseIterable & RawRepresentable<String> {
    static var schemaName: String { "\(Status.self)Count" }
    static var members: [Member<StatusCount>] {
        [
            .choice("status") { $0.status }, .integer("document_count") { $0.count },
            .amount("net") { $0.net },
        ]
    }
}
