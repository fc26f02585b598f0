import Basics
import Core
import Foundation
import TestSupport
import Testing

@testable import Sales

/// Invoices that come by a drop folder.
struct InvoiceDropTests {
    @Test func aFolderIsEmptiedAndAFileThatComesAgainIsKnown() throws {
        let samples = try InvoiceSamples()
        let folder = NSTemporaryDirectory() + "comptoir-drop-\(UniqueID.make(at: .now))"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func put(_ content: [UInt8], _ name: String) throws {
            try Data(content).write(to: URL(fileURLWithPath: folder + "/" + name))
        }
        func take() throws -> [InvoiceDrop.Result] {
            try InvoiceDrop.run(
                folder, organisation: samples.test.organisation.slug, moves: true,
                pool: TestDatabase.pool, vault: samples.test.application.vault,
                now: samples.test.clock.now,
                program: samples.test.application.program)
        }
        try put(samples.pdf, "a.pdf")
        try put(Array("rien".utf8), "b.xml")
        try put(Array("en cours".utf8), "c.xml.part")
        #expect(try take().map(\.outcome) == [.received, .refused])
        #expect(FileManager.default.fileExists(atPath: folder + "/received/a.pdf"))
        let reason = try String(
            contentsOfFile: folder + "/refused/b.xml.txt", encoding: .utf8)
        #expect(reason.contains("ni un PDF ni du XML"))
        try put(samples.pdf, "encore.pdf")
        #expect(try take().map(\.outcome) == [.known])
        #expect(try samples.count() == 1)
        #expect(FileManager.default.fileExists(atPath: folder + "/c.xml.part"))
    }

    /// A platform that works with folders: it takes what was filed, and answers with messages.
    @Test func aPlatformRejectsByAMessageAndItsReasonIsShown() throws {
        let samples = try InvoiceSamples()
        let folder = NSTemporaryDirectory() + "comptoir-platform-\(UniqueID.make(at: .now))"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let slug = try samples.test.organisation.slug
        func file() throws -> [String] {
            try PlatformFolder.fileInvoices(
                in: folder, organisation: slug, pool: TestDatabase.pool,
                now: samples.test.clock.now
            ).map(\.number)
        }
        func hear(_ status: Int, _ number: String, _ name: String) throws -> [InvoiceDrop.Result] {
            let xml = """
                <rsm:CrossDomainAcknowledgementAndResponse xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100" xmlns:ram="r" xmlns:udt="u">
                <rsm:ExchangedDocument><ram:ID>\(name)</ram:ID><ram:IssueDateTime><udt:DateTimeString format="204">20261121093000</udt:DateTimeString></ram:IssueDateTime>
                <ram:IssuerTradeParty><ram:Name>Plateforme Essai</ram:Name></ram:IssuerTradeParty></rsm:ExchangedDocument>
                <rsm:AcknowledgementDocument><ram:ReferenceReferencedDocument><ram:IssuerAssignedID>\(number)</ram:IssuerAssignedID>
                <ram:ProcessConditionCode>\(status)</ram:ProcessConditionCode><ram:SpecifiedDocumentStatus>
                <ram:ReasonCode>REJ_ADR</ram:ReasonCode><ram:Reason>SIREN absent</ram:Reason></ram:SpecifiedDocumentStatus>
                </ram:ReferenceReferencedDocument></rsm:AcknowledgementDocument></rsm:CrossDomainAcknowledgementAndResponse>
                """
            let path = folder + "/" + name
            try Data(xml.utf8).write(to: URL(fileURLWithPath: path))
            return try InvoiceDrop.run(
                path, organisation: slug, moves: false, pool: TestDatabase.pool,
                vault: samples.test.application.vault,
                now: samples.test.clock.now, program: samples.test.application.program)
        }
        let number = try #require(try file().first)
        let name = PlatformFolder.fileName(of: number)
        let filed = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
        #expect(Array(filed) == samples.pdf)
        // Nothing is filed twice.
        #expect(try file() == [])
        #expect(try hear(213, number, "a.xml").map(\.outcome) == [.received])
        // Delivered once more, and one that should have come before.
        #expect(try hear(213, number, "a.xml").map(\.outcome) == [.received])
        #expect(try hear(201, number, "b.xml").map(\.outcome) == [.received])
        #expect(try hear(201, "INCONNUE", "c.xml").map(\.outcome) == [.refused])
        let id = try samples.test.read { transaction in
            try transaction.value(
                """
                SELECT id FROM invoices
                WHERE organisation_id = \(transaction.organisation) AND number = \(number)
                """) as Invoice.ID?
        }
        let entries = try samples.test.read { try $0.lifeCycle(ofSent: #require(id)) }
        #expect(Set(entries.map(\.status)) == [.filed, .rejected, .issued])
        #expect(entries.count == 3)
        let page = try samples.test.get("/invoices/" + (id?.description ?? "")).text
        #expect(page.contains("L’adresse du client n’est pas dans l’annuaire : SIREN absent"))
        #expect(page.contains("Vérifiez le SIREN du client"))
    }
}
