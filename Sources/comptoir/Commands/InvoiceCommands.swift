import Basics
import EInvoice
import Sales

/// `comptoir invoice check`: what the rules say of an e-invoice by anybody.
enum InvoiceCheck {
    private static let french = Flag(
        "--french", "Ask the French rules too, wherever the seller is.")

    static let command = Command(
        words: ["invoice", "check"], summary: "Check an e-invoice against the rules",
        details: """
            Reads a Cross Industry Invoice (CII), a UBL invoice or credit note, or a Factur-X or ZUGFeRD
            PDF, and says which rules of EN 16931 it breaks, and of the French reform where the seller is
            in France. Needs no installation, changes nothing. Exits with 1 when a rule is broken or the
            file is no invoice.
            """,
        operands: [Operand(name: "FILE", help: "XML or PDF.")],
        options: [french, InstallationOptions.json], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        guard let path = arguments.operand(0) else { throw UsageError("FILE is missing") }
        let asJSON = arguments[InstallationOptions.json]
        let file: EInvoiceFile
        do {
            file = try EInvoiceFile(path: path)
        } catch {
            guard asJSON else { throw Failure(error.message.english) }
            Output.line(InvoiceReport.json(of: error).text)
            return 1
        }
        var origins = RuleBook.origins(for: file.invoice)
        if arguments[french] { origins.insert(.french) }
        let report = InvoiceReport(
            file: file, origins: origins,
            breaches: RuleBook.breaches(in: file.invoice, origins))
        asJSON ? Output.line(report.json.text) : report.show()
        return report.breaches.isEmpty ? 0 : 1
    }
}

/// `comptoir invoice rules`: the rules that are implemented.
enum InvoiceRules {
    static let command = Command(
        words: ["invoice", "rules"], summary: "List the rules that e-invoices are checked against",
        options: [InstallationOptions.json], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        if arguments[InstallationOptions.json] {
            Output.line(JSON.array(RuleBook.rules.map(json)).text)
        } else {
            for rule in RuleBook.rules {
                Output.line("\(rule.code)  \(rule.term)  \(rule.message.english)")
            }
        }
        return 0
    }

    private static func json(_ rule: Rule) -> JSON {
        [
            "code": .string(rule.code), "term": .string(rule.term),
            "origin": .string(rule.origin.rawValue), "edition": .string(rule.origin.edition),
            "french": .string(rule.message.french), "english": .string(rule.message.english),
        ]
    }
}
