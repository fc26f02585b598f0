import Core
import Database

/// What `comptoir doctor` proves about numbers: each counter has reached every number of its series, or
/// the next document would want one that is taken.
public enum NumberIntegrity: Capability {
    public static func routes(_ routes: inout Routes) {}

    public static let checks: [Check] = [
        .organisation("numbers.counters") { transaction in
            try NumberSeries.allCases.flatMap { series in
                try transaction.numbersBeyondCounter(series, among: transaction.numbers(of: series))
                    .prefix(mostFindings).map {
                        Finding("the counter of series \(series.rawValue) has not reached \($0)")
                    }
            }
        }
    ]

    /// Most findings of one series that are worth reading.
    private static let mostFindings = 10
}

extension Transaction {
    /// Every number that was given by the series itself; imported documents keep those they had.
    fileprivate func numbers(of series: NumberSeries) throws -> [String] {
        switch series {
        case .client:
            try values("SELECT number FROM clients WHERE organisation_id = \(organisation)")
        case .quote:
            try values("SELECT number FROM quotes WHERE organisation_id = \(organisation)")
        case .order:
            try values("SELECT number FROM orders WHERE organisation_id = \(organisation)")
        case .payment:
            try values("SELECT number FROM payments WHERE organisation_id = \(organisation)")
        case .recurringInvoice:
            try values(
                "SELECT number FROM recurring_invoices WHERE organisation_id = \(organisation)")
        case .depositRequest:
            try values(
                "SELECT number FROM deposit_requests WHERE organisation_id = \(organisation)")
        case .invoice, .creditNote, .reversal:
            try values(
                """
                SELECT number FROM invoices
                WHERE organisation_id = \(organisation) AND origin = 'comptoir'
                    AND series = \(series) AND kind <> 'opening_balance' AND number IS NOT NULL
                """)
        }
    }
}
