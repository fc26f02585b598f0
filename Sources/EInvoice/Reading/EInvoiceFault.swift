/// Why a file could not be read as an invoice at all.
public enum EInvoiceFault: Error, Sendable, Hashable {
    /// The file is larger than `XMLReader.maximumBytes`.
    case tooLarge
    case empty
    /// Not XML, or damaged, at a line; the parser's own words.
    case notXML(line: Int, reason: String)
    /// It declares a document type, which invoices never do and attacks often.
    case documentType
    /// Deeper, or with more elements, than any invoice.
    case tooDeep, tooManyElements
    /// In an encoding that is not known, or other than it says.
    case encoding
    /// XML, but neither a Cross Industry Invoice nor a UBL invoice or credit note.
    case notAnInvoice(root: String)
    /// A number, such as a price, that is none.
    case notANumber(element: String, text: String)

    public var message: Bilingual {
        switch self {
        case .tooLarge:
            Bilingual(
                "Le fichier est trop gros pour une facture (\(XMLReader.maximumBytes / 1_000_000) Mo au plus).",
                "The file is too large for an invoice (\(XMLReader.maximumBytes / 1_000_000) MB at most)."
            )
        case .empty: Bilingual("Le fichier est vide.", "The file is empty.")
        case .notXML(let line, let reason):
            Bilingual(
                "Ce n’est pas du XML lisible, ligne \(line) : \(reason).",
                "This is not readable XML, line \(line): \(reason).")
        case .documentType:
            Bilingual(
                "Le XML déclare un type de document (DOCTYPE), ce qu’une facture n’a pas le droit de faire.",
                "The XML declares a document type (DOCTYPE), which an invoice may not do.")
        case .tooDeep, .tooManyElements:
            Bilingual(
                "Le XML n’a pas la forme d’une facture : trop d’éléments les uns dans les autres ou en tout.",
                "The XML is not shaped like an invoice: too many elements, nested or in all.")
        case .encoding:
            Bilingual(
                "L’encodage du XML est inconnu ou n’est pas celui qui est annoncé.",
                "The encoding of the XML is unknown, or is not what it claims to be.")
        case .notAnInvoice(let root):
            Bilingual(
                "Ce XML n’est pas une facture CII ou UBL : sa racine est \(root).",
                "This XML is no CII or UBL invoice: its root is \(root).")
        case .notANumber(let element, let text):
            Bilingual(
                "\(element) doit être un nombre, pas « \(text) ».",
                "\(element) must be a number, not “\(text)”.")
        }
    }
}
