import Basics
import EInvoice
import Foundation
import TestSupport

@testable import Core
@testable import Sales

/// Files as suppliers send them, made from invoices that Comptoir issued: their seller is Alta Vista
/// Drones (SIREN 732829320).
struct InvoiceSamples {
    let test: TestApplication
    let pdf: [UInt8]
    let xml: String

    init() throws {
        test = try TestApplication(
            Clients.self, Catalogue.self, Quotes.self, Orders.self, Invoicing.self, EInvoices.self,
            Payments.self, ReceivedInvoices.self, Suppliers.self)
        let issued = try test.issued(
            [test.item(quantity: 20_000, price: 450)],
            for: test.client { $0.vatNumber = "FR96552100554" })
        let kept = try test.write { try $0.keptDocument(of: issued) }
        pdf = kept.content
        xml = kept.cii ?? ""
    }

    /// The XML with something else in it.
    func changed(_ old: String, _ new: String) -> [UInt8] {
        Array(xml.replacingOccurrences(of: old, with: new).utf8)
    }

    func send(_ content: [UInt8], named name: String = "facture.xml") throws -> Answer {
        try test.upload("/received-invoices", content, named: name)
    }

    /// The invoice that a file became.
    func received(_ content: [UInt8], named name: String = "facture.xml") throws -> ReceivedInvoice
    {
        let incoming = try IncomingInvoice(
            content, named: name, by: test.application.program)
        return try test.write { try $0.receiveInvoice(incoming, by: .upload).invoice }
    }

    func count() throws -> Int {
        try test.read { transaction in
            try transaction.value(
                """
                SELECT count(*) FROM received_invoices
                WHERE organisation_id = \(transaction.organisation)
                """) ?? 0
        }
    }

    /// The PDF after a program of the system, qpdf, worked on it.
    func pdf(_ arguments: [String], attaching extra: [UInt8]? = nil) throws -> [UInt8] {
        let folder = NSTemporaryDirectory() + "comptoir-\(UniqueID.make(at: .now))"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data(pdf).write(to: URL(fileURLWithPath: folder + "/in.pdf"))
        if let extra {
            try Data(extra).write(to: URL(fileURLWithPath: folder + "/plan.xml"))
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/qpdf")
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.arguments = ["in.pdf"] + arguments + ["out.pdf"]
        try process.run()
        _ = process.exitCode()
        return Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/out.pdf")))
    }
}
