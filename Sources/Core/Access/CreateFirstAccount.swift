import Basics
import Database

extension Connection {
    func hasUsers() throws -> Bool {
        try value("SELECT EXISTS (SELECT FROM users)") ?? true
    }

    /// The first organisation with its owner, signed in; nil when there is an account already.
    func createFirstAccount(
        _ draft: FirstAccountDraft, passwordHash: String, from place: SessionOrigin,
        at now: Instant
    ) throws -> String? {
        let organisation: Organisation.ID = ID(UniqueID.make(at: now))
        let user: User.ID = ID(UniqueID.make(at: now))
        let settings = [
            ("app.organisation", organisation.description), ("app.user", user.description),
            ("app.user_name", draft.name), ("app.now", now.rfc3339),
        ]
        return try transaction(settings: settings) { connection in
            // Two people with the code at the same moment: the second waits here, and then finds a user.
            try connection.run("SELECT pg_advisory_xact_lock(\(Connection.firstAccountLock))")
            guard try !connection.hasUsers() else { return nil }
            try connection.createOrganisation(
                id: organisation, slug: Organisation.slug(for: draft.organisationName),
                name: draft.organisationName, language: draft.language)
            try connection.createUser(
                id: user, email: draft.email, name: draft.name, passwordHash: passwordHash,
                language: draft.language)
            try connection.addMembership(user, to: organisation, as: .owner)
            let token = try connection.startSession(
                user: user, organisation: organisation, from: place, at: now)
            if let session = try connection.session(token: token, at: now) {
                let scope = Scope(
                    organisation: session.organisation, user: session.user, role: .owner,
                    address: place.address)
                let transaction = Transaction(connection, scope, now: now)
                try transaction.record(
                    .organisationCreated, .organisation, organisation.value,
                    label: draft.organisationName)
                try transaction.noteOrigin(place.origin)
            }
            return token
        }
    }

    /// Any number that other advisory locks in the database do not use: "welcome" in ASCII.
    private static let firstAccountLock = 0x77_656C_636F_6D65
}

extension Organisation {
    private static let longestSlug = 63

    /// The short name that a name suggests: `alta-vista-drones`.
    public static func slug(for name: String) -> String {
        let letters = PlainText.folded(name).unicodeScalars.map { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
                ? Character(scalar) : "-"
        }
        let words = String(letters).split(separator: "-").joined(separator: "-")
        var slug = String(words.prefix(longestSlug))
        while slug.hasSuffix("-") { slug.removeLast() }
        return slug.isEmpty ? "organisation" : slug
    }

    /// Whether a text may be a short name.
    public static func isSlug(_ text: String) -> Bool {
        let allowed = text.utf8.allSatisfy {
            (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-")
        }
        return allowed && (1...longestSlug).contains(text.utf8.count) && !text.hasPrefix("-")
    }
}
