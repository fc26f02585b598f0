import Basics
import Core
import HTTP

// Each table of the page on its own: JSON for programs, a file for people.
extension Statistics {
    /// `read` makes the report; `rows` writes it into a file with these headings.
    private static func report<Report: APIAnswer>(
        _ request: Request, _ name: Text, _ headings: [Text],
        read: (Transaction, StatisticsPeriod) throws -> Report,
        rows: (Report) -> [[TableCell]]
    ) throws -> Reply {
        let period = StatisticsPeriod(request.http.query, today: request.today)
        let report = try request.read { try read($0, period) }
        if request.isAPI { return .json(report.json) }
        let file = try request.tableFile(name, headings)
        for row in rows(report) { try file.add(row) }
        return try file.reply()
    }

    static func revenue(_ request: Request) throws -> Reply {
        try report(
            request, Text("chiffre-d-affaires", "revenue"),
            [
                Text("Mois", "Month"), Text("Net HT", "Net"), Text("Factures", "Invoices"),
                Text("Avoirs", "Credit notes"),
            ]
        ) { transaction, period -> RevenueReport in
            let (days, origins) = (period.days, period.origins)
            let all = try transaction.revenue(in: [days], origins: origins)[0]
            return RevenueReport(
                days: days, net: all.net, count: all.count,
                months: try transaction.monthlyRevenue(in: days, origins: origins))
        } rows: { report in
            report.months.map {
                [
                    .day($0.month), .amount($0.net, request.currency), .count($0.invoices),
                    .count($0.creditNotes),
                ]
            }
        }
    }

    static func payments(_ request: Request) throws -> Reply {
        try report(
            request, Text("encaissements", "payments"),
            [Text("Mois", "Month"), Text("Encaissé", "Received")]
        ) { transaction, period -> PaymentsReport in
            let months = try transaction.monthlyRevenue(in: period.days, origins: [])
            return PaymentsReport(
                days: period.days, received: months.map(\.received).sum(),
                delay: try transaction.paymentDelay(in: period.days),
                months: months.map { MonthlyPayments(month: $0.month, received: $0.received) })
        } rows: { report in
            report.months.map { [.day($0.month), .amount($0.received, request.currency)] }
        }
    }

    static func receivables(_ request: Request) throws -> Reply {
        try report(
            request, Text("creances-par-age", "receivables-by-age"),
            [Text("Âge", "Age"), Text("Reste dû", "Still due")]
        ) { transaction, _ in
            ReceivablesReport(amounts: try transaction.agedReceivables())
        } rows: { report in
            Age.allCases.map {
                [.text(request.say($0.label)), .amount(report.amounts[$0], request.currency)]
            }
        }
    }

    static func clients(_ request: Request) throws -> Reply {
        try report(
            request, Text("meilleurs-clients", "best-clients"),
            [Text("Client", "Client"), Text("Pièces", "Documents"), Text("Net HT", "Net")]
        ) { transaction, period in
            ClientsReport(
                days: period.days,
                clients: try transaction.bestClients(in: period.days, origins: period.origins))
        } rows: { report in
            report.clients.map {
                [.text($0.name), .count($0.count), .amount($0.net, request.currency)]
            }
        }
    }

    static func items(_ request: Request) throws -> Reply {
        try report(
            request, Text("meilleures-prestations", "best-items"),
            [Text("Prestation", "Item"), Text("Quantité", "Quantity"), Text("Net HT", "Net")]
        ) { transaction, period in
            ItemsReport(
                days: period.days,
                items: try transaction.bestItems(in: period.days, origins: period.origins))
        } rows: { report in
            report.items.map {
                [
                    .text($0.label(request.say)),
                    .number($0.quantity.tenThousandths, decimals: Quantity.decimals),
                    .amount($0.net, request.currency),
                ]
            }
        }
    }

    private static let statusHeadings = [
        Text("État", "Status"), Text("Nombre", "Number"), Text("Net HT", "Net"),
    ]

    static func quotes(_ request: Request) throws -> Reply {
        try report(request, Text("devis-par-etat", "quotes-by-status"), statusHeadings) {
            QuotesReport(days: $1.days, counts: try QuoteCounts($0, in: $1.days))
        } rows: { report in
            report.counts.all.map {
                [
                    .text(request.say($0.status.label)), .count($0.count),
                    .amount($0.net, request.currency),
                ]
            }
        }
    }

    static func orders(_ request: Request) throws -> Reply {
        try report(request, Text("commandes-par-etat", "orders-by-status"), statusHeadings) {
            OrdersReport(days: $1.days, statuses: try $0.orderCounts(in: $1.days))
        } rows: { report in
            report.statuses.map {
                [
                    .text(request.say($0.status.label)), .count($0.count),
                    .amount($0.net, request.currency),
                ]
            }
        }
    }
}

extension Request {
    /// Whether the rows of a page are wanted as a file.
    var wantsFile: Bool { http.query["format"].flatMap(TableFile.Format.init) != nil }
}
