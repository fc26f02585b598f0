import Basics
import Core

extension Business {
    /// Gives the technician work that is under way, and shows its documents to the client who has most of them.
    func shareOut() throws {
        let organisation = transaction.organisation
        guard let technician = people[.technician]?.user, let client = people[.client]?.user else {
            return
        }
        let orders: [Order.ID] = try transaction.values(
            """
            SELECT id FROM orders
            WHERE organisation_id = \(organisation) AND status IN ('confirmed', 'in_progress')
            ORDER BY due_on NULLS LAST, id LIMIT 6
            """)
        for order in orders { _ = try transaction.assignOrder(order, to: technician.id) }
        try transaction.run(
            """
            UPDATE memberships SET client_id = (
                SELECT client_id FROM invoices
                WHERE organisation_id = \(organisation) AND status = 'issued'
                GROUP BY client_id ORDER BY count(*) DESC, client_id LIMIT 1)
            WHERE organisation_id = \(organisation) AND user_id = \(client.id)
            """)
    }
}
