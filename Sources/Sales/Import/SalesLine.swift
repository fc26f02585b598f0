import Basics
import Core

/// One line of a file of sales, read and judged.
struct SalesLine {
    var number: Int
    var document = ""
    var isCreditNote = false
    /// `2010-12-01 08:26:00`
    var moment = ""
    var client = ""
    var country = ""
    var reference = ""
    var label = ""
    var quantity = Quantity.zero
    var price = UnitPrice(millionths: 0)
    /// As the file has it, negative on credit notes; nil when it cannot be read.
    var amount: Amount?
    var refusal: ImportRefusal?
}

/// Turns the records of a file into lines.
struct SalesLineReader {
    private static let maximumReference = 40
    private static let maximumLabel = 200
    private static let maximumDocumentNumber = 35
    private static let maximumClientNumber = 40

    private let mapping: SalesMapping
    private let columnCount: Int
    private let places: [SalesMapping.Column: Int]
    private var lastMoment = (text: "", moment: String?.none)

    /// `heading` is the first record of the file.
    init(_ mapping: SalesMapping, heading: [String]) throws {
        self.mapping = mapping
        columnCount = heading.count
        var places: [SalesMapping.Column: Int] = [:]
        var missing: [String] = []
        for column in SalesMapping.Column.allCases {
            let name = mapping.columns[column] ?? ""
            if let place = heading.firstIndex(where: { PlainText.line($0) == name }) {
                places[column] = place
            } else {
                missing.append(name)
            }
        }
        guard missing.isEmpty else {
            let names = missing.joined(separator: ", ")
            throw Problem.invalid(
                "file",
                Text(
                    "Colonnes absentes du fichier : \(names).", "The file lacks columns: \(names).")
            )
        }
        self.places = places
    }

    mutating func line(_ number: Int, _ fields: [String]) -> SalesLine {
        var line = SalesLine(number: number)
        if let place = places[.document], place < fields.count {
            line.document = PlainText.line(fields[place])
        }
        guard fields.count == columnCount else {
            line.refusal = .wrongColumns
            return line
        }
        func field(_ column: SalesMapping.Column) -> String { fields[places[column] ?? 0] }
        line.isCreditNote = mapping.creditNotePrefixes.contains(where: line.document.hasPrefix)
        line.reference = PlainText.line(field(.reference))
        line.label = PlainText.line(field(.label))
        readNumbers(field(.quantity), field(.price), into: &line)
        readMoment(field(.date), into: &line)
        readClient(field(.client), field(.country), into: &line)
        judge(&line, isText: !fields.contains { $0.unicodeScalars.contains("\u{FFFD}") })
        return line
    }

    /// The first thing wrong is the reason; what makes the amount unreadable comes first of all.
    private func judge(_ line: inout SalesLine, isText: Bool) {
        if line.document.isEmpty { line.refusal = line.refusal ?? .noDocument }
        guard line.refusal == nil else { return }
        line.refusal =
            if !isText { .notText } else if line.document.utf8.count > Self.maximumDocumentNumber {
                .documentNumberTooLong
            } else if mapping.refusedPrefixes.contains(where: line.document.hasPrefix) {
                .accountingEntry
            } else if line.price.millionths < 0 { .negativePrice } else if line.label.isEmpty {
                .noDescription
            } else if line.label.unicodeScalars.count > Self.maximumLabel
                || line.reference.unicodeScalars.count > Self.maximumReference
            { .tooLong } else if line.quantity == .zero {
                .zeroQuantity
            } else if line.quantity < .zero && !line.isCreditNote {
                .negativeQuantity
            } else if line.quantity > .zero && line.isCreditNote { .positiveQuantity } else { nil }
    }

    private func readNumbers(_ quantity: String, _ price: String, into line: inout SalesLine) {
        let decimals = UnitPrice.decimals
        guard let count = number(quantity, decimals: Quantity.decimals) else {
            line.refusal = .badQuantity
            return
        }
        guard let millionths = number(price, decimals: decimals) else {
            line.refusal = .badPrice
            return
        }
        guard count.magnitude <= Quantity.maximum.tenThousandths.magnitude,
            millionths.magnitude <= UnitPrice.maximum.millionths.magnitude
        else {
            line.refusal = .tooLarge
            return
        }
        line.quantity = Quantity(tenThousandths: count)
        line.price = UnitPrice(millionths: millionths)
        let amount = line.quantity.times(line.price, in: mapping.currency)
        if amount.minorUnits.magnitude > Amount.maximum.minorUnits.magnitude {
            line.refusal = .tooLarge
        } else {
            line.amount = amount
        }
    }

    private mutating func readMoment(_ text: String, into line: inout SalesLine) {
        if text != lastMoment.text { lastMoment = (text, mapping.days.read(text)) }
        guard let moment = lastMoment.moment else {
            line.refusal = line.refusal ?? .badDay
            return
        }
        line.moment = moment
    }

    private func readClient(_ text: String, _ country: String, into line: inout SalesLine) {
        var client = PlainText.line(text)
        let suffix = mapping.clients.removedSuffix
        if !suffix.isEmpty, client.hasSuffix(suffix) { client.removeLast(suffix.count) }
        line.client = client.isEmpty ? mapping.clients.withoutNumber : client
        if line.client.unicodeScalars.count > Self.maximumClientNumber {
            line.refusal = line.refusal ?? .badClient
        }
        guard let code = mapping.countries[PlainText.line(country)] else {
            line.refusal = line.refusal ?? .unknownCountry
            return
        }
        line.country = code
    }

    /// An integer of 10^-decimals; nil when the text is anything but a plain number with that many
    /// decimals at most.
    private func number(_ text: String, decimals: Int) -> Int? {
        var value = 0
        var digits = 0
        var fraction: Int?
        var isNegative = false
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "-") where index == 0: isNegative = true
            case mapping.decimalPoint where fraction == nil && digits > 0: fraction = 0
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let digit = Int(byte) - 48
                if let seen = fraction {
                    // Zeros beyond the last decimal say nothing; any other digit would be lost.
                    if seen == decimals { if digit == 0 { continue } else { return nil } }
                    fraction = seen + 1
                }
                digits += 1
                // Eighteen digits are the most that fit.
                guard digits <= 18 else { return nil }
                value = value * 10 + digit
            default: return nil
            }
        }
        guard digits > 0 else { return nil }
        for _ in (fraction ?? 0)..<decimals {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            value = product
        }
        return isNegative ? -value : value
    }
}
