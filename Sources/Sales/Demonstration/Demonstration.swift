import Basics
import Core
import Database
import HTTP

/// A company with two years of business behind it, to try the program with. It is made of dice of a
/// fixed seed: on the same day it is the same to the cent.
public enum Demonstration {
    /// How much business there is.
    public struct Size: Sendable {
        public var clients: Int
        public var orders: Int

        public init(clients: Int, orders: Int) {
            self.clients = clients
            self.orders = orders
        }

        public static let full = Size(clients: 300, orders: 2000)
        /// The least in which every list still has something to show.
        public static let small = Size(clients: 40, orders: 120)
    }

    public static let slug = "alta-vista"
    public static let logins = people.map {
        DemonstrationLogin(email: $0.email, password: password, role: $0.role)
    }

    /// Creates it and answers how to sign in. Where it is already, nothing changes.
    ///
    /// - Parameters:
    ///   - today: where its two years end; nothing in it happens after the evening before.
    ///   - progress: hears how much of how much is done.
    @discardableResult
    public static func create(
        in pool: Pool, vault: Vault, passwords: PasswordHasher, today: Day, size: Size = .full,
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> [DemonstrationLogin] {
        guard try !exists(in: pool) else { return logins }
        let plan = Plan(size, today: today)
        let start = WorkingDays.moment(plan.firstDay, minute: 7 * 60)
        let company = NewOrganisation(
            slug: slug, name: Identity.name,
            people: people.map { person in
                (
                    NewPerson(
                        email: person.email, name: person.name,
                        passwordHash: passwords.hash(password), language: .french),
                    person.role
                )
            })
        try pool.found(company, at: start, sealingWith: vault) { transaction in
            try transaction.setUp(Identity.fields, logo: Identity.logo)
            let business = try Business(
                transaction, plan: plan, clients: size.clients, today: today)
            try business.play(progress: progress)
            try business.shareOut()
            // Two years of documents would keep a new program busy for minutes: each of them is made
            // when it is first asked for.
            try transaction.run(
                """
                DELETE FROM jobs WHERE organisation_id = \(transaction.organisation)
                    AND kind = \(EInvoices.keeping.name)
                """)
        }
        return logins
    }

    /// A company of that short name whose owner has an address that no real person can have.
    public static func exists(in pool: Pool) throws -> Bool {
        let found: Bool? = try pool.withConnection { connection in
            try connection.value(
                """
                SELECT EXISTS (SELECT FROM memberships m
                    JOIN organisations o ON o.id = m.organisation_id
                    JOIN users u ON u.id = m.user_id
                    WHERE o.slug = \(slug) AND u.email = \(people[0].email))
                """)
        }
        return found == true
    }

    private static let password = "demonstration"
    private static let people: [(email: String, name: String, role: Role)] = [
        ("claire@altavista.example", "Claire Monnier", .owner),
        ("hugo@altavista.example", "Hugo Delmas", .agent),
        ("nadia@altavista.example", "Nadia Ferrand", .accountant),
        ("karim@altavista.example", "Karim Vasseur", .technician),
        ("lea@client.example", "Léa Fontanel", .client),
    ]
}
