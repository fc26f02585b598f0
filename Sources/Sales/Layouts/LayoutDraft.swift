import Basics
import Core

/// A layout as the form of settings holds it.
struct LayoutDraft {
    var layout: DocumentLayout
    var color: ColorDraft
    /// The versions that the form was filled from.
    var version: Int?
    var organisationVersion: Int?

    /// Characters of a text above or under the lines, and of the line at the foot: a page has room for
    /// them beside everything that the law asks for.
    static let mostText = 600, mostFoot = 160, mostWord = 40

    init(_ input: inout Input, _ organisation: Organisation) {
        var layout = DocumentLayout()
        layout.typeface = LayoutDraft.choice("typeface", layout.typeface, &input)
        layout.paper = LayoutDraft.choice("paper", layout.paper, &input)
        layout.accent = LayoutDraft.choice("accent", layout.accent, &input)
        layout.logoSide = LayoutDraft.choice("logo_side", layout.logoSide, &input)
        layout.logoSize = LayoutDraft.choice("logo_size", layout.logoSize, &input)
        layout.table = LayoutDraft.choice("table", layout.table, &input)
        layout.density = LayoutDraft.choice("density", layout.density, &input)
        layout.wording = LayoutDraft.choice("wording", layout.wording, &input)
        layout.numbersLines = input.flag("numbers_lines")
        layout.separatesUnits = input.flag("separates_units")
        layout.blocks = LayoutDraft.blocks(&input)
        layout.hidden = Set(
            DocumentLayout.Block.allCases.filter {
                !$0.isRequired && !input.flag("show_\($0.rawValue)")
            })
        for word in DocumentLayout.Word.allCases {
            let own = Text(
                input.line("word_\(word.rawValue)_fr", most: LayoutDraft.mostWord),
                input.line("word_\(word.rawValue)_en", most: LayoutDraft.mostWord))
            if own != Text("", "") { layout.words[word] = own }
        }
        layout.opening = LayoutDraft.text("opening", LayoutDraft.mostText, &input)
        layout.closing = LayoutDraft.text("closing", LayoutDraft.mostText, &input)
        layout.footer = Text(
            input.line("footer_fr", most: LayoutDraft.mostFoot),
            input.line("footer_en", most: LayoutDraft.mostFoot))
        _ = LayoutDraft.choice("sample", LayoutSample.invoice, &input)
        self.layout = layout
        color = ColorDraft(&input, organisation)
        version = input.whole("version", in: 0...Int(Int32.max))
        organisationVersion = input.whole("organisation_version", in: 1...Int(Int32.max))
    }

    /// A form that says nothing of a choice was not this one.
    private static func choice<Choice: RawRepresentable<String>>(
        _ name: String, _ standard: Choice, _ input: inout Input
    ) -> Choice {
        if (input.typed[name] ?? "").isEmpty { input.refuse(name, Input.missing) }
        return input.choice(name, or: standard)
    }

    private static func blocks(_ input: inout Input) -> [DocumentLayout.Block] {
        let names = (input.typed["blocks"] ?? "").split(separator: ",").map(String.init)
        let known = names.compactMap { DocumentLayout.Block(rawValue: $0) }
        if known.count < names.count {
            input.refuse("blocks", Text("Bloc inconnu.", "Unknown block."))
        }
        return DocumentLayout.complete(known)
    }

    private static func text(_ name: String, _ most: Int, _ input: inout Input) -> Text {
        Text(input.text("\(name)_fr", most: most), input.text("\(name)_en", most: most))
    }

    /// What the form shows of a layout, by the names of its fields.
    static func values(_ saved: SavedLayout, _ organisation: Organisation) -> [String: String] {
        var out = values(of: saved.layout)
        out["accent_color"] = organisation.accentColor
        out["version"] = String(saved.version)
        out["organisation_version"] = String(organisation.version)
        out["sample"] = LayoutSample.invoice.rawValue
        return out
    }

    static func values(of layout: DocumentLayout) -> [String: String] {
        func flag(_ value: Bool) -> String { value ? "on" : "" }
        var out = [
            "typeface": layout.typeface.rawValue, "paper": layout.paper.rawValue,
            "accent": layout.accent.rawValue, "logo_side": layout.logoSide.rawValue,
            "logo_size": layout.logoSize.rawValue, "table": layout.table.rawValue,
            "density": layout.density.rawValue, "wording": layout.wording.rawValue,
            "numbers_lines": flag(layout.numbersLines),
            "separates_units": flag(layout.separatesUnits),
            "blocks": layout.blocks.map(\.rawValue).joined(separator: ","),
            "opening_fr": layout.opening.french, "opening_en": layout.opening.english,
            "closing_fr": layout.closing.french, "closing_en": layout.closing.english,
            "footer_fr": layout.footer.french, "footer_en": layout.footer.english,
        ]
        for block in DocumentLayout.Block.allCases {
            out["show_\(block.rawValue)"] = flag(!layout.hidden.contains(block))
        }
        for (word, own) in layout.words {
            out["word_\(word.rawValue)_fr"] = own.french
            out["word_\(word.rawValue)_en"] = own.english
        }
        return out
    }
}

/// What a button of the form does beside saving.
enum LayoutOperation {
    case preset(LayoutPreset)
    case up(DocumentLayout.Block)
    case down(DocumentLayout.Block)
    case preview

    /// - Parameter text: `preset:modern`, `up:payment`, `down:payment`, `preview`.
    init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        let block = DocumentLayout.Block(rawValue: parts.last ?? "")
        switch parts.first {
        case "preset":
            guard let preset = LayoutPreset(rawValue: parts.last ?? "") else { return nil }
            self = .preset(preset)
        case "up":
            guard let block else { return nil }
            self = .up(block)
        case "down":
            guard let block else { return nil }
            self = .down(block)
        case "preview": self = .preview
        default: return nil
        }
    }

    func applied(to layout: DocumentLayout) -> DocumentLayout {
        var out = layout
        switch self {
        case .preset(let preset): return preset.applied(to: layout)
        case .up(let block): out.move(block, by: -1)
        case .down(let block): out.move(block, by: 1)
        case .preview: break
        }
        return out
    }
}

extension DocumentLayout {
    /// Moves a block among the others; at either end it stays.
    mutating func move(_ block: Block, by places: Int) {
        guard let index = blocks.firstIndex(of: block),
            blocks.indices.contains(index + places)
        else { return }
        blocks.swapAt(index, index + places)
    }
}
