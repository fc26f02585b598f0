import Basics
import Core
import Database

// What is held of suppliers and of people inside, and by machines.

extension Register {
    static let purchases = Processing(
        id: "purchases",
        title: Text("Fournisseurs et factures reçues", "Suppliers and received invoices"),
        purpose: Text("Vérifier et payer ce qui est acheté.", "Check and pay what is bought."),
        basis: .law, people: Text("Fournisseurs", "Suppliers"),
        data: Text(
            "Nom, adresse, e-mail, compte bancaire, factures",
            "Name, address, e-mail, bank account, invoices"),
        recipients: Text("Expert-comptable, plateforme agréée", "Accountant, approved platform"),
        term: .fixed(
            Text(
                "10 ans à compter de la fin de l’exercice (art. L123-22 du code de commerce)",
                "10 years from the end of the year (art. L123-22 of the code de commerce)")),
        tables: [
            PersonalTable("suppliers", Text("Fournisseurs", "Suppliers")),
            PersonalTable("received_invoices", Text("Factures reçues", "Received invoices")),
            PersonalTable("received_files", Text("Fichiers reçus", "Received files")),
        ])

    static let team = Processing(
        id: "team", title: Text("Collègues", "Colleagues"),
        purpose: Text(
            "Donner accès et savoir qui a fait quoi.", "Give access and know who did what."),
        basis: .contract, people: Text("Personnes de l’organisation", "People of the organisation"),
        data: Text(
            "Nom, e-mail, rôle, mot de passe haché, clés d’accès, connexions",
            "Name, e-mail, role, hashed password, passkeys, sign-ins"),
        recipients: Text("Propriétaires de l’organisation", "Owners of the organisation"),
        term: .fixed(
            Text(
                "Tant que l’accès dure ; le nom reste sur ce qui a été fait",
                "As long as the access lasts; the name stays on what was done")),
        tables: [
            PersonalTable("organisations", Text("Organisation", "Organisation")),
            PersonalTable("access_tokens", Text("Jetons de programmes", "Tokens of programs")),
            PersonalTable("recovery_codes", Text("Codes de secours", "Recovery codes")),
            PersonalTable("password_resets", Text("Liens de mot de passe", "Password links")),
            PersonalTable(
                "passkey_challenges", Text("Demandes de clé d’accès", "Requests for passkeys")),
        ])

    static let security = Processing(
        id: "security", title: Text("Journal et sécurité", "Journal and security"),
        purpose: Text(
            "Prouver ce qui a été fait, reconnaître les abus.", "Prove what was done, notice abuse."
        ),
        basis: .interest,
        people: Text("Tous ceux qui agissent dans le programme", "All who act in the program"),
        data: Text(
            "Nom, action, date, adresse IP, navigateur", "Name, action, date, IP address, browser"),
        recipients: Text("Propriétaires et agents", "Owners and agents"),
        term: .fixed(
            Text(
                "Tant que la comptabilité qu’il prouve ; les noms d’une personne effacée en partent aussitôt",
                "As long as the books that it proves; the names of an erased person leave at once")),
        tables: [
            PersonalTable(
                "journal_entries", Text("Journal", "Journal"),
                without: [
                    "transaction_id", "commitment", "commitment_form", "actor_id", "actor_name",
                    "address", "user_agent",
                ]
            ) { "t.subject_id = ANY (\([$0.client.id.value] + $0.documents + $0.mails))" },
            PersonalTable(
                "journal_details", Text("Détails du journal", "Details of the journal"),
                without: ["salt"]
            ) {
                """
                t.entry_id IN (SELECT e.id FROM journal_entries e
                    WHERE e.organisation_id = \($0.organisation)
                        AND e.subject_id = ANY (\([$0.client.id.value] + $0.documents + $0.mails)))
                """
            },
            PersonalTable(
                "journal_erasures", Text("Effacements du journal", "Erasures of the journal")),
            PersonalTable(
                "erasures", Text("Personnes effacées, par numéro", "Erased people, by id")
            ) {
                "t.client_id = \($0.client.id)"
            },
            PersonalTable(
                "sign_in_failures", Text("Échecs de connexion, hachés", "Failed sign-ins, hashed")),
        ])

    static let files = Processing(
        id: "files", title: Text("Imports", "Imports"),
        purpose: Text(
            "Reprendre des fichiers d’autres programmes.", "Take over files of other programs."),
        basis: .interest,
        people: Text("Clients et contacts des fichiers", "Clients and contacts in the files"),
        data: Text(
            "Lignes refusées, libellés, ce qui a changé", "Refused lines, labels, what changed"),
        recipients: Text("Qui importe", "Whoever imports"), term: .setting([.imports]),
        tables: [
            PersonalTable("imports", Text("Imports", "Imports")),
            PersonalTable("import_pieces", Text("Fichiers en attente", "Waiting files")),
            PersonalTable("import_refusals", Text("Lignes refusées", "Refused lines")),
            PersonalTable("import_records", Text("Importé de", "Imported from")) {
                "t.record_id = ANY (\([$0.client.id.value] + $0.documents))"
            },
            PersonalTable("import_mappings", Text("Correspondances", "Mappings")),
        ])

    static let programs = Processing(
        id: "programs", title: Text("Programmes et recherche", "Programs and search"),
        purpose: Text(
            "Répondre aux programmes de l’organisation, trouver vite.",
            "Answer the organisation’s programs, find quickly."),
        basis: .interest, people: Text("Clients et contacts", "Clients and contacts"),
        data: Text(
            "Copies de réponses, messages envoyés, mots de recherche",
            "Copies of answers, messages sent, search words"),
        recipients: Text(
            "Adresses choisies par l’organisation", "Addresses chosen by the organisation"),
        term: .fixed(
            Text(
                "Réponses : un jour ; messages et travaux : 30 jours ; recherche : comme la fiche",
                "Answers: a day; messages and jobs: 30 days; search: as the record")),
        tables: [
            PersonalTable("webhooks", Text("Webhooks", "Webhooks")),
            PersonalTable(
                "webhook_deliveries", Text("Messages aux programmes", "Messages to programs")),
            PersonalTable("idempotency_keys", Text("Réponses gardées", "Kept answers")),
            PersonalTable("jobs", Text("Travaux", "Jobs")),
            PersonalTable("search_entries", Text("Recherche", "Search")),
            PersonalTable(
                "platform_flows", Text("Échanges avec la plateforme", "Exchanges with the platform")
            ),
        ])
}
