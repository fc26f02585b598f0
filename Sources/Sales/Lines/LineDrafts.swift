import Basics
import Core
import HTTP

/// The lines of an editor as typed, with the row that adds one. Operations change only this value:
/// nothing is stored before the form is saved.
public struct LineDrafts: Sendable {
    public static let maximumLines = 500
    public static let maximumLabelLength = 500
    public static let maximumDescriptionLength = 5000

    /// Where the next keystroke goes.
    public struct Focus: Sendable, Hashable {
        public enum Part: Sendable { case label, description, quantity, up, down }
        public var line: Int
        public var part: Part
    }

    public internal(set) var lines: [LineDraft]
    public internal(set) var newLabel = ""
    public internal(set) var newItemID: UniqueID?
    public internal(set) var focus: Focus?
    /// Lines that were sent beyond the limit: nothing of such a form is taken.
    public private(set) var isTooLong = false
    /// The index that each line had in the form: buttons name lines by it.
    var sentIndexes: [Int]

    public init(_ lines: [DocumentLine], _ rules: LineRules) {
        self.lines = lines.map { LineDraft($0, rules) }
        sentIndexes = Array(lines.indices)
    }

    /// Reads `lines[n][…]` and `new[…]`, in the order of the positions that dragging may have changed.
    public init(_ fields: Fields, newID: () -> DocumentLine.ID) {
        let indexes = LineDrafts.indexes(in: fields)
        let positions = indexes.prefix(LineDrafts.maximumLines).enumerated().map { place, index in
            (index, position: Int(fields["lines[\(index)][position]"] ?? "") ?? index + 1, place)
        }.sorted { ($0.position, $0.2) < ($1.position, $1.2) }
        sentIndexes = positions.map(\.0)
        var seen: Set<DocumentLine.ID> = []
        lines = sentIndexes.map { index in
            var line = LineDraft(fields, index, newID: newID())
            if !seen.insert(line.id).inserted { line.id = newID() }
            return line
        }
        gatherAdjustments()
        isTooLong = indexes.count > LineDrafts.maximumLines
        newLabel = fields["new[label]"] ?? ""
        newItemID = UniqueID(fields["new[item]"] ?? "")
    }

    /// What is taken off or added on the whole document stands below its lines.
    private mutating func gatherAdjustments() {
        let order =
            lines.indices.filter { !lines[$0].isAdjustment }
            + lines.indices.filter { lines[$0].isAdjustment }
        sentIndexes = order.map { sentIndexes[$0] }
        lines = order.map { lines[$0] }
    }

    /// Where a new line goes: above allowances and charges.
    var endOfLines: Int { lines.firstIndex(where: \.isAdjustment) ?? lines.count }

    /// The name of a line's field in the form, and in problems: `lines[2][quantity]`.
    public static func field(_ index: Int, _ name: String) -> String { "lines[\(index)][\(name)]" }

    /// `lines[2][quantity]` for people: "Ligne 3, quantité". Nil for a field that is not a line's.
    public static func place(of field: String) -> Text? {
        guard field.hasPrefix("lines["), let end = field.firstIndex(of: "]"),
            let index = Int(field[..<end].dropFirst("lines[".count))
        else { return nil }
        let name = String(field[end...].dropFirst(2).dropLast())
        guard let label = labels[name] else { return nil }
        return Text("Ligne \(index + 1), \(label.french)", "Line \(index + 1), \(label.english)")
    }

    private static let labels: [String: Text] = [
        "label": Text("désignation", "description"), "description": Text("détail", "details"),
        "quantity": Text("quantité", "quantity"), "unit": Text("unité", "unit"),
        "unit_price": Text("prix", "price"), "discount": Text("remise", "discount"),
        "vat": Text("TVA", "VAT"), "item": Text("article", "item"),
    ]

    private static func indexes(in fields: Fields) -> [Int] {
        var found: Set<Int> = []
        for pair in fields.pairs where pair.name.hasPrefix("lines[") {
            let digits = pair.name.dropFirst("lines[".count).prefix { $0 != "]" }
            if digits.utf8.count <= 9, let index = Int(digits), index >= 0 { found.insert(index) }
        }
        return found.sorted()
    }

    /// Leaves out lines in which nothing was typed.
    public mutating func dropBlankLines() {
        let kept = lines.indices.filter { !lines[$0].isBlank }
        sentIndexes = kept.map { sentIndexes[$0] }
        lines = kept.map { lines[$0] }
    }

    /// A line that names an item of the catalogue and says nothing else becomes that item: without a
    /// script, this is how one is chosen.
    public mutating func fill(from items: KnownItems, _ rules: LineRules) {
        for index in lines.indices where lines[index].kind == .item {
            guard lines[index].itemID == nil, PlainText.line(lines[index].unitPrice).isEmpty,
                let item = items.named(lines[index].label)
            else { continue }
            lines[index].take(item, rules)
        }
    }
}
