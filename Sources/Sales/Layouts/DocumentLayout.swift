import Basics
import Core

/// How an organisation's documents look: choices and texts, no drawing. Every document of sale is
/// drawn from one; an invoice keeps the one of its day of issue.
public struct DocumentLayout: Sendable, Hashable {
    public enum Typeface: String, Sendable, CaseIterable {
        case sans, serif, modern

        var label: Text {
            switch self {
            case .sans: Text("Sobre (Liberation Sans)", "Plain (Liberation Sans)")
            case .serif: Text("À empattements (Liberation Serif)", "Serif (Liberation Serif)")
            case .modern: Text("Moderne (Lato)", "Modern (Lato)")
            }
        }
    }

    public enum Paper: String, Sendable, CaseIterable {
        case a4, letter

        var label: Text {
            switch self {
            case .a4: Text("A4", "A4")
            case .letter: Text("Lettre US", "US Letter")
            }
        }
    }

    /// Where the accent colour is.
    public enum Accent: String, Sendable, CaseIterable {
        case band, side, none

        var label: Text {
            switch self {
            case .band: Text("Bandeau en haut", "Band at the top")
            case .side: Text("Filet à gauche", "Bar at the left")
            case .none: Text("Aucun", "None")
            }
        }
    }

    public enum Side: String, Sendable, CaseIterable {
        case left, right

        var label: Text {
            switch self {
            case .left: Text("À gauche", "Left")
            case .right: Text("À droite", "Right")
            }
        }
    }

    public enum LogoSize: String, Sendable, CaseIterable {
        case small, medium, large

        var label: Text {
            switch self {
            case .small: Text("Petit", "Small")
            case .medium: Text("Moyen", "Medium")
            case .large: Text("Grand", "Large")
            }
        }
    }

    public enum TableStyle: String, Sendable, CaseIterable {
        case ruled, filled

        var label: Text {
            switch self {
            case .ruled: Text("Filets", "Rules")
            case .filled: Text("Titres sur fond coloré", "Headings on colour")
            }
        }
    }

    public enum Density: String, Sendable, CaseIterable {
        case comfortable, compact

        var label: Text {
            switch self {
            case .comfortable: Text("Aérée", "Airy")
            case .compact: Text("Compacte", "Compact")
            }
        }
    }

    public enum Wording: String, Sendable, CaseIterable {
        case client, bilingual

        var label: Text {
            switch self {
            case .client: Text("Langue du client", "Client’s language")
            case .bilingual: Text("Français et anglais", "French and English")
            }
        }
    }

    /// What may stand under the totals, in an order that a person chooses.
    public enum Block: String, Sendable, CaseIterable {
        case payment, acceptance, closing, mentions

        var label: Text {
            switch self {
            case .payment: Text("Règlement et QR code", "Payment and QR code")
            case .acceptance: Text("Bon pour accord (devis)", "Agreement (quotes)")
            case .closing: Text("Texte de fin", "Closing text")
            case .mentions: Text("Mentions légales", "Legal mentions")
            }
        }

        /// The law asks for it on invoices: it has a place, and cannot be left out.
        var isRequired: Bool { self == .mentions }
    }

    /// Words that a person may put in place of ours, in both languages.
    public enum Word: String, Sendable, CaseIterable {
        case quote, order, label, quantity, price, net

        var label: Text {
            switch self {
            case .quote: Text("Titre des devis", "Title of quotes")
            case .order: Text("Titre des commandes", "Title of orders")
            case .label: Text("Colonne Désignation", "Column Description")
            case .quantity: Text("Colonne Quantité", "Column Quantity")
            case .price: Text("Colonne Prix", "Column Price")
            case .net: Text("Colonne Montant", "Column Amount")
            }
        }
    }

    public var typeface = Typeface.sans
    public var paper = Paper.a4
    public var accent = Accent.band
    public var logoSide = Side.left
    public var logoSize = LogoSize.medium
    public var table = TableStyle.ruled
    public var density = Density.comfortable
    public var wording = Wording.client
    /// Number the lines in a first column.
    public var numbersLines = false
    /// Units in a column of their own; otherwise they follow the quantity.
    public var separatesUnits = false
    /// Every block once, in order; those of `hidden` are left out.
    public var blocks = Block.allCases
    public var hidden: Set<Block> = []
    /// Empty words are ours.
    public var words: [Word: Text] = [:]
    /// Above the lines, under them, and at the foot of each page; each may be empty.
    public var opening = Text("", "")
    public var closing = Text("", "")
    public var footer = Text("", "")

    public init() {}

    /// The blocks that are drawn, in order.
    var shownBlocks: [Block] { blocks.filter { !hidden.contains($0) } }

    /// A word of the organisation's own, or ours.
    func word(_ word: Word, _ say: Language, or ours: String) -> String {
        let own = words[word].map { say($0) } ?? ""
        return own.isEmpty ? ours : own
    }

    public static let standard = DocumentLayout()
}
