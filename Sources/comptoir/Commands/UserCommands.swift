import Basics
import Core
import Database

/// Options that the commands on people share.
private enum UserOptions {
    static let organisation = Option(
        "--organisation", "SLUG", "Of which one; may be left out when there is only one")
    static let email = Operand(name: "EMAIL", help: "The address that the person signs in with")
    static let password = """
        The password is asked for on the terminal, or taken from COMPTOIR_PASSWORD.
        """
}

/// `comptoir user add`
enum UserAdd {
    static let name = Option<String>("--name", "NAME", "The person's name")
    static let role = Option<Role>(
        "--role", "ROLE", "owner, agent, accountant or technician. Default: agent",
        expected: "owner, agent, accountant or technician",
        parse: { $0 == Role.client.code ? nil : Role(builtIn: $0) })
    static let newOrganisation = Option<String>(
        "--new-organisation", "NAME", "Make this organisation first, and the person its owner")
    static let currency = Option<Currency>(
        "--currency", "CODE", "Of the new organisation. Default: EUR",
        expected: Currency.all.map(\.code).joined(separator: ", "),
        parse: { Currency(code: $0) })
    static let language = Option<Language>(
        "--language", "LANGUAGE", "fr or en. Default: fr", expected: "fr or en",
        parse: { Language(rawValue: $0) })

    static let command = Command(
        words: ["user", "add"], summary: "Let a person sign in", details: UserOptions.password,
        operands: [UserOptions.email],
        options: InstallationOptions.all + [
            name, role, UserOptions.organisation, newOrganisation, currency, language,
        ], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let email = try UserCommands.email(arguments)
        let name = try arguments.required(name)
        let password = try UserCommands.newPassword(for: email, arguments)
        let hash = PasswordHasher().hash(password)
        try arguments.withInstallation { _, pool in
            let person = NewPerson(
                email: email, name: name, passwordHash: hash,
                language: arguments[language] ?? .french)
            try pool.withConnection { connection in
                if let organisation = arguments[newOrganisation] {
                    try connection.found(
                        organisation, owner: person, currency: arguments[currency] ?? .euro,
                        at: .now)
                } else {
                    try connection.add(
                        person, as: arguments[role] ?? .agent,
                        to: UserCommands.organisation(arguments, connection), at: .now)
                }
            }
        }
        Output.complain("\(email) can sign in.")
        return 0
    }
}

/// `comptoir user list`
enum UserList {
    static let command = Command(
        words: ["user", "list"], summary: "Print who can sign in, and as what",
        options: InstallationOptions.all + [InstallationOptions.json], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let people = try arguments.withInstallation { _, pool in
            try pool.withConnection { try $0.everybody() }
        }
        if arguments[InstallationOptions.json] {
            let entries: [JSON] = people.map {
                [
                    "email": .string($0.email), "name": .string($0.name),
                    "organisation": .string($0.organisation), "role": .string($0.role.code),
                    "active": .bool($0.isActive),
                ]
            }
            Output.line(JSON.array(entries).text)
        } else {
            for person in people {
                let remark = person.isActive ? "" : "\tarchived"
                Output.line(
                    "\(person.email)\t\(person.name)\t\(person.organisation)\t"
                        + "\(person.role.code)\(remark)")
            }
        }
        return 0
    }
}

/// `comptoir user password`
enum UserPassword {
    static let command = Command(
        words: ["user", "password"], summary: "Give a person a new password",
        details: UserOptions.password + "\nWherever the person is signed in, that ends.",
        operands: [UserOptions.email], options: InstallationOptions.all, run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let email = try UserCommands.email(arguments)
        let hash = PasswordHasher().hash(try UserCommands.newPassword(for: email, arguments))
        try arguments.withInstallation { _, pool in
            try pool.withConnection {
                try $0.replacePassword(of: email, with: hash, at: .now)
            }
        }
        Output.complain("\(email) has a new password.")
        return 0
    }
}

/// `comptoir user second-factor`
enum UserSecondFactor {
    static let command = Command(
        words: ["user", "second-factor"],
        summary: "Turn off the second factor of somebody who lost phone and recovery codes",
        details:
            """
            Make sure that it is them who ask. Their passkeys go too. A mail tells them, where there is a
            mail server.
            """,
        operands: [UserOptions.email], options: InstallationOptions.all, run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let email = try UserCommands.email(arguments)
        try arguments.withInstallation { _, pool in
            try pool.withConnection { try $0.removeSecondFactor(of: email, at: .now) }
        }
        Output.complain("\(email) signs in with the password alone.")
        return 0
    }
}

private enum UserCommands {
    static func email(_ arguments: Arguments) throws -> String {
        guard let email = EmailAddress.normalized(arguments.operand(0) ?? "") else {
            throw UsageError("EMAIL: expected an address such as a@b.example")
        }
        return email
    }

    static func newPassword(for email: String, _ arguments: Arguments) throws -> String {
        let password = try Secret.newPassword()
        let common = try Installation(arguments.settings()).program.assets().commonPasswords
        if let problem = PasswordRule.problem(with: password, email: email, among: common) {
            throw Failure(problem.english)
        }
        return password
    }

    static func organisation(
        _ arguments: Arguments, _ connection: Connection
    ) throws -> Organisation {
        let all = try connection.organisations()
        guard let slug = arguments[UserOptions.organisation] else {
            guard let only = all.first else {
                throw Failure("there is no organisation yet: name one with --new-organisation")
            }
            guard all.count == 1 else {
                throw UsageError(
                    "--organisation SLUG is missing: " + all.map(\.slug).joined(separator: ", "))
            }
            return only
        }
        guard let named = all.first(where: { $0.slug == slug }) else {
            throw Failure("there is no organisation \(slug)")
        }
        return named
    }
}
