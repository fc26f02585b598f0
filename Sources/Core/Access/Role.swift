import Basics
import Database

/// What a person is in one organisation.
public enum Role: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
    case owner, agent, accountant

    public var label: Text {
        switch self {
        case .owner: Text("Propriétaire", "Owner")
        case .agent: Text("Gestionnaire", "Agent")
        case .accountant: Text("Comptable", "Accountant")
        }
    }

    public var explanation: Text {
        switch self {
        case .owner:
            Text("Tout, y compris les réglages et les collègues.", "Everything, settings included.")
        case .agent:
            Text(
                "Clients, catalogue, devis, commandes, factures et paiements.",
                "Clients, catalogue, quotes, orders, invoices and payments.")
        case .accountant:
            Text(
                "Lit tout, enregistre les paiements, exporte.",
                "Reads everything, records payments, exports.")
        }
    }

    public func allows(_ permission: Permission) -> Bool { permission.roles.contains(self) }
}

/// What a route asks for. This table is the whole of authorisation.
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
    case manageOrganisation, manageColleagues
    /// The tables as they are in the database, without secrets.
    case browseData
    /// One's own page: name, language, password.
    case manageSelf

    public var roles: Set<Role> {
        switch self {
        case .readClients, .readCatalogue, .readQuotes, .readOrders, .readInvoices, .readPayments,
            .readPurchases, .readMails, .readImports, .readJournal, .manageSelf, .writePayments:
            [.owner, .agent, .accountant]
        case .writeClients, .writeCatalogue, .writeQuotes, .writeOrders, .writeInvoices,
            .issueInvoices, .writePurchases, .sendMails, .writeImports:
            [.owner, .agent]
        case .readBooks, .closePeriods:
            [.owner, .accountant]
        case .manageOrganisation, .manageColleagues, .browseData:
            [.owner]
        }
    }
}
