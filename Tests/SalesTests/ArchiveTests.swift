import Basics
import Foundation
import TestSupport
import Testing

@testable import Core
@testable import Sales

@Suite struct ArchiveTests {
    @Test func anArchiveHoldsTheKeptPDFOfEachDocumentAndAnIndex() throws {
        let test = try TestApplication(
            Invoicing.self, EInvoices.self, Payments.self, Books.self)
        let client = try test.client()
        let invoices = try (1...3).map { _ in try test.issued(for: client) }
        let today = try test.today
        let answer = try test.post(
            "/books/archives", ["from": today.iso, "to": today.iso], as: .accountant)
        #expect(answer.status == 303)
        let waiting = try test.get("/books/archives", as: .accountant)
        #expect(waiting.text.contains("En préparation"))
        try JobRunner(test.application, only: test.organisationID).runDue()
        let archive = try #require(try test.read { try $0.invoiceArchives(most: 1) }.first)
        #expect(archive.state == .ready)
        #expect(archive.documents == 3)
        let path = archive.path(test.application)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        // Names and SHA-256 of the entries, which the program that wrote them does not read.
        process.arguments = [
            "-c",
            """
            import hashlib, sys, zipfile
            with zipfile.ZipFile(sys.argv[1]) as archive:
                assert archive.testzip() is None
                for name in archive.namelist():
                    print(name, hashlib.sha256(archive.read(name)).hexdigest())
                print(archive.read("index.csv").decode("utf-8-sig"))
            """, path,
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let said = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(process.exitCode() == 0)
        for invoice in invoices {
            let kept = try #require(try test.read { try $0.knownDocument(of: invoice.id) })
            #expect(said.contains("factures/\(invoice.number ?? "").pdf \(kept.sha256)"))
            #expect(said.contains("\(invoice.number ?? "");"))
        }
        let file = try test.get("/books/archives/\(archive.id)/file", as: .accountant)
        #expect(file.status == 200)
        #expect(file.response.headers["Content-Type"] == "application/zip")
        #expect(try test.get("/books/archives/\(archive.id)/file", as: .agent).status == 403)
    }

    @Test func daysWithoutDocumentsAreRefusedAtTheirField() throws {
        let test = try TestApplication(Invoicing.self, Books.self)
        let answer = try test.post(
            "/books/archives", ["from": "2020-01-01", "to": "2020-01-31"], as: .owner)
        #expect(answer.status == 422)
        #expect(answer.text.contains("Aucune pièce émise"))
    }
}
