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
                pool: TestDatabase.pool, now: samples.test.clock.now,
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
}
