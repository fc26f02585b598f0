import Basics
import Database

/// Why a request was not carried out. One type, turned once into a page, JSON (RFC 9457) or exit code.
public enum Problem: Error, Sendable, Equatable {
    /// No such record here, or one of another organisation: nobody learns which.
    case notFound
    /// Signed in, but the role does not allow it.
    case forbidden
    /// Nobody is signed in.
    case signInRequired
    /// Fields that are missing or wrong. Nothing was changed.
    case invalid([FieldProblem])
    /// Right in itself, but not in the record's present state.
    case conflict(Text)
    case tooLarge(Text)
    /// What was sent is no form.
    case unsupported(Text)
    case tooManyAttempts(retryAfterSeconds: Int)
    /// Something that Comptoir needs is away; trying again later helps.
    case unavailable
    /// The disk that holds the records is full: somebody has to make room.
    case storageFull
    /// A request that no page of ours makes.
    case badRequest(Text)

    public static func invalid(_ field: String, _ message: Text) -> Problem {
        .invalid([FieldProblem(field, message)])
    }

    public var status: Int {
        switch self {
        case .notFound: 404
        case .forbidden: 403
        case .signInRequired: 401
        case .invalid: 422
        case .conflict: 409
        case .tooLarge: 413
        case .unsupported: 415
        case .tooManyAttempts: 429
        case .unavailable, .storageFull: 503
        case .badRequest: 400
        }
    }

    public var title: Text {
        switch self {
        case .notFound: Text("Page introuvable", "Page not found")
        case .forbidden: Text("Accès refusé", "Access denied")
        case .signInRequired: Text("Connexion nécessaire", "Sign-in required")
        case .invalid: Text("Des champs sont à corriger", "Some fields need correction")
        case .conflict: Text("Action impossible dans cet état", "Not possible in this state")
        case .tooLarge: Text("Envoi trop volumineux", "Too much data")
        case .unsupported: Text("Format non reconnu", "Unknown format")
        case .tooManyAttempts: Text("Trop de tentatives", "Too many attempts")
        case .unavailable: Text("Service momentanément indisponible", "Temporarily unavailable")
        case .storageFull: Text("Disque du serveur plein", "Disk of the server full")
        case .badRequest: Text("Demande incorrecte", "Bad request")
        }
    }

    public var detail: Text {
        switch self {
        case .notFound:
            Text(
                "Cette page n’existe pas ou n’existe plus.",
                "This page does not exist, or no longer does.")
        case .forbidden:
            Text(
                "Votre rôle ne permet pas cette action. Demandez à la personne propriétaire du compte.",
                "Your role does not allow this. Ask the owner of the account.")
        case .signInRequired: Text("Connectez-vous pour continuer.", "Sign in to continue.")
        case .invalid(let problems): problems.first?.message ?? Text("", "")
        case .conflict(let text), .tooLarge(let text), .unsupported(let text),
            .badRequest(let text):
            text
        case .tooManyAttempts(let seconds):
            Text(
                "Réessayez dans \(max(1, seconds / 60)) min.",
                "Try again in \(max(1, seconds / 60)) min.")
        case .unavailable:
            Text(
                "La base de données ne répond pas. Rien n’est perdu : réessayez dans un instant.",
                "The database does not answer. Nothing is lost: try again in a moment.")
        case .storageFull:
            Text(
                "Le disque du serveur est plein : ceci n’a pas été enregistré, ce qui l’était n’est pas perdu. "
                    + "Prévenez la personne qui s’en occupe, puis recommencez.",
                "The disk of the server is full: this was not saved, what was saved is not lost. "
                    + "Tell whoever looks after it, then try again.")
        }
    }
}

/// What is wrong with one field, by the name it has in the form and in the API.
public struct FieldProblem: Sendable, Hashable {
    public var field: String
    public var message: Text
    public init(_ field: String, _ message: Text) {
        self.field = field
        self.message = message
    }
}

extension Problem {
    /// A refusal by the database, as a person would want to read it. Nil when it is a fault of ours.
    public init?(_ error: DatabaseError) {
        switch error.kind {
        case .unavailable: self = error.isOfAFullDisk ? .storageFull : .unavailable
        case .serialization, .deadlock, .timeout:
            self = .conflict(
                Text(
                    "Quelqu’un modifie la même chose en ce moment. Réessayez.",
                    "Someone is changing the same thing right now. Try again."))
        case .constraint, .raised, .other:
            // Triggers name a constraint too: what they refuse is a refusal like any other.
            guard let name = error.constraintName, let known = ConstraintProblems.known[name] else {
                return nil
            }
            self = known
        case .insufficientPrivilege: return nil
        }
    }
}

/// The constraints that a person can run into, and what to tell them. Named as in the migrations.
enum ConstraintProblems {
    private static let closedPeriod = Text(
        "Cette date est dans une période clôturée : choisissez un jour qui la suit.",
        "This day is in a closed period: choose one after it.")

    static let known: [String: Problem] = [
        "users_email_unique": .invalid(
            "email", Text("Cette adresse a déjà un compte.", "This address already has an account.")
        ),
        "invitations_email_unique": .invalid(
            "email",
            Text("Cette adresse est déjà invitée.", "This address is invited already.")),
        "passkeys_credential_unique": .conflict(
            Text("Cette clé d’accès est déjà ajoutée.", "This passkey is already added.")),
        "custom_roles_name_unique": .invalid(
            "name", Text("Un autre rôle porte ce nom.", "Another role has this name.")),
        "organisations_slug_unique": .invalid(
            "slug", Text("Ce nom court est déjà pris.", "This short name is taken.")),
        "clients_number_unique": .invalid(
            "number", Text("Un autre client porte ce numéro.", "Another client has this number.")),
        "suppliers_siren_unique": .invalid(
            "siren",
            Text("Un autre fournisseur a ce SIREN.", "Another supplier has this SIREN.")),
        "suppliers_vat_number_unique": .invalid(
            "vat_number",
            Text(
                "Un autre fournisseur a ce numéro de TVA.", "Another supplier has this VAT number.")
        ),
        "items_reference_unique": .invalid(
            "reference",
            Text("Cette référence est déjà au catalogue.", "This reference is already used.")),
        "quotes_number_unique": .invalid(
            "number", Text("Ce numéro de devis est déjà pris.", "This quote number is taken.")),
        "orders_number_unique": .invalid(
            "number", Text("Ce numéro de commande est déjà pris.", "This order number is taken.")),
        "invoices_number_unique": .invalid(
            "number", Text("Ce numéro de facture est déjà pris.", "This invoice number is taken.")),
        "quotes_valid_until_check": .invalid(
            "valid_until",
            Text(
                "La fin de validité ne peut pas précéder la date du devis.",
                "The quote cannot expire before its own date.")),
        "invoices_due_on_check": .invalid(
            "due_on",
            Text(
                "L’échéance ne peut pas précéder la date de facture.",
                "The due date cannot precede the invoice date.")),
        "orders_quote_unique": .conflict(
            Text("Ce devis est déjà devenu une commande.", "This quote already became an order.")),
        "order_lines_invoiced_check": .conflict(
            Text(
                "Une ligne de commande serait facturée deux fois, ou réduite sous ce qui est déjà facturé.",
                "An order line would be invoiced twice, or cut below what is already invoiced.")),
        "invoices_are_kept": .conflict(
            Text(
                "Cette facture est émise : elle ne se modifie plus. Faites un avoir.",
                "This invoice is issued and cannot change. Make a credit note.")),
        "invoices_credited_check": .conflict(
            Text(
                "Les avoirs dépasseraient le montant de la facture.",
                "The credit notes would exceed the invoice.")),
        "deposit_rows_deducted_check": .conflict(
            Text(
                "Cet acompte est déjà déduit d’une facture : faites d’abord un avoir sur celle-ci.",
                "This deposit is already deducted from an invoice: credit that invoice first.")),
        "deposit_requests_invoiced_check": .conflict(
            Text(
                "C’est plus que l’acompte demandé.", "This is more than the deposit asked for.")),
        "payments_are_kept": .conflict(
            Text(
                "Ce paiement est enregistré : annulez-le plutôt que de le modifier.",
                "This payment is recorded: undo it rather than change it.")),
        "invoices_settled_check": .conflict(
            Text(
                "C’est plus que ce qui reste à payer sur la facture.",
                "This is more than what is left to pay on the invoice.")),
        "invoices_period_is_open": .invalid("day", closedPeriod),
        "payments_period_is_open": .invalid("day", closedPeriod),
        "period_closings_once": .invalid(
            "starts_on",
            Text("Cette période est déjà clôturée.", "This period is already closed.")),
        "payments_allocated_check": .conflict(
            Text(
                "C’est plus que ce qui reste de ce paiement.",
                "This is more than what is left of the payment.")),
        "payments_reversed_once": .conflict(
            Text("Ce paiement est déjà annulé.", "This payment is already undone.")),
        "organisations_currency_is_kept": .invalid(
            "currency",
            Text(
                "Des documents existent : la devise ne change plus.",
                "Documents exist: the currency cannot change any more.")),
        "logos_content_check": .tooLarge(
            Text("Le logo ne doit pas dépasser 1 Mo.", "The logo must not exceed 1 MB.")),
    ]
}
