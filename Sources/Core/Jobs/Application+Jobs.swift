import Basics
import Database

extension Application {
    /// Changes on behalf of an organisation outside any request, in the name of a person where there is
    /// one. Throws `Problem.notFound` when the organisation is no more.
    public func write<T>(
        for organisation: Organisation.ID, as user: User.ID? = nil,
        _ body: (Transaction) throws -> T
    ) throws -> T {
        let now = clock.now()
        return try pool.withConnection { connection in
            guard let organisation = try connection.organisation(organisation) else {
                throw Problem.notFound
            }
            let person = try user.flatMap { try connection.user($0) }
            let scope = Scope(organisation: organisation, user: person, role: .agent, vault: vault)
            return try connection.transaction(scope, at: now, body)
        }
    }
}

extension Application {
    /// Reads on behalf of an organisation outside any request. Throws `Problem.notFound` when the
    /// organisation is no more.
    func read<T>(for organisation: Organisation.ID, _ body: (Transaction) throws -> T) throws -> T {
        let now = clock.now()
        return try pool.withConnection { connection in
            guard let organisation = try connection.organisation(organisation) else {
                throw Problem.notFound
            }
            let scope = Scope(organisation: organisation, user: nil, role: .agent, vault: vault)
            return try connection.transaction(scope, at: now, readOnly: true, body)
        }
    }
}

extension Connection {
    func user(_ id: User.ID) throws -> User? {
        try first("SELECT \(User.columns) FROM users u WHERE u.id = \(id)")
    }
}
