import Basics

/// Why a line of a file was not imported. What stands here cannot stand on an invoice.
public enum ImportRefusal: String, Sendable, CaseIterable {
    case wrongColumns = "wrong_columns"
    case notText = "not_utf8"
    case noDocument = "no_document_number"
    case documentNumberTooLong = "document_number_too_long"
    case accountingEntry = "accounting_entry"
    case badDay = "malformed_date"
    case badQuantity = "malformed_quantity"
    case badPrice = "malformed_price"
    case badClient = "malformed_client"
    case unknownCountry = "unknown_country"
    case tooLong = "text_too_long"
    case tooLarge = "amount_too_large"
    case negativePrice = "negative_price"
    case noDescription = "no_description"
    case zeroQuantity = "zero_quantity"
    case negativeQuantity = "negative_quantity_on_invoice"
    case positiveQuantity = "positive_quantity_on_credit_note"
    /// The lines of one number name several clients, countries or days.
    case linesDisagree = "lines_of_document_disagree"
    /// Another line of the document that bears money was refused: its total would be wrong.
    case incompleteDocument = "document_incomplete"
    /// The number was imported before, with another total.
    case otherContent = "imported_before_with_another_total"

    public var text: Text {
        switch self {
        case .wrongColumns: Text("nombre de colonnes inattendu", "wrong number of columns")
        case .notText: Text("texte illisible (UTF-8 attendu)", "unreadable text (not UTF-8)")
        case .noDocument: Text("sans numéro de document", "no document number")
        case .documentNumberTooLong:
            Text("numéro de document trop long", "document number too long")
        case .accountingEntry:
            Text(
                "écriture comptable, ni facture ni avoir",
                "an entry of the books, neither invoice nor credit note")
        case .badDay: Text("date illisible", "unreadable date")
        case .badQuantity: Text("quantité illisible", "unreadable quantity")
        case .badPrice: Text("prix illisible", "unreadable price")
        case .badClient: Text("numéro de client illisible", "unreadable client number")
        case .unknownCountry: Text("pays inconnu", "unknown country")
        case .tooLong: Text("texte trop long", "text too long")
        case .tooLarge: Text("quantité ou prix trop grand", "quantity or price too large")
        case .negativePrice: Text("prix négatif", "negative price")
        case .noDescription: Text("sans désignation", "no description")
        case .zeroQuantity: Text("quantité nulle", "quantity zero")
        case .negativeQuantity:
            Text("quantité négative sur une facture", "negative quantity on an invoice")
        case .positiveQuantity:
            Text("quantité positive sur un avoir", "positive quantity on a credit note")
        case .linesDisagree:
            Text(
                "les lignes du document nomment plusieurs clients, pays ou jours",
                "the document’s lines name several clients, countries or days")
        case .incompleteDocument:
            Text(
                "une autre ligne du document est refusée : son total serait faux",
                "another line of the document is refused: its total would be wrong")
        case .otherContent:
            Text(
                "numéro déjà importé avec un autre total",
                "number already imported with another total")
        }
    }
}
