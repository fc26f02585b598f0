import Basics
import Database
import FoundationEssentials

/// A column of words that only who has the keys may read: sealed text stands where the clear one would, so
/// that it is stored, compared and given back as any other text.
public struct SealedTextColumn: Sendable {
    public enum Key: String, Sendable {
        /// That of the organisation.
        case organisation = "sealed:o:"
        /// That of the client whose row it is; erasing the client destroys it.
        case person = "sealed:p:"
    }

    let table: StaticString
    let column: StaticString
    let key: Key
    /// A column beside it that tells equal texts without opening them; nil where nobody asks.
    let index: StaticString?
    /// Where rows of the table are kept as they were.
    let copies: [Copy]

    /// A column of JSON with whole rows, in a table that names them.
    public struct Copy: Sendable {
        let table: StaticString
        let document: StaticString
        let row: StaticString
        public init(_ table: StaticString, _ document: StaticString, row: StaticString) {
            self.table = table
            self.document = document
            self.row = row
        }
    }

    /// - Parameter table: one with columns `organisation_id` and `id`.
    public init(
        _ table: StaticString, _ column: StaticString, key: Key, index: StaticString? = nil,
        copies: [Copy] = []
    ) {
        self.copies = copies
        self.table = table
        self.column = column
        self.key = key
        self.index = index
    }

    /// `clients.notes`, for people.
    public var name: String { "\(table).\(column)" }

    /// What a sealed text is bound to: in another row, column or organisation it opens nothing.
    func place(_ organisation: Organisation.ID, _ row: UniqueID) -> [UInt8] {
        Array("\(name):\(organisation):\(row)".utf8)
    }
}

/// How sealed text is written: which kind of key, then base64.
enum SealedText {
    static func text(_ sealed: [UInt8], _ key: SealedTextColumn.Key) -> String {
        key.rawValue + Data(sealed).base64EncodedString()
    }

    /// Nil for clear text, however it begins; `is_sealed` of the database agrees.
    static func parts(of text: String) -> (key: SealedTextColumn.Key, sealed: [UInt8])? {
        guard text.hasPrefix("sealed:"),
            let key = SealedTextColumn.Key(rawValue: String(text.prefix(9))),
            let data = Data(base64Encoded: String(text.dropFirst(9))), data.count >= leastBytes
        else { return nil }
        let sealed = Array(data)
        return KeyRing.key(of: sealed) == nil ? nil : (key, sealed)
    }

    /// The name of the key, nonce and tag.
    private static let leastBytes = 17 + 28
}

/// A record with members that are sealed in the database. A transaction opens them as it reads.
public protocol HoldsSealedText: Record {
    static var sealedTexts: [SealedTextMember<Self>] { get }
}

/// Which member holds what stands in which column.
public struct SealedTextMember<Holder> {
    let column: SealedTextColumn
    let row: (Holder) -> UniqueID
    let text: WritableKeyPath<Holder, String>

    public init(
        _ text: WritableKeyPath<Holder, String>, _ column: SealedTextColumn,
        of row: @escaping (Holder) -> UniqueID
    ) {
        self.text = text
        self.column = column
        self.row = row
    }
}
