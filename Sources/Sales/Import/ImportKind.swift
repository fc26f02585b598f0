import Basics
import Core
import Database

/// What a file brings in.
public enum ImportKind: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
    case clients, items, invoices, contacts
    /// History, from the command line only: see `SalesImport`.
    case sales

    /// Those that a person chooses from.
    static let offered: [ImportKind] = [.clients, .items, .invoices, .contacts]

    public var label: Text {
        switch self {
        case .clients: Text("Clients", "Clients")
        case .items: Text("Catalogue", "Catalogue")
        case .invoices: Text("Factures à encaisser", "Open invoices")
        case .contacts: Text("Contacts (vCard)", "Contacts (vCard)")
        case .sales: Text("Historique des ventes", "Sales history")
        }
    }

    var explanation: Text {
        switch self {
        case .clients:
            Text(
                "Un fichier CSV, une ligne par client. Reconnus par leur code, leur SIREN ou leur e-mail.",
                "A CSV file, a line for each client. Recognised by code, SIREN or e-mail.")
        case .items:
            Text(
                "Un fichier CSV, une ligne par article. Reconnus par leur référence.",
                "A CSV file, a line for each item. Recognised by reference.")
        case .invoices:
            Text(
                "Un fichier CSV des factures de l’ancien logiciel. Ce qui reste dû devient un solde de "
                    + "départ, sous son numéro. Importez les clients d’abord.",
                "A CSV file of the older program’s invoices. What is still due becomes an opening "
                    + "balance under its number. Import the clients first.")
        case .contacts:
            Text(
                "Un carnet d’adresses VCF. Chaque fiche devient un contact de sa société.",
                "An address book in VCF. Each card becomes a contact of its company.")
        case .sales: Text("", "")
        }
    }

    /// The noun that counts its lines.
    var lines: (one: Text, many: Text) {
        self == .contacts
            ? (Text("fiche", "card"), Text("fiches", "cards"))
            : (Text("ligne", "line"), Text("lignes", "lines"))
    }

    var icon: StaticString {
        switch self {
        case .clients: "users"
        case .items: "package"
        case .invoices: "receipt-euro"
        case .contacts: "user-plus"
        case .sales: "chart-column"
        }
    }

    /// The end of the names of its files.
    var suffix: String { self == .contacts ? "vcf" : "csv" }
}

/// What an import may take on.
public enum ImportLimits {
    /// Of a file, in bytes.
    public static let fileBytes = 50 * 1_048_576
    /// Of a file, headings not counted.
    public static let lines = 200_000
    public static let columns = 200
    /// A file is kept in pieces of this size.
    static let pieceBytes = 1_048_576
    /// Of the beginning of a file, by which its separator is found.
    static let startBytes = 64 * 1024
    /// Lines that the mapping page and the preview show.
    static let shownLines = 10
    /// Characters that they show of one value.
    static let shownCharacters = 80
    /// Mappings that an organisation keeps of one kind.
    static let savedMappings = 50
    /// Lines written by one statement.
    static let linesAtOnce = 5000
    /// Lines between two notes of how far it has come.
    static let progressLines = 2000
}
