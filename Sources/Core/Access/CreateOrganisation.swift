import Basics
import Database

// Before an organisation has anyone in it, nobody can act for it: these verbs are for the first start,
// the command line and the demonstration, on a plain connection.

extension Connection {
    /// A new organisation with the name and short name given; the rest is filled in by the set-up.
    public func createOrganisation(
        id: Organisation.ID, slug: String, name: String, currency: Currency = .euro,
        language: Language = .french, timeZone: String = "Europe/Paris", country: String = "FR"
    ) throws {
        try run(
            """
            INSERT INTO organisations
                (id, slug, name, currency, language, time_zone, country, late_penalty,
                    discount_terms)
            VALUES (\(id), \(slug), \(name), \(currency), \(language), \(timeZone), \(country),
                \(LegalTexts.latePenalty(language)), \(LegalTexts.discountTerms(language)))
            """)
    }

    /// A person who may sign in. `passwordHash` comes from `PasswordHasher`.
    public func createUser(
        id: User.ID, email: String, name: String, passwordHash: String,
        language: Language = .french
    ) throws {
        try run(
            """
            INSERT INTO users (id, email, name, password_hash, language)
            VALUES (\(id), \(email), \(name), \(passwordHash), \(language))
            """)
    }

    public func addMembership(
        _ user: User.ID, to organisation: Organisation.ID, as role: Role, client: UniqueID? = nil
    ) throws {
        try run(
            """
            INSERT INTO memberships (organisation_id, user_id, role, custom_role_id, client_id)
            VALUES (\(organisation), \(user), \(role.kind), \(role.customID), \(client))
            ON CONFLICT (organisation_id, user_id)
            DO UPDATE SET role = excluded.role, custom_role_id = excluded.custom_role_id,
                client_id = excluded.client_id, archived_at = NULL
            """)
        // A link that was made while the account opened one organisation must not open the next one.
        try run("DELETE FROM password_resets WHERE user_id = \(user)")
    }

    public func organisation(slug: String) throws -> Organisation? {
        try first("SELECT \(Organisation.columns) FROM organisations o WHERE o.slug = \(slug)")
    }

    public func organisation(_ id: Organisation.ID) throws -> Organisation? {
        try first("SELECT \(Organisation.columns) FROM organisations o WHERE o.id = \(id)")
    }
}

/// Sentences that the law asks for on invoices, as they stand until an organisation writes its own.
public enum LegalTexts {
    /// Commercial code, L441-10: at least three times the legal interest rate.
    public static func latePenalty(_ language: Language) -> String {
        language(
            "En cas de retard de paiement, pénalités au taux de trois fois l’intérêt légal "
                + "(article L441-10 du Code de commerce).",
            "Late payment: penalties at three times the French legal interest rate "
                + "(article L441-10 of the Commercial Code).")
    }
    /// Commercial code, D441-5: 40 €, between professionals.
    public static func recoveryIndemnity(_ language: Language) -> String {
        language(
            "Indemnité forfaitaire pour frais de recouvrement : 40 € (article D441-5 du Code de commerce).",
            "Fixed compensation for recovery costs: €40 (article D441-5 of the Commercial Code).")
    }
    public static func discountTerms(_ language: Language) -> String {
        language("Pas d’escompte pour paiement anticipé.", "No discount for early payment.")
    }
    /// General tax code, 293 B: small businesses that charge no VAT.
    public static let franchise = "TVA non applicable, art. 293 B du CGI"
    /// General tax code, 283: the buyer owes the tax.
    public static let reverseCharge = "Autoliquidation"
    public static let vatOnDebits = "Option pour le paiement de la taxe d’après les débits"
}
