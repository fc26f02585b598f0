import Basics
import Database

/// Why French law exempts what is sold from VAT (category E, CGI 261 and following), with the code that
/// EN 16931 writes of it (BT-121, the VATEX list).
public enum VATExemption: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
    /// Whatever of article 261 applies; it has no code.
    case general = ""
    case education = "VATEX-EU-132-1I"
    case care = "VATEX-EU-132-1C"
    case professions = "VATEX-FR-CGI261-4"
    case property = "VATEX-FR-CGI261-5"
    case associations = "VATEX-FR-CGI261-7"
    case finance = "VATEX-FR-CGI261C-1"
    case insurance = "VATEX-FR-CGI261C-2"
    case bareLetting = "VATEX-FR-CGI261D-2"
    case furnishedLetting = "VATEX-FR-CGI261D-4"
    case purchasesForExport = "VATEX-FR-CGI275"
    case overseas = "VATEX-FR-CGI295"

    /// Nil without one.
    public var code: String? { rawValue.isEmpty ? nil : rawValue }

    /// The article of the tax code, as an invoice names it.
    public var article: String {
        switch self {
        case .general: "article 261 du CGI"
        case .education: "article 261, 4, 4° du CGI"
        case .care: "article 261, 4, 1° du CGI"
        case .professions: "article 261, 4 du CGI"
        case .property: "article 261, 5 du CGI"
        case .associations: "article 261, 7 du CGI"
        case .finance: "article 261 C, 1° du CGI"
        case .insurance: "article 261 C, 2° du CGI"
        case .bareLetting: "article 261 D, 2° du CGI"
        case .furnishedLetting: "article 261 D, 4° du CGI"
        case .purchasesForExport: "article 275 du CGI"
        case .overseas: "article 295 du CGI"
        }
    }

    public var label: Text {
        let what =
            switch self {
            case .general: Text("Exonération, sans précision", "Exempt, no more is said")
            case .education: Text("Enseignement, formation", "Education, training")
            case .care: Text("Soins à la personne", "Medical care")
            case .professions: Text("Professions libérales", "Professions")
            case .property: Text("Opérations immobilières", "Property")
            case .associations: Text("Associations, œuvres", "Associations")
            case .finance: Text("Banque et finance", "Banking and finance")
            case .insurance: Text("Assurance", "Insurance")
            case .bareLetting: Text("Location nue", "Unfurnished letting")
            case .furnishedLetting: Text("Location meublée", "Furnished letting")
            case .purchasesForExport: Text("Achats en franchise", "Purchases for export")
            case .overseas: Text("Outre-mer", "Overseas")
            }
        let short = article.replacing("article ", with: "").replacing(" du CGI", with: "")
        return Text("\(what.french) (\(short))", "\(what.english) (CGI \(short))")
    }
}
