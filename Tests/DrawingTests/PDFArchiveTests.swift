import Foundation
import Testing

@testable import Drawing

@Suite struct PDFArchiveTests {
    private static let xml = Array("<invoice>é</invoice>".utf8)

    private func archived(attaching attachment: PDFArchive.Attachment?) throws -> [UInt8] {
        let document = try newDocument(createdAt: 1_795_255_200)
        document.beginPage()
        document.text("Facture", x: 40, y: 40, style: TextStyle(size: 10))
        let archive = PDFArchive(
            title: "Facture (n° 1) \\ été", author: "Gérard & Fils", producer: "Comptoir",
            language: "fr", createdAt: 1_795_255_200, attachment: attachment,
            metadata: XMPSchema(
                prefix: "fx", namespace: "urn:example:1#", title: "Example",
                properties: [(name: "Version", value: "1 < 2", meaning: "a & b")]))
        return try archive.bytes(of: document.finish(), colors: .sRGB())
    }

    private var attached: PDFArchive.Attachment {
        PDFArchive.Attachment(
            name: "invoice.xml", mimeType: "text/xml", description: "Invoice", bytes: Self.xml)
    }

    @Test func theAttachmentIsFoundByOthersAndByUs() throws {
        let folder = Folder()
        let bytes = try archived(attaching: attached)
        let file = folder.write(bytes, as: "a.pdf")
        try run("qpdf", "--check", file)
        #expect(try run("pdfdetach", "-list", file).hasPrefix("1 embedded files\n1: invoice.xml"))
        let found = try PDFFile(bytes).attachments(named: ["invoice.xml"])
        #expect(found.map(\.bytes) == [Self.xml])
        #expect(try PDFFile(bytes).attachments(named: ["other.xml"]).isEmpty)
    }

    @Test func titleAndAuthorAreSaidOnceAndAlike() throws {
        let folder = Folder()
        let file = folder.write(try archived(attaching: attached), as: "a.pdf")
        let info = try run("env", "TZ=UTC", "pdfinfo", file)
        #expect(info.contains("Facture (n° 1) \\ été"))
        #expect(info.contains("Gérard & Fils"))
        #expect(info.contains("Nov 21 10:00:00 2026 UTC"))
        let metadata = try run("pdfinfo", "-meta", file)
        #expect(metadata.contains("<pdfaid:part>3</pdfaid:part>"))
        #expect(metadata.contains("<fx:Version>1 &lt; 2</fx:Version>"))
    }

    @Test func theSameDocumentHasTheSameBytes() throws {
        #expect(try archived(attaching: attached) == archived(attaching: attached))
        #expect(try archived(attaching: nil) != archived(attaching: attached))
    }

    @Test(arguments: ["", "words", "%PDF-1.7\nwords", "%PDF-1.7\n%%EOF"])
    func whatIsNoPDFIsRefused(text: String) {
        #expect(throws: DrawingError.self) { try PDFFile(Array(text.utf8)) }
    }

    @Test func aMissingProfileIsNamed() {
        #expect(throws: DrawingError.colors(path: "/nowhere")) {
            try ColorProfile.sRGB(path: "/nowhere")
        }
    }

    @Test func unpackingStopsAtItsLimit() throws {
        // 1,000 zeros, packed by zlib.
        let packed: [UInt8] = [
            0x78, 0x9C, 0x63, 0x60, 0x18, 0x05, 0xA3, 0x60, 0x14, 0x0C, 0x77, 0x00, 0x00, 0x03,
            0xE8, 0x00, 0x01,
        ]
        #expect(try Inflate.unpack(packed, limit: 1_000) == [UInt8](repeating: 0, count: 1_000))
        #expect(throws: Inflate.Fault.tooLarge) { try Inflate.unpack(packed, limit: 999) }
        for damaged in [Array(packed.dropLast(8)), [1, 2, 3]] {
            #expect(throws: Inflate.Fault.damaged) { try Inflate.unpack(damaged, limit: 1_000) }
        }
    }
}
