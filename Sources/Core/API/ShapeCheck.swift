import Basics

/// What is wrong at one place of a body or query.
struct PlacedProblem: Sendable, Hashable {
    /// A JSON pointer (RFC 6901), or the name of a parameter.
    var place: String
    var message: Text
}

extension Shape {
    /// Collects what is wrong with a value that came in, by JSON pointer.
    func check(_ value: JSON, at place: String, _ problems: inout [PlacedProblem]) {
        func refuse(_ message: Text) {
            problems.append(PlacedProblem(place: place.isEmpty ? "/" : place, message: message))
        }
        switch (self, value) {
        case (.nullable, .null), (.flag, .bool), (.frozen, .object): break
        case (.nullable(let shape), _): shape.check(value, at: place, &problems)
        case (.text(let most), .string(let text)):
            if text.unicodeScalars.count > most { refuse(Faults.long(most)) }
        case (.words(let most), .string(let text)):
            if text.unicodeScalars.count > most { refuse(Faults.long(most)) }
            if PlainText.line(text).isEmpty { refuse(Input.missing) }
        case (.email, .string(let text)):
            if text.unicodeScalars.count > 254 { refuse(Faults.long(254)) }
        case (.id, .string(let text)):
            if UniqueID(text)?.description != text {
                refuse(Text("Identifiant attendu (UUID).", "An identifier (UUID) is expected."))
            }
        case (.day, .string(let text)):
            if Day(text)?.iso != text || !(1900...2999).contains(Day(text)?.year ?? 0) {
                refuse(Text("Date attendue, comme 2026-11-21.", "A date such as 2026-11-21."))
            }
        case (.instant, .string): break
        case (.choice(let words), .string(let word)):
            if !words.contains(word) {
                let list = words.joined(separator: ", ")
                refuse(Text("Un mot parmi : \(list).", "One of: \(list)."))
            }
        case (.amount(let range), .int(let number)), (.integer(let range), .int(let number)):
            if !range.contains(number) {
                let (low, high) = (range.lowerBound, range.upperBound)
                refuse(Text("Entre \(low) et \(high).", "Between \(low) and \(high)."))
            }
        case (.decimal(let places, let signed), .string(let text)):
            let digits = signed && text.hasPrefix("-") ? String(text.dropFirst()) : text
            if !Shape.isDecimal(digits, places) { refuse(Faults.decimal(places)) }
        case (.list(let shape, let most), .array(let values)):
            if values.count > most {
                refuse(Text("\(most) éléments au plus.", "At most \(most) elements."))
            }
            for (index, value) in values.prefix(most).enumerated() {
                shape.check(value, at: "\(place)/\(index)", &problems)
            }
        case (.object(let properties), .object(let members)):
            Shape.check(members, against: properties, at: place, &problems)
        default: refuse(expected)
        }
    }

    static func check(
        _ members: [(String, JSON)], against properties: [Property], at place: String,
        requiring: Bool = true, _ problems: inout [PlacedProblem]
    ) {
        let known = Dictionary(uniqueKeysWithValues: properties.map { ($0.name, $0) })
        for (name, value) in members {
            let here = place + "/" + name.jsonPointerToken
            if let property = known[name] {
                property.shape.check(value, at: here, &problems)
            } else {
                problems.append(
                    PlacedProblem(
                        place: here,
                        message: Text("Propriété inconnue.", "Unknown property.")))
            }
        }
        guard requiring else { return }
        for property in properties where property.isRequired {
            guard !members.contains(where: { $0.0 == property.name }) else { continue }
            problems.append(
                PlacedProblem(place: place + "/" + property.name, message: Input.missing))
        }
    }

    private static func isDecimal(_ text: String, _ places: Int) -> Bool {
        let parts = text.utf8.split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard parts.count <= 2, parts.allSatisfy({ $0.allSatisfy(digits.contains) }),
            (1...12).contains(parts[0].count)
        else { return false }
        return parts.count == 1 || (1...places).contains(parts[1].count)
    }

    private var expected: Text {
        switch self {
        case .text, .words, .email, .instant: Text("Texte attendu.", "Text is expected.")
        case .id: Text("Identifiant attendu (UUID).", "An identifier (UUID) is expected.")
        case .day: Text("Date attendue, comme 2026-11-21.", "A date such as 2026-11-21.")
        case .choice(let words):
            Text(
                "Un mot parmi : \(words.joined(separator: ", ")).",
                "One of: \(words.joined(separator: ", ")).")
        case .amount:
            Text(
                "Nombre entier attendu, en centimes.",
                "A whole number of minor units is expected.")
        case .decimal(let places, _): Faults.decimal(places)
        case .integer: Text("Nombre entier attendu.", "A whole number is expected.")
        case .flag: Text("true ou false attendu.", "true or false is expected.")
        case .list: Text("Liste attendue.", "A list is expected.")
        case .object, .frozen: Text("Objet attendu.", "An object is expected.")
        case .nullable(let shape): shape.expected
        }
    }

    private enum Faults {
        static func long(_ most: Int) -> Text {
            Text("\(most) caractères au plus.", "At most \(most) characters.")
        }
        static func decimal(_ places: Int) -> Text {
            Text(
                "Nombre décimal attendu, en texte, comme \"12.5\" ; \(places) décimales au plus.",
                "A decimal number as text, such as \"12.5\", of at most \(places) places.")
        }
    }
}

extension String {
    /// As one token of a JSON pointer.
    var jsonPointerToken: String {
        var out = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "~": out += "~0"
            case "/": out += "~1"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
