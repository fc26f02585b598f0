import Basics
import Core
import EInvoice
import Foundation
import TestSupport
import Testing

@testable import Sales

/// Writes the documents of a file of sales as e-invoices at 20 %, one a line, for
/// `Tests/EInvoice/rebuilt.py`, which says where the files are and recomputes every one of them.
struct RebuiltSalesTests {
    private static let source = ProcessInfo.processInfo.environment["COMPTOIR_REBUILD_FROM"]
    private static let target = ProcessInfo.processInfo.environment["COMPTOIR_REBUILD_TO"]
    private static let rate = VATRate(.standard, Percentage(hundredths: 2000))

    @Test(.enabled(if: source != nil && target != nil))
    func everyDocumentIsWrittenAsAnEInvoice() throws {
        let target = try #require(Self.target)
        let output = try #require(FileHandle(forWritingAtPath: target))
        defer { try? output.close() }
        var print = try template()
        for document in try documents() {
            let totals = DocumentTotals(document.lines, in: print.invoice.currency)
            print.invoice.number = document.number
            print.invoice.kind = document.number.hasPrefix("C") ? .creditNote : .invoice
            print.invoice.totalNet = totals.net
            print.invoice.totalVAT = totals.vat
            print.invoice.totalGross = totals.gross
            print.lines = document.lines
            print.vatRows = totals.vatRows
            let electronic = try #require(print.electronic)
            let xml = CIIWriter.xml(electronic)
            let line = xml.split(separator: "\n").joined() + "\n"
            try output.write(contentsOf: Data(line.utf8))
        }
    }

    /// What all of them share: a seller in the United Kingdom, and a client.
    private func template() throws -> InvoicePrint {
        let test = try TestApplication(Invoicing.self, EInvoices.self)
        try test.write {
            try $0.run(
                """
                UPDATE organisations SET country = 'GB', currency = 'GBP', siren = '',
                    trade_register = '01234567', vat_number = 'GB123456789'
                WHERE id = \($0.organisation)
                """)
        }
        let issued = try test.issued(for: test.client(country: "GB") { $0.siren = "" })
        return try test.read { try $0.invoicePrint(issued) }
    }

    private typealias Document = (number: String, lines: [DocumentLine])

    /// The lines that an import takes, by document, in the order of the file.
    private func documents() throws -> [Document] {
        var places: [String: Int] = [:]
        var documents: [Document] = []
        var isHeader = true
        func take(_ fields: [String]) {
            defer { isHeader = false }
            guard !isHeader, let line = Self.line(fields) else { return }
            if let place = places[fields[0]] {
                documents[place].lines.append(line)
            } else {
                places[fields[0]] = documents.count
                documents.append((fields[0], [line]))
            }
        }
        let source = try #require(Self.source)
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: source)))
        var reader = CSV.Reader()
        try reader.read(bytes) { _, fields in take(fields) }
        try reader.finish { _, fields in take(fields) }
        return documents
    }

    private static let id: DocumentLine.ID = ID(UniqueID.make(at: Instant(seconds: 0)))

    /// Nil for what stands on no document: corrections, gifts without a name, wrong directions.
    private static func line(_ fields: [String]) -> DocumentLine? {
        let label = fields[2].trimmingCharacters(in: .whitespaces)
        guard !fields[0].hasPrefix("A"), !label.isEmpty,
            let quantity = try? ScaledDecimal.parse(fields[3], decimals: Quantity.decimals),
            let price = try? ScaledDecimal.parse(fields[5], decimals: UnitPrice.decimals),
            price >= 0, quantity != 0, (quantity < 0) == fields[0].hasPrefix("C")
        else { return nil }
        var line = DocumentLine(id: id, kind: .item, label: label)
        // A credit note states what it takes back as it was sold.
        line.quantity = Quantity(tenThousandths: abs(quantity))
        line.unitPrice = UnitPrice(millionths: price)
        line.vat = rate
        return line
    }
}
