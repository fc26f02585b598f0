import Basics
import Core

extension Payments {
    public static var searchSources: [SearchSource] {
        [
            SearchSource(
                .payment, Section.payments.label, icon: "credit-card", .readPayments,
                list: "/payments"
            ) { transaction, ids, say in
                try transaction.payments(withIDs: ids).map { payment in
                    SearchRow(
                        id: payment.id.value, title: payment.number,
                        note: "\(payment.clientName), \(say.day(payment.paidOn))",
                        amount: payment.signedAmount)
                }
            }
        ]
    }
}

extension Transaction {
    func payments(withIDs ids: [UniqueID]) throws -> [Payment] {
        try all(
            """
            SELECT \(Payment.columns) FROM payments p
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = p.client_id
            LEFT JOIN users u ON u.id = p.created_by
            WHERE p.organisation_id = \(organisation) AND p.id = ANY (\(ids))
            """)
    }
}
