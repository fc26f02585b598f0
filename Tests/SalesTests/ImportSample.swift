import Basics
import Core
import Database
import FoundationEssentials
@testable import Sales
import TestSupport

/// A small file of sales in the form of the shipped mapping, and an organisation that takes it.
struct ImportSample {
    static let heading =
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"

    let test: TestApplication
    let mapping: SalesMapping

    init(currency: Currency = .pound) throws {
        test = try TestApplication(
            Clients.self, Invoicing.self, currency: currency, language: .english)
        mapping = try SalesMapping.named(
            "online-retail", folder: TestDatabase.repository + "/Resources/mappings")
    }

    func run(_ text: String, report: String? = nil) throws -> SalesImportResult {
        try run(bytes: Array(text.utf8), report: report)
    }

    func run(lines: [String], report: String? = nil) throws -> SalesImportResult {
        try run(([ImportSample.heading] + lines).joined(separator: "\n") + "\n", report: report)
    }

    func run(bytes: [UInt8], report: String? = nil) throws -> SalesImportResult {
        let path =
            FileManager.default.temporaryDirectory.path
            + "/sales-\(UniqueID.make(at: .now)).csv"
        try Data(bytes).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try run(file: path, report: report)
    }

    func run(
        file: String, report: String? = nil, progress: (SalesImport.Progress) -> Void = { _ in }
    ) throws -> SalesImportResult {
        try SalesImport.run(
            file: file, organisation: test.organisation.slug, mapping: mapping,
            pool: TestDatabase.pool, report: report, progress: progress)
    }
}
