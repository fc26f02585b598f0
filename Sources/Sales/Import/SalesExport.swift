import Basics
import Core
import Database

/// Takes clients, catalogue or issued documents out, whole, for a person with a spreadsheet or another
/// program. Memory stays flat, however many there are.
public enum SalesExport {
    public enum Kind: String, Sendable, CaseIterable {
        case documents, clients, items
    }
    public enum Format: String, Sendable, CaseIterable {
        case csv, json
    }

    /// Amounts and quantities of credit notes come out negative. CSV has a line for each line of a
    /// document, commas and decimal points; JSON is one array, amounts in the currency's minor unit,
    /// prices in millionths and quantities in ten-thousandths of one.
    ///
    /// - Parameter write: receives the bytes in their order, at most about 64 KiB at once.
    /// - Throws: `Problem.invalid` with field `organisation`; what `write` throws.
    public static func run(
        organisation slug: String, kind: Kind, format: Format, pool: Pool, vault: Vault,
        now: Instant = .now,
        to write: @escaping ([UInt8]) throws -> Void
    ) throws {
        let scope = try SalesImport.commandScope(organisation: slug, pool: pool, vault: vault)
        // Keys and what they seal are read as of one moment.
        try pool.transaction(scope, at: now, readOnly: true, isolation: .repeatableRead) {
            transaction in
            var output = ExportOutput(format: format, write: write)
            switch kind {
            case .documents: try transaction.exportDocuments(to: &output)
            case .clients: try transaction.exportClients(to: &output)
            case .items: try transaction.exportItems(to: &output)
            }
            try output.finish()
        }
    }
}

/// Gathers what goes out, in either format.
struct ExportOutput {
    private static let pieceBytes = 1 << 16

    let format: SalesExport.Format
    let write: ([UInt8]) throws -> Void
    private var buffer: [UInt8] = []
    private var isFirst = true

    init(format: SalesExport.Format, write: @escaping ([UInt8]) throws -> Void) {
        self.format = format
        self.write = write
    }

    /// The names of the columns; JSON names every member itself.
    mutating func heading(_ names: [String]) throws {
        if format == .csv { try put(CSV.line(names, separator: ",", guardingFormulas: false).utf8) }
    }

    mutating func row(_ fields: [String]) throws {
        try put(CSV.line(fields, separator: ",", guardingFormulas: false).utf8)
    }

    mutating func element(_ json: JSON) throws {
        try put((isFirst ? "[\n" : ",\n").utf8)
        isFirst = false
        try put(json.bytes)
    }

    mutating func finish() throws {
        if format == .json { try put((isFirst ? "[]\n" : "\n]\n").utf8) }
        try write(buffer)
        buffer = []
    }

    private mutating func put(_ bytes: some Sequence<UInt8>) throws {
        buffer += bytes
        if buffer.count >= ExportOutput.pieceBytes {
            try write(buffer)
            buffer.removeAll(keepingCapacity: true)
        }
    }
}
