import Basics
import Markup

/// What a page says; the shell around it is the same everywhere.
public struct Page: Sendable {
    public enum Frame: String, Sendable {
        /// In the shell, as wide as the window allows.
        case wide = "page"
        /// In the shell, 960 pixels for reading and forms.
        case narrow = "page narrow"
        /// In the shell, with a bar of actions at the bottom.
        case edit = "page edit"
        /// Without the shell: sign-in, set-up.
        case plain
    }

    public var title: String
    public var section: Section?
    /// Where this page stands, from the section's list down; the page itself is not in it.
    public var path: [(title: String, address: String)]
    public var frame: Frame
    public var body: HTML
    /// After so many seconds the browser asks again, for a page that shows something under way.
    public var refreshSeconds: Int?

    public init(
        title: String, section: Section? = nil, path: [(title: String, address: String)] = [],
        frame: Frame = .wide, body: HTML
    ) {
        self.title = title
        self.section = section
        self.path = path
        self.frame = frame
        self.body = body
    }
}

/// The entries of the navigation: only what works.
public enum Section: String, Sendable, CaseIterable {
    case home, clients, quotes, orders, invoices, recurringInvoices, payments, receivables
    case catalogue, receivedInvoices, suppliers, mails, journal
    case statistics, books, imports, settings, administration
    case myDay, myDocuments

    public var label: Text {
        switch self {
        case .home: Text("Accueil", "Home")
        case .clients: Text("Clients", "Clients")
        case .quotes: Text("Devis", "Quotes")
        case .orders: Text("Commandes", "Orders")
        case .invoices: Text("Factures", "Invoices")
        case .recurringInvoices: Text("Abonnements", "Recurring invoices")
        case .payments: Text("Paiements", "Payments")
        case .receivables: Text("Créances", "Receivables")
        case .catalogue: Text("Catalogue", "Catalogue")
        case .receivedInvoices: Text("Factures reçues", "Received invoices")
        case .suppliers: Text("Fournisseurs", "Suppliers")
        case .mails: Text("Courriels", "Mail")
        case .statistics: Text("Chiffres", "Statistics")
        case .books: Text("Comptabilité", "Books")
        case .journal: Text("Journal", "Journal")
        case .imports: Text("Imports", "Imports")
        case .settings: Text("Réglages", "Settings")
        case .myDay: Text("Ma journée", "My day")
        case .myDocuments: Text("Mes documents", "My documents")
        case .administration: Text("Administration", "Administration")
        }
    }

    public var address: String {
        switch self {
        case .home: "/"
        case .catalogue: "/items"
        case .recurringInvoices: "/recurring-invoices"
        case .receivedInvoices: "/received-invoices"
        case .settings: "/settings/company"
        case .myDay: "/my-day"
        case .myDocuments: "/my-documents"
        default: "/" + rawValue
        }
    }

    var permission: Permission {
        switch self {
        case .home: .manageSelf
        case .clients: .readClients
        case .quotes: .readQuotes
        case .orders: .readOrders
        case .invoices, .recurringInvoices: .readInvoices
        case .payments: .readPayments
        case .receivables: .readPayments
        case .catalogue: .readCatalogue
        case .receivedInvoices, .suppliers: .readPurchases
        case .mails: .readMails
        case .statistics: .readInvoices
        case .books: .readBooks
        case .journal: .readJournal
        case .imports: .readImports
        case .settings, .administration: .manageOrganisation
        case .myDay: .readOwnDay
        case .myDocuments: .readOwnDocuments
        }
    }

    var icon: StaticString {
        switch self {
        case .home: "house"
        case .clients: "users"
        case .quotes: "file-text"
        case .orders: "shopping-cart"
        case .invoices: "receipt-euro"
        case .recurringInvoices: "repeat"
        case .payments: "credit-card"
        case .receivables: "clock-alert"
        case .catalogue: "package"
        case .receivedInvoices: "inbox"
        case .suppliers: "truck"
        case .mails: "mail"
        case .statistics: "chart-column"
        case .books: "book-open"
        case .journal: "history"
        case .imports: "upload"
        case .settings: "settings"
        case .myDay: "calendar-days"
        case .myDocuments: "file-text"
        case .administration: "activity"
        }
    }

    /// The groups of the navigation, the first without a title.
    static let groups: [(title: Text?, sections: [Section])] = [
        (nil, [.home, .myDay, .myDocuments]),
        (
            Text("Ventes", "Sales"),
            [
                .clients, .quotes, .orders, .invoices, .recurringInvoices, .payments, .receivables,
                .catalogue,
            ]
        ),
        (Text("Achats", "Purchases"), [.receivedInvoices, .suppliers]),
        (Text("Suivi", "Follow-up"), [.statistics, .books, .mails, .journal]),
        (Text("Organisation", "Organisation"), [.imports, .settings, .administration]),
    ]
    /// Under the thumb, on phones.
    static let onPhones: [Section] = [
        .home, .clients, .orders, .invoices, .myDay, .myDocuments,
    ]
    /// Where those start who have no other place.
    static let onlyPlaces: [Section] = [.myDocuments, .myDay]
}

extension Request {
    /// Whether a section stands in the navigation of whoever asks.
    func shows(_ section: Section) -> Bool {
        guard may(section.permission), offers(section.address) else { return false }
        switch section {
        case .home: return !Section.onlyPlaces.contains(where: shows)
        // Whoever sees all orders starts from there.
        case .myDay: return !may(.readOrders)
        default: return true
        }
    }
}
