import Basics
import Database
import WebClient

/// Where an organisation keeps the accounts of its people: a provider of OpenID Connect.
struct IdentityProvider: Record, Sendable {
    var issuer: String
    var clientID: String
    var sealedSecret: [UInt8]
    var isActive: Bool
    /// Whether addresses count that the provider does not call verified.
    var trustsAddresses: Bool
    var version: Int

    init(row: Row) throws {
        issuer = try row["issuer"]
        clientID = try row["client_id"]
        sealedSecret = try row["client_secret"]
        isActive = try row["is_active"]
        trustsAddresses = try row["trusts_addresses"]
        version = try row["version"]
    }

    /// What the sealed secret is bound to: in another organisation's row it opens nothing.
    static func place(_ organisation: Organisation.ID) -> [UInt8] {
        Array("identity provider:\(organisation)".utf8)
    }

    var formValues: [String: String] {
        [
            "issuer": issuer, "client_id": clientID, "is_active": isActive ? "on" : "",
            "trusts_addresses": trustsAddresses ? "on" : "",
            "version": String(version),
        ]
    }
}

/// The form of the provider.
struct IdentityProviderDraft: Sendable {
    private static let longestSecret = 1000

    var issuer: String
    var clientID: String
    /// Empty: the one that is kept.
    var secret: String
    var isActive: Bool
    var trustsAddresses: Bool

    /// A secret goes to the provider and client that it was given for, and to no other.
    init(_ input: inout Input, _ request: Request, _ before: IdentityProvider?) {
        issuer = input.line("issuer", required: true, most: WebAddress.maximumLength)
        clientID = input.line("client_id", required: true, most: 255)
        isActive = input.flag("is_active")
        trustsAddresses = input.flag("trusts_addresses")
        // As it was typed: spaces belong to a secret.
        secret = input.typed["client_secret"] ?? ""
        if secret.isEmpty, before?.issuer != issuer || before?.clientID != clientID {
            input.refuse("client_secret", Input.missing)
        }
        if secret.utf8.count > Self.longestSecret {
            input.refuse(
                "client_secret", Text("Ce secret est trop long.", "This secret is too long."))
        }
        guard !issuer.isEmpty else { return }
        guard let address = WebAddress(issuer), !issuer.contains("?"),
            request.application.webClient.allows(address)
        else {
            input.refuse(
                "issuer",
                Text(
                    "Adresse attendue, comme https://login.exemple.fr, telle que le fournisseur l’écrit.",
                    "An address such as https://login.example.com, as the provider writes it."))
            return
        }
    }
}

extension Transaction {
    func identityProvider(locked: Bool = false) throws -> IdentityProvider? {
        try first(
            """
            SELECT issuer, client_id, client_secret, is_active, trusts_addresses, version
            FROM identity_providers
            WHERE organisation_id = \(organisation) \(locked ? "FOR UPDATE" : .empty)
            """)
    }

    func saveIdentityProvider(_ draft: IdentityProviderDraft, version: Int?, _ keys: KeyRing)
        throws
    {
        let before = try identityProvider(locked: true)
        guard before == nil || version == nil || version == before?.version else {
            throw Problem.changedMeanwhile
        }
        let secret =
            draft.secret.isEmpty
            ? before?.sealedSecret ?? []
            : try keys.seal(Array(draft.secret.utf8), for: IdentityProvider.place(organisation))
        try run(
            """
            INSERT INTO identity_providers (organisation_id, issuer, client_id, client_secret, is_active,
                trusts_addresses)
            VALUES (\(organisation), \(draft.issuer), \(draft.clientID), \(secret),
                \(draft.isActive), \(draft.trustsAddresses))
            ON CONFLICT (organisation_id) DO UPDATE SET issuer = excluded.issuer,
                client_id = excluded.client_id, client_secret = excluded.client_secret,
                is_active = excluded.is_active, trusts_addresses = excluded.trusts_addresses,
                version = identity_providers.version + 1
            """)
        try record(
            .identityProviderChanged, .organisation, organisation.value, label: draft.issuer,
            details: [
                "note": .string(
                    draft.isActive ? "" : scope.organisation.language("Désactivé", "Off"))
            ])
    }

    /// The person of this organisation whom the provider means: the one noted before, or, the first time, the
    /// one with the address that it has verified.
    func person(_ identity: ExternalIdentity) throws -> User.ID? {
        let known: User.ID? = try value(
            """
            SELECT e.user_id FROM external_identities e
            JOIN memberships m ON m.organisation_id = \(organisation) AND m.user_id = e.user_id
            WHERE e.organisation_id = \(organisation) AND e.issuer = \(identity.issuer)
                AND e.subject = \(identity.subject) AND m.archived_at IS NULL
            """)
        if let known { return known }
        guard let email = identity.email else { return nil }
        let user: User.ID? = try value(
            """
            SELECT u.id FROM users u
            JOIN memberships m ON m.organisation_id = \(organisation) AND m.user_id = u.id
            WHERE u.email = \(email) AND m.archived_at IS NULL
                AND NOT EXISTS (SELECT FROM external_identities e
                    WHERE e.organisation_id = \(organisation) AND e.issuer = \(identity.issuer)
                        AND e.user_id = u.id AND e.subject <> \(identity.subject))
            """)
        guard let user else { return nil }
        // The same person with another account here: the one before has no access any more.
        try run(
            """
            INSERT INTO external_identities (organisation_id, issuer, subject, user_id, created_at)
            VALUES (\(organisation), \(identity.issuer), \(identity.subject), \(user), \(now))
            ON CONFLICT (organisation_id, issuer, subject) DO UPDATE SET user_id = excluded.user_id
            """)
        return user
    }
}

extension Action {
    static let identityProviderChanged = Action(
        "organisation.identity_provider_changed",
        Text(
            "a réglé la connexion par le compte de l’entreprise :",
            "set up sign-in by company account:"),
        icon: "key-round", severity: .high)
}

extension CompanySignIn {
    public static let sealedColumns = [
        SealedColumn(
            "identity_providers.client_secret",
            select: {
                """
                SELECT organisation_id::text AS key, client_secret AS sealed FROM identity_providers
                WHERE organisation_id = \($0)
                """
            },
            place: { organisation, _ in IdentityProvider.place(organisation) },
            update: { organisation, _, before, after in
                """
                UPDATE identity_providers SET client_secret = \(after)
                WHERE organisation_id = \(organisation) AND client_secret = \(before)
                """
            })
    ]
}
