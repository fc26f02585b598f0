import Basics

extension DocumentLayout {
    /// What is missing or unknown, as in a layout that a later version saved, is as in the standard.
    public init(_ json: JSON) {
        func choice<Choice: RawRepresentable<String>>(_ name: String, _ standard: Choice) -> Choice
        {
            json[name]?.string.flatMap { Choice(rawValue: $0) } ?? standard
        }
        func text(_ json: JSON?) -> Text {
            Text(json?["fr"]?.string ?? "", json?["en"]?.string ?? "")
        }
        self.init()
        typeface = choice("typeface", typeface)
        paper = choice("paper", paper)
        accent = choice("accent", accent)
        logoSide = choice("logo_side", logoSide)
        logoSize = choice("logo_size", logoSize)
        table = choice("table", table)
        density = choice("density", density)
        wording = choice("wording", wording)
        numbersLines = json["numbers_lines"]?.bool ?? false
        separatesUnits = json["separates_units"]?.bool ?? false
        let known = (json["blocks"]?.array ?? []).compactMap {
            $0.string.flatMap { Block(rawValue: $0) }
        }
        blocks = DocumentLayout.complete(known)
        hidden = Set(
            (json["hidden"]?.array ?? []).compactMap { $0.string.flatMap { Block(rawValue: $0) } }
                .filter { !$0.isRequired })
        for word in Word.allCases {
            let own = text(json["words"]?[word.rawValue])
            if own != Text("", "") { words[word] = own }
        }
        opening = text(json["opening"])
        closing = text(json["closing"])
        footer = text(json["footer"])
    }

    public var json: JSON {
        let hidden = blocks.filter(self.hidden.contains).map { JSON.string($0.rawValue) }
        let words = Word.allCases.compactMap { word in
            self.words[word].map { (word.rawValue, JSON($0)) }
        }
        return [
            "typeface": .string(typeface.rawValue), "paper": .string(paper.rawValue),
            "accent": .string(accent.rawValue), "logo_side": .string(logoSide.rawValue),
            "logo_size": .string(logoSize.rawValue), "table": .string(table.rawValue),
            "density": .string(density.rawValue), "wording": .string(wording.rawValue),
            "numbers_lines": .bool(numbersLines), "separates_units": .bool(separatesUnits),
            "blocks": .array(blocks.map { .string($0.rawValue) }), "hidden": .array(hidden),
            "words": .object(words), "opening": JSON(opening), "closing": JSON(closing),
            "footer": JSON(footer),
        ]
    }

    /// Each block once: the given ones in their order, then those that were not given.
    static func complete(_ given: [Block]) -> [Block] {
        var out: [Block] = []
        for block in given + Block.allCases where !out.contains(block) { out.append(block) }
        return out
    }
}
