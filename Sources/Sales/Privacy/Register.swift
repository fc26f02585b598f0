import Basics
import Core
import Database

/// Everything that is held of people: the register is printed from this list, a person's data are collected
/// by it, and a test fails when a table with names stands in none of its lines.
enum Register {
    static let all: [Processing] = [
        clients, sales, accounting, mails, access, consents, purchases, team, security, files,
        programs,
    ]

    static let tables = all.flatMap(\.tables)

    private static let nobody = Text(
        "Personnes de l’organisation, selon leur rôle", "People of the organisation, by their role")

    private static let clients = Processing(
        id: "clients", title: Text("Clients et prospects", "Clients and prospects"),
        purpose: Text(
            "Connaître et joindre les clients, préparer et suivre leurs affaires.",
            "Know and reach clients, prepare and follow their business."),
        basis: .contract,
        people: Text("Clients, prospects, leurs contacts", "Clients, prospects, their contacts"),
        data: Text(
            "Nom, adresses, e-mail, téléphone, fonction, identifiants d’entreprise, étiquettes, notes",
            "Name, addresses, e-mail, phone, position, company numbers, tags, notes"),
        recipients: nobody, term: .setting([.prospects, .clients]),
        tables: [
            PersonalTable("clients", Text("Fiche", "Record"), without: ["sort_name"]) {
                "t.id = \($0.client.id)"
            },
            .ofClient("contacts", Text("Contacts", "Contacts")),
            .ofClient("addresses", Text("Adresses", "Addresses")),
            PersonalTable("person_keys", Text("Clé des notes", "Key of the notes")),
            .ofClient(
                "retention_due", Text("Terme de conservation atteint", "Term of retention reached")),
            .ofClient("client_revenue", Text("Chiffre d’affaires", "Revenue"), without: ["writer"]),
        ])

    private static let sales = Processing(
        id: "sales", title: Text("Devis, commandes, abonnements", "Quotes, orders, subscriptions"),
        purpose: Text(
            "Proposer, convenir et exécuter des prestations.", "Offer, agree on and do work."),
        basis: .contract, people: Text("Clients et leurs contacts", "Clients and their contacts"),
        data: Text(
            "Objet, lignes, messages, notes, décision et nom de qui a répondu",
            "Subject, lines, messages, notes, decision and name of whoever answered"),
        recipients: nobody, term: .setting([.clients]),
        tables: [
            .ofClient("quotes", Text("Devis", "Quotes"), without: ["created_by"]),
            .ofDocument("quote_lines", "quote_id", Text("Lignes de devis", "Lines of quotes")),
            .ofClient(
                "orders", Text("Commandes", "Orders"), without: ["created_by", "assigned_to"]),
            .ofDocument("order_lines", "order_id", Text("Lignes de commandes", "Lines of orders")),
            .ofClient(
                "recurring_invoices", Text("Abonnements", "Recurring invoices"),
                without: ["created_by"]),
            .ofDocument(
                "recurring_invoice_lines", "recurring_invoice_id",
                Text("Lignes d’abonnements", "Lines of recurring invoices")),
            .ofClient(
                "deposit_requests", Text("Demandes d’acompte", "Deposit requests"),
                without: ["created_by"]),
            PersonalTable(
                "status_changes", Text("Suivi", "History"),
                without: ["changed_by", "changed_by_name"]
            ) { "t.subject_id = ANY (\($0.documents))" },
            .ofDocument(
                "shared_documents", "subject_id", Text("Documents partagés", "Shared documents")),
        ])

    static let accounting = Processing(
        id: "accounting", title: Text("Factures et comptabilité", "Invoices and books"),
        purpose: Text(
            "Facturer, encaisser, tenir la comptabilité, répondre à l’administration.",
            "Invoice, collect, keep the books, answer the authorities."),
        basis: .law, people: Text("Clients", "Clients"),
        data: Text(
            "Nom et adresse au jour de la facture, lignes, montants, paiements",
            "Name and address on the day of the invoice, lines, amounts, payments"),
        recipients: Text(
            "Expert-comptable, plateforme agréée, administration fiscale",
            "Accountant, approved platform, tax authorities"),
        term: .fixed(
            Text(
                "10 ans à compter de la fin de l’exercice (art. L123-22 du code de commerce)",
                "10 years from the end of the year (art. L123-22 of the code de commerce)")),
        tables: [
            .ofClient(
                "invoices", Text("Factures et avoirs", "Invoices and credit notes"),
                without: ["created_by", "issued_by", "seller"]),
            .ofDocument("invoice_lines", "invoice_id", Text("Lignes", "Lines")),
            .ofDocument(
                "kept_documents", "invoice_id", Text("Documents conservés", "Kept documents"),
                without: ["content", "cii"]),
            .ofClient("payments", Text("Paiements", "Payments"), without: ["created_by"]),
            .ofDocument(
                "life_cycle_entries", "invoice_id", Text("Cycle de vie", "Life cycle")),
            PersonalTable("period_closings", Text("Clôtures", "Closings")),
            PersonalTable("invoice_archives", Text("Archives", "Archives")),
        ])

    private static let mails = Processing(
        id: "mails", title: Text("Courriels", "Mails"),
        purpose: Text("Envoyer les documents et les messages.", "Send documents and messages."),
        basis: .contract, people: Text("Destinataires", "Recipients"),
        data: Text(
            "Adresses, sujet, texte, pièce jointe", "Addresses, subject, text, attachment"),
        recipients: Text("Serveur de courrier de l’organisation", "The organisation’s mail server"),
        term: .setting([.mails]),
        tables: [
            .ofClient(
                "mails", Text("Courriels envoyés", "Mails sent"),
                without: ["attachment", "created_by", "job_id"])
        ])

    private static let access = Processing(
        id: "access", title: Text("Accès en ligne des clients", "Online access of clients"),
        purpose: Text(
            "Montrer à un client ses documents.", "Show clients their documents."),
        basis: .contract, people: Text("Clients qui ont un compte", "Clients who have an account"),
        data: Text(
            "Nom, e-mail, mot de passe haché, clés d’accès, connexions",
            "Name, e-mail, hashed password, passkeys, sign-ins"),
        recipients: nobody,
        term: .fixed(
            Text("Jusqu’au retrait de l’accès", "Until the access is taken away")),
        tables: [
            PersonalTable(
                "users", Text("Comptes", "Accounts"), without: ["password_hash", "totp_secret"]
            ) { "t.id = ANY (\($0.users))" },
            PersonalTable(
                "passkeys", Text("Clés d’accès", "Passkeys"),
                without: ["credential_id", "public_key"]
            ) { "t.user_id = ANY (\($0.users))" },
            .ofClient("memberships", Text("Accès", "Access")),
            .ofAccount("sessions", Text("Connexions", "Sign-ins"), without: ["token_hash"]),
            .ofClient("invitations", Text("Invitations", "Invitations"), without: ["token_hash"]),
            .ofAccount("account_mails", Text("Courriels du compte", "Mails of the account")),
            .ofAccount("external_identities", Text("Comptes d’entreprise", "Company accounts")),
        ])

    private static let consents = Processing(
        id: "consents", title: Text("Consentements", "Consents"),
        purpose: Text(
            "Prouver ce que chacun a accepté ou retiré.",
            "Prove what each agreed to or took back."),
        basis: .consent, people: Text("Clients et contacts", "Clients and contacts"),
        data: Text(
            "Finalité, réponse, date, moyen", "Purpose, answer, date, channel"),
        recipients: nobody,
        term: .fixed(
            Text(
                "Comme preuve, sans nom une fois la personne effacée",
                "As a proof, without a name once the person is erased")),
        tables: [
            .ofClient(
                "consents", Text("Consentements", "Consents"),
                without: ["noted_by", "noted_by_name"])
        ])
}
