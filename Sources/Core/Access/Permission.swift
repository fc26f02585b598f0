import Basics

/// What a route asks for. Which role has which is in `Role`, and that is the whole of authorisation.
public enum Permission: String, Sendable, CaseIterable {
    case readClients, writeClients
    case readCatalogue, writeCatalogue
    case readQuotes, writeQuotes
    case readOrders, writeOrders
    case readInvoices, writeInvoices, issueInvoices
    case readPayments, writePayments
    case readPurchases, writePurchases
    case readMails, sendMails
    case readImports, writeImports
    case readJournal
    case readBooks, closePeriods
    /// Notes that colleagues write for each other, on clients, suppliers, documents and payments.
    case readInternalNotes
    /// Accounts of suppliers.
    case readBankData
    /// The orders that are assigned to oneself.
    case readOwnDay
    /// The quotes and invoices of the client that one is.
    case readOwnDocuments
    case manageOrganisation, manageColleagues
    /// The tables as they are in the database, without secrets.
    case browseData
    /// One's own page: name, language, password.
    case manageSelf

    init?(_ code: String) { self.init(rawValue: code) }

    /// What nobody can do who may not also do this: whoever writes quotes reads them.
    var implied: Set<Permission> {
        switch self {
        case .writeClients: [.readClients]
        case .writeCatalogue: [.readCatalogue]
        case .writeQuotes: [.readQuotes, .readClients, .readCatalogue]
        case .writeOrders: [.readOrders, .readClients, .readCatalogue]
        case .writeInvoices: [.readInvoices, .readClients, .readCatalogue]
        case .issueInvoices: [.writeInvoices, .readInvoices, .readClients, .readCatalogue]
        case .readQuotes, .readOrders, .readInvoices, .readPayments: [.readClients]
        case .writePayments: [.readPayments, .readInvoices, .readClients]
        case .writePurchases: [.readPurchases]
        case .sendMails: [.readMails, .readClients]
        case .readMails: [.readClients]
        case .writeImports: [.readImports, .writeClients, .readClients]
        case .closePeriods: [.readBooks]
        case .manageColleagues: [.manageOrganisation]
        default: []
        }
    }

    /// Whether an organisation may put it into a role of its own.
    var isForCustomRoles: Bool {
        // Whoever sets how people sign in, or who they are, could become anybody.
        ![
            .manageSelf, .readOwnDocuments, .browseData, .manageOrganisation, .manageColleagues,
        ].contains(self)
    }
}

extension Set<Permission> {
    /// With all that these imply, and one's own page.
    var completed: Set<Permission> {
        reduce(into: union([.manageSelf])) { $0.formUnion($1.implied) }
    }
}

extension Permission {
    /// Permissions that stand together on the page of roles.
    enum Area: CaseIterable {
        case sales, money, company, people

        var label: Text {
            switch self {
            case .sales: Text("Clients et ventes", "Clients and sales")
            case .money: Text("Argent et comptabilité", "Money and books")
            case .company: Text("Entreprise", "Company")
            case .people: Text("Pour soi", "For oneself")
            }
        }
        var permissions: [Permission] { Permission.allCases.filter { $0.area == self } }
    }

    var area: Area {
        switch self {
        case .readClients, .writeClients, .readCatalogue, .writeCatalogue, .readQuotes,
            .writeQuotes, .readOrders, .writeOrders, .readMails, .sendMails, .readInternalNotes:
            .sales
        case .readInvoices, .writeInvoices, .issueInvoices, .readPayments, .writePayments,
            .readPurchases, .writePurchases, .readBankData, .readBooks, .closePeriods:
            .money
        case .readImports, .writeImports, .readJournal, .manageOrganisation, .manageColleagues,
            .browseData:
            .company
        case .readOwnDay, .readOwnDocuments, .manageSelf: .people
        }
    }

    var label: Text {
        switch self {
        case .readClients: Text("Voir les clients", "See clients")
        case .writeClients: Text("Modifier les clients", "Change clients")
        case .readCatalogue: Text("Voir le catalogue", "See the catalogue")
        case .writeCatalogue: Text("Modifier le catalogue", "Change the catalogue")
        case .readQuotes: Text("Voir les devis", "See quotes")
        case .writeQuotes: Text("Faire des devis", "Make quotes")
        case .readOrders: Text("Voir les commandes", "See orders")
        case .writeOrders: Text("Faire avancer les commandes", "Work on orders")
        case .readInvoices: Text("Voir les factures", "See invoices")
        case .writeInvoices: Text("Préparer des factures", "Draft invoices")
        case .issueInvoices: Text("Émettre des factures", "Issue invoices")
        case .readPayments: Text("Voir les paiements", "See payments")
        case .writePayments: Text("Enregistrer des paiements", "Record payments")
        case .readPurchases: Text("Voir les factures reçues", "See received invoices")
        case .writePurchases: Text("Traiter les factures reçues", "Handle received invoices")
        case .readMails: Text("Voir les courriels", "See mail")
        case .sendMails: Text("Envoyer des courriels", "Send mail")
        case .readImports: Text("Voir les imports", "See imports")
        case .writeImports: Text("Importer des fichiers", "Import files")
        case .readJournal: Text("Lire le journal", "Read the journal")
        case .readBooks: Text("Voir la comptabilité", "See the books")
        case .closePeriods: Text("Clôturer des périodes", "Close periods")
        case .readInternalNotes: Text("Lire les notes internes", "Read internal notes")
        case .readBankData:
            Text("Voir les coordonnées bancaires", "See bank details")
        case .readOwnDay: Text("Voir sa journée", "See their day")
        case .readOwnDocuments: Text("Voir ses propres documents", "See their own documents")
        case .manageOrganisation: Text("Régler l’organisation", "Manage the organisation")
        case .manageColleagues: Text("Gérer les collègues", "Manage colleagues")
        case .browseData: Text("Voir les tables de données", "See the data tables")
        case .manageSelf: Text("Gérer son compte", "Manage their account")
        }
    }
}
