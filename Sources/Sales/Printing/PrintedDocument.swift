import Basics
import Core

/// A document as it is read: every number, day and sentence already written out in its language. The
/// page in the browser and the PDF are two drawings of this one value.
public struct PrintedDocument: Sendable, Hashable {
    public enum Kind: Sendable { case invoice, creditNote, quote, order, depositRequest, statement }

    public struct Party: Sendable, Hashable {
        public var heading: String
        public var name: String
        public var lines: [String]
        /// SIREN, VAT number.
        public var numbers: [String]
    }

    public struct Fact: Sendable, Hashable {
        public var label: String
        public var value: String

        init(_ label: String, _ value: String) {
            self.label = label
            self.value = value
        }
    }

    /// A column of the lines, by what stands in it.
    public struct Column: Sendable, Hashable {
        public enum Kind: String, Sendable {
            /// Of lines that are sold.
            case position, label, quantity, unit, price, discount, vat, net
            /// Of a statement of account.
            case day, reference, debit, credit, balance
        }

        public var kind: Kind
        /// In a bilingual document, one line a language.
        public var title: String

        init(_ kind: Kind, _ title: String) {
            self.kind = kind
            self.title = title
        }
    }

    public struct Item: Sendable, Hashable {
        public var label: String
        public var description = ""
        /// What stands in the other columns.
        public var cells: [Column.Kind: String]
        /// The quantity without its unit.
        public var count = ""
    }

    public enum Line: Sendable, Hashable {
        case section(String)
        case text(String)
        case item(Item)
    }

    public struct VATLine: Sendable, Hashable {
        public var rate: String
        public var base: String
        public var vat: String
    }

    public struct Sum: Sendable, Hashable {
        public var label: String
        public var value: String
        /// The one that is to be paid.
        public var isTotal = false
    }

    public struct Payment: Sendable, Hashable {
        public var heading: String
        public var rows: [Fact]
        /// What the payment code holds; nil where no bank would read one.
        public var code: String?
    }

    public struct Acceptance: Sendable, Hashable {
        public var heading: String
        public var text: String
    }

    public var kind: Kind
    public var language: Language
    /// `Facture`; in a bilingual document, one line a language.
    public var title: String
    /// Empty for a draft.
    public var number: String
    /// What a draft is marked with.
    public var draftMark: String?
    public var brand: String
    /// A PNG file.
    public var logo: [UInt8]?
    /// `#rrggbb`
    public var accentColor: String
    public var seller: Party
    public var buyer: Party
    public var facts: [Fact]
    public var subject: String
    public var columns: [Column]
    public var lines: [Line]
    public var vatColumns: [String]
    /// Empty where no VAT is charged at all.
    public var vatLines: [VATLine]
    public var sums: [Sum]
    public var message: String
    public var payment: Payment?
    public var acceptance: Acceptance?
    public var mentions: [String]
    public var footer: String
    /// When it was settled for good, in seconds since 1970; the PDF carries it, and nothing of today.
    public var settledAtSeconds: Int?
    public var layout = DocumentLayout.standard
    /// Above the lines; empty where nothing is said.
    public var opening = ""
    /// Under them.
    public var closing = ""

    /// `Facture FACT-2026-001`
    public var fullTitle: String {
        let title = titles.joined(separator: " / ")
        return number.isEmpty ? title : "\(title)\u{A0}\(number)"
    }
    /// The title, once a language.
    var titles: [String] { title.split(separator: "\n").map(String.init) }
    /// `FACT-2026-001.pdf`
    public var fileName: String {
        Self.fileName(
            number.isEmpty
                ? PlainText.folded(titles.first ?? "") + "-" + language("brouillon", "draft")
                : number
        )
    }

    static func fileName(_ number: String) -> String {
        number.map { $0 == " " || $0 == "/" ? "-" : String($0) }.joined() + ".pdf"
    }

    /// `Page 2 / 3`
    func page(_ number: Int, of total: Int) -> String { "Page \(number) / \(total)" }
}
