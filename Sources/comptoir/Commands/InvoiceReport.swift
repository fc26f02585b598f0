import Basics
import EInvoice
import Sales

/// What is said of a file that was checked.
struct InvoiceReport {
    let file: EInvoiceFile
    let origins: Set<Rule.Origin>
    let breaches: [Breach]

    func show() {
        let number = file.invoice.number ?? "without a number"
        let inside = file.attachment.map { " in \($0)" } ?? ""
        let type = file.invoice.typeName?.english ?? "invoice"
        Output.line("\(file.syntax.rawValue)\(inside), \(type) \(number)")
        for breach in breaches {
            let place = breach.place.label.map { ", \($0.english)" } ?? ""
            Output.line("\(breach.code) (\(breach.term)\(place)): \(breach.message.english)")
        }
        let rules = RuleBook.editions(origins)
        switch breaches.count {
        case 0: Output.line("Valid: \(rules).")
        case 1: Output.line("One rule is broken: \(rules).")
        default: Output.line("\(breaches.count) rules are broken: \(rules).")
        }
    }

    var json: JSON {
        [
            "valid": .bool(breaches.isEmpty), "syntax": .string(file.syntax.rawValue),
            "attachment": JSON(file.attachment), "number": JSON(file.invoice.number),
            "type": JSON(file.invoice.typeCode), "type_name": JSON(file.invoice.typeName?.english),
            "specification": JSON(file.invoice.specification),
            "rules": .string(RuleBook.editions(origins)),
            "findings": .array(breaches.map(finding)), "error": .null,
        ]
    }

    /// Of a file that is no invoice at all.
    static func json(of fault: UnreadableInvoice) -> JSON {
        [
            "valid": .bool(false), "findings": .array([]),
            "error": [
                "french": .string(fault.message.french), "english": .string(fault.message.english),
            ],
        ]
    }

    private func finding(_ breach: Breach) -> JSON {
        var line: Int?
        if case .line(let number) = breach.place { line = number }
        return [
            "code": .string(breach.code), "term": .string(breach.term), "line": JSON(line),
            "french": .string(breach.message.french), "english": .string(breach.message.english),
        ]
    }
}
