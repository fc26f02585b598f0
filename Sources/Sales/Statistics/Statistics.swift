import Basics
import Core
import HTTP

/// How business goes: what was sold and received, what is owed, how quotes and orders stand, who and
/// what sells best. Every figure opens the rows that it adds up.
public enum Statistics: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get("statistics", .readInvoices, show)
        routes.get(
            "statistics/revenue", .readInvoices,
            api: .show(
                RevenueReport.self, query: StatisticsPeriod.parameters,
                Text("Chiffre d’affaires par mois", "Revenue by month")),
            reads: .export(of: .invoice), revenue)
        routes.get(
            "statistics/payments", .readPayments,
            api: .show(
                PaymentsReport.self, query: StatisticsPeriod.parameters,
                Text(
                    "Encaissements par mois et délai de paiement",
                    "Payments by month and days to payment")), reads: .export(of: .payment),
            payments)
        routes.get(
            "statistics/receivables", .readPayments,
            api: .show(
                ReceivablesReport.self, Text("Créances par ancienneté", "Receivables by age")),
            reads: .export(of: .invoice), receivables)
        routes.get(
            "statistics/clients", .readInvoices,
            api: .show(
                ClientsReport.self, query: StatisticsPeriod.parameters,
                Text("Meilleurs clients", "Best clients")), reads: .export(of: .client), clients)
        routes.get(
            "statistics/items", .readInvoices,
            api: .show(
                ItemsReport.self, query: StatisticsPeriod.parameters,
                Text("Meilleures prestations", "Best items")), reads: .export(of: .item), items)
        routes.get(
            "statistics/quotes", .readQuotes,
            api: .show(
                QuotesReport.self, query: StatisticsPeriod.parameters,
                Text("Devis gagnés et perdus", "Quotes won and lost")), reads: .export(of: .quote),
            quotes)
        routes.get(
            "statistics/orders", .readOrders,
            api: .show(
                OrdersReport.self, query: StatisticsPeriod.parameters,
                Text("Commandes par état", "Orders by status")), reads: .export(of: .order), orders)
        routes.get("statistics/lines", .readInvoices, reads: .export(of: .invoice), lines)
        routes.get(
            "statistics/settlements", .readPayments, reads: .export(of: .payment), settlements)
    }

    public static var actions: [Action] { [.statisticsRebuilt] }

    static func show(_ request: Request) throws -> Reply {
        let needed: [Permission] = [.readPayments, .readQuotes, .readOrders]
        guard needed.allSatisfy(request.may) else { throw Problem.forbidden }
        let period = StatisticsPeriod(request.http.query, today: request.today)
        let figures = try request.read { try StatisticsFigures($0, period) }
        return .page(StatisticsPage(figures, request).page)
    }

    /// The lines behind the figure of an item.
    static func lines(_ request: Request) throws -> Reply {
        let filter = InvoicedLineFilter(request.http.query)
        if request.wantsFile {
            let file = try request.tableFile(
                Text("lignes", "lines"), InvoicedLineListPage.headings)
            try request.read { try $0.exportInvoicedLines(filter, to: file) }
            return try file.reply()
        }
        return try request.read { transaction in
            try .page(
                InvoicedLineListPage(
                    filter, transaction.invoicedLines(filter),
                    total: transaction.invoicedLinesTotal(filter),
                    item: filter.item.map { try transaction.item($0).label }, request
                ).page)
        }
    }

    /// The settlements behind the mean time to payment.
    static func settlements(_ request: Request) throws -> Reply {
        let filter = SettlementFilter(request.http.query)
        if request.wantsFile {
            let file = try request.tableFile(
                Text("reglements", "settlements"), SettlementListPage.headings)
            try request.read { try $0.exportSettlements(filter, to: file) }
            return try file.reply()
        }
        return try request.read { transaction in
            try .page(
                SettlementListPage(
                    filter, transaction.settlements(filter), transaction.paymentDelay(filter),
                    request
                ).page)
        }
    }
}

/// All figures of the page, read in one snapshot.
struct StatisticsFigures: Sendable {
    let period: StatisticsPeriod
    let headline: Headline
    /// Of the period, and of the one that it is compared with.
    let revenue: Revenue
    let before: Revenue
    let months: [MonthlyRevenue]
    let receivables: AgedAmounts
    let quotes: QuoteCounts
    let orders: [StatusCount<OrderStatus>]
    let clients: [RankedClient]
    let items: [RankedItem]
    let delay: PaymentDelay

    init(_ transaction: Transaction, _ period: StatisticsPeriod) throws {
        self.period = period
        let (days, origins) = (period.days, period.origins)
        headline = try Headline(transaction, origins: origins)
        let both = try transaction.revenue(
            in: [days, period.before(today: transaction.today)], origins: origins)
        (revenue, before) = (both[0], both[1])
        let shown = period.months(today: transaction.today)
        months = try transaction.monthlyRevenue(
            in: shown[0]...shown[shown.count - 1].endOfMonth, origins: origins)
        receivables = try transaction.agedReceivables()
        quotes = try QuoteCounts(transaction, in: days)
        orders = try transaction.orderCounts(in: days)
        clients = try transaction.bestClients(in: days, origins: origins)
        items = try transaction.bestItems(in: days, origins: origins)
        delay = try transaction.paymentDelay(in: days)
    }
}
