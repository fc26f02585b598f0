import Basics
import Database
import HTTP

/// An organisation that comes into being with its people and its records.
public struct NewOrganisation: Sendable {
    public var slug: String
    public var name: String
    /// In the order of their arrival; the first one founds it.
    public var people: [(person: NewPerson, role: Role)]

    public init(slug: String, name: String, people: [(person: NewPerson, role: Role)]) {
        self.slug = slug
        self.name = name
        self.people = people
    }
}

extension Pool {
    /// Creates an organisation with its people and all that `body` does in it, in one transaction: it
    /// is there whole or not at all. `body` gets a transaction of the first person.
    public func found<Answer>(
        _ new: NewOrganisation, at now: Instant, sealingWith vault: Vault? = nil,
        _ body: (Transaction) throws -> Answer
    ) throws -> Answer {
        let id: Organisation.ID = ID(UniqueID.make(at: now))
        // Settled before the first statement: policies look at it from the start.
        let settings = [("app.organisation", id.description), ("app.now", now.rfc3339)]
        return try withConnection { connection in
            try connection.transaction(settings: settings) { connection in
                try connection.createOrganisation(id: id, slug: new.slug, name: new.name)
                guard let organisation = try connection.organisation(id) else {
                    throw Problem.notFound
                }
                for (person, role) in new.people {
                    try connection.insert(person, as: role, to: organisation, at: now)
                }
                let nobody = Scope(
                    organisation: organisation, user: nil, role: .owner, vault: vault)
                let transaction = Transaction(connection, nobody, now: now)
                let founder = try transaction.scopes().first {
                    $0.user?.email == new.people.first?.person.email
                }
                return try body(transaction.acting(as: founder ?? nobody, at: now))
            }
        }
    }
}

extension Transaction {
    /// The same transaction on behalf of somebody else of its organisation, at another moment. Only
    /// for what tells a story after the fact: a request is one person at one moment.
    public func acting(as scope: Scope, at now: Instant) throws -> Transaction {
        precondition(scope.organisation.id == organisation, "a transaction keeps its organisation")
        try run(
            """
            SELECT set_config('app.user', \(scope.user?.id.description ?? ""), true),
                set_config('app.user_name', \(scope.actorName), true),
                set_config('app.now', \(now.rfc3339), true)
            """)
        var scope = scope
        scope.vault = scope.vault ?? self.scope.vault
        return Transaction(connection, scope, now: now, textKeys: textKeys)
    }

    /// Everybody of the organisation as they act in it today, by name.
    public func scopes() throws -> [Scope] {
        let organisation = try currentOrganisation()
        return try colleagues().filter { !$0.isArchived }.map { colleague in
            let user: User = try one(
                "SELECT \(User.columns) FROM users u WHERE u.id = \(colleague.id)")
            return Scope(organisation: organisation, user: user, role: colleague.role)
        }
    }

    /// Tells the planner how much there is by now, within a transaction that writes much.
    public func refreshStatistics() throws { try run("SELECT refresh_statistics()") }

    /// The guided first start at once, from the fields of all its forms. Throws what the forms refuse.
    public func setUp(_ fields: Fields, logo: [UInt8]? = nil) throws {
        var input = Input(fields)
        let current = try currentOrganisation()
        let company = CompanyDraft(&input, current)
        let invoicing = InvoicingDraft(&input, current)
        let color = ColorDraft(&input, current)
        try input.check()
        try updateOrganisation(company, version: nil)
        try updateOrganisation(invoicing, version: nil)
        try updateOrganisation(color, version: nil)
        if let logo { try saveLogo(Logo(uploaded: logo)) }
        for step in SetupStep.allCases { try noteSetupStep(step) }
        try finishSetup()
    }
}
