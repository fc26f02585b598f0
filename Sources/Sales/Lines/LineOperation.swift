import Basics
import Core
import HTTP

/// What a button of the editor does to its lines. Other buttons, such as "save", are not of these.
public enum LineOperation: Sendable, Hashable {
    /// The row below the lines becomes one of them.
    case add
    case section
    case text
    /// What is taken off or added on the whole document.
    case allowance
    case charge
    /// The key Enter: in a line, a new one below it; elsewhere, like `add`.
    case enter(after: Int?)
    case up(Int)
    case down(Int)
    case duplicate(Int)
    case insert(above: Int)
    case delete(Int)
    /// Opens the details of a line that has none yet.
    case describe(Int)
    /// Lines were dragged; their positions say where to.
    case order

    /// From the fields `op` and `at`; nil when the form is to be saved, sent or the like.
    public init?(_ fields: Fields) {
        let words = (fields["op"] ?? "").split(separator: ":", maxSplits: 1)
        let index = words.count == 2 ? Int(words[1]) : nil
        switch (words.first, index) {
        case ("add", nil): self = .add
        case ("section", nil): self = .section
        case ("text", nil): self = .text
        case ("allowance", nil): self = .allowance
        case ("charge", nil): self = .charge
        case ("order", nil): self = .order
        case ("enter", nil): self = .enter(after: fields["at"].flatMap { Int($0) })
        case ("up", let index?): self = .up(index)
        case ("down", let index?): self = .down(index)
        case ("dup", let index?): self = .duplicate(index)
        case ("insert", let index?): self = .insert(above: index)
        case ("delete", let index?): self = .delete(index)
        case ("describe", let index?): self = .describe(index)
        default: return nil
        }
    }
}

extension LineDrafts {
    /// The list as it is after the operation. One that names a line that is not there changes nothing.
    public mutating func apply(
        _ operation: LineOperation, items: KnownItems, _ rules: LineRules,
        newID: () -> DocumentLine.ID
    ) {
        focus = nil
        defer { sentIndexes = Array(lines.indices) }
        switch operation {
        case .order: break
        case .up(let index): move(index, by: -1)
        case .down(let index): move(index, by: 1)
        case .delete(let index): delete(index)
        case .add: add(items, rules, newID)
        case .section: put(LineDraft(id: newID(), .section, rules), at: endOfLines)
        case .text: put(LineDraft(id: newID(), .text, rules), at: endOfLines)
        case .allowance: put(LineDraft(id: newID(), .allowance, rules), at: lines.count)
        case .charge: put(LineDraft(id: newID(), .charge, rules), at: lines.count)
        case .duplicate(let index): duplicate(index, newID)
        case .describe(let index):
            focus = place(index).map { Focus(line: $0, part: .description) }
        case .insert(let index):
            guard let place = place(index) else { return }
            put(LineDraft(id: newID(), .item, rules), at: min(place, endOfLines))
        case .enter(let index): enter(after: index.flatMap(place), items, rules, newID)
        }
    }

    public var isFull: Bool { lines.count >= LineDrafts.maximumLines }

    /// Lines stay above what is taken off or added on all of them.
    func canMove(_ place: Int, by step: Int) -> Bool {
        lines.indices.contains(place) && lines.indices.contains(place + step)
            && lines[place].isAdjustment == lines[place + step].isAdjustment
    }

    private func place(_ sentIndex: Int) -> Int? { sentIndexes.firstIndex(of: sentIndex) }

    private mutating func put(_ line: LineDraft, at place: Int, focus part: Focus.Part = .label) {
        guard !isFull else { return }
        lines.insert(line, at: place)
        focus = Focus(line: place, part: part)
    }

    private mutating func move(_ index: Int, by step: Int) {
        guard let place = place(index), canMove(place, by: step) else { return }
        lines.swapAt(place, place + step)
        focus = Focus(line: place + step, part: step < 0 ? .up : .down)
    }

    private mutating func delete(_ index: Int) {
        guard let place = place(index) else { return }
        lines.remove(at: place)
        guard !lines.isEmpty else { return }
        focus = Focus(line: min(place, lines.count - 1), part: .label)
    }

    /// A copy has an identity of its own: nothing was invoiced of it yet.
    private mutating func duplicate(_ index: Int, _ newID: () -> DocumentLine.ID) {
        guard let place = place(index) else { return }
        var copy = lines[place]
        copy.id = newID()
        put(copy, at: place + 1)
    }

    private mutating func add(
        _ items: KnownItems, _ rules: LineRules, _ newID: () -> DocumentLine.ID
    ) {
        guard !isFull else { return }
        var line = LineDraft(id: newID(), .item, rules)
        line.label = PlainText.line(newLabel)
        let item = newItemID.flatMap { items[$0] } ?? items.named(newLabel)
        if let item { line.take(item, rules) }
        put(line, at: endOfLines, focus: line.label.isEmpty ? .label : .quantity)
        newLabel = ""
        newItemID = nil
    }

    private mutating func enter(
        after place: Int?, _ items: KnownItems, _ rules: LineRules,
        _ newID: () -> DocumentLine.ID
    ) {
        if place == nil, newItemID != nil || !PlainText.line(newLabel).isEmpty {
            return add(items, rules, newID)
        }
        let next = min(place.map { $0 + 1 } ?? lines.count, endOfLines)
        // An empty line that is already there is used rather than joined by another.
        let waiting = place == nil ? endOfLines - 1 : next
        if lines.indices.contains(waiting), lines[waiting].kind == .item, lines[waiting].isBlank {
            focus = Focus(line: waiting, part: .label)
        } else {
            put(LineDraft(id: newID(), .item, rules), at: next)
        }
    }
}
