import Basics
import Core
import Foundation
import TestSupport
import Testing

@testable import Sales

/// Files that are not what they are called, or two things at once: refused with a word at their field,
/// or kept and handed out such that nothing opens them.
struct HostileUploadTests {
    private static let archive: [UInt8] = [0x50, 0x4B, 3, 4, 20, 0, 0, 0, 8, 0]

    @Test(arguments: [
        ("facture.pdf", archive, "une archive"),
        (
            "facture.xml", Array("<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"x()\"/>".utf8),
            "image"
        ),
        ("facture.pdf", Array("GIF89a/*".utf8) + [1, 0] + Array("*/=1;alert(1);//".utf8), "image"),
        ("facture.pdf", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0], "un document"),
        ("facture.eml", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], "une archive"),
        (
            "facture.pdf",
            [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 62, 0],
            "un programme"
        ),
    ])
    func whatIsNoInvoiceIsNamedWhateverItIsCalled(
        name: String, content: [UInt8], word: String
    ) throws {
        let samples = try InvoiceSamples()
        let answer = try samples.send(content, named: name)
        #expect(answer.status == 422)
        #expect(answer.text.contains(word))
        #expect(answer.text.contains("f-file-e"), "at its field")
        #expect(try samples.count() == 0)
    }

    @Test func aPDFBehindAWebPageIsRefused() throws {
        let samples = try InvoiceSamples()
        let page = Array("<html><script>alert(1)</script>\n".utf8)
        let answer = try samples.send(page + samples.pdf, named: "facture.pdf")
        #expect(answer.status == 422)
        #expect(answer.text.contains("autre chose qu’un PDF"))
        #expect(
            try samples.send(Array("\n".utf8) + samples.pdf).status == 303, "an empty line is none")
    }

    @Test func aPDFWithAnArchiveBehindItIsHandedOutForNobodyToOpen() throws {
        let samples = try InvoiceSamples()
        let answer = try samples.send(samples.pdf + Self.archive, named: "facture.pdf")
        #expect(answer.status == 303)
        let file = try samples.test.get(#require(answer.location) + "/file")
        #expect(file.bytes == samples.pdf + Self.archive, "what came is kept byte by byte")
        #expect(file.response.headers["Content-Type"] == "application/octet-stream")
        #expect(
            file.response.headers["Content-Disposition"] == "attachment; filename=\"facture.pdf\"")
    }

    /// A thousandfold: what unpacks the attachment has its limits, and dies alone.
    @Test func anAttachmentThatUnpacksToFarMoreThanItsFileIsRefused() throws {
        let samples = try InvoiceSamples()
        let bomb = try samples.pdf(
            [
                "--remove-attachment=factur-x.xml", "--add-attachment", "plan.xml",
                "--filename=factur-x.xml", "--key=factur-x.xml", "--",
            ],
            attaching: [UInt8](repeating: 0x20, count: 120_000_000))
        #expect(bomb.count < 2_000_000)
        let answer = try samples.send(bomb, named: "facture.pdf")
        #expect(answer.status == 422)
        #expect(answer.text.contains("décompressée") || answer.text.contains("piégé"))
        #expect(try samples.count() == 0)
    }

    @Test func namesOfFilesNameNoFolderAndReadAsTheyAre() throws {
        let samples = try InvoiceSamples()
        let program = try samples.test.program()
        for name in [
            "../../etc/passwd", "C:\\temp\\passwd", "\u{202E}pass\u{200F}wd", "pass\r\nwd",
        ] {
            let content = samples.changed("<ram:ID>", "<ram:ID>\(UniqueID.make(at: .now))")
            let made = try program.post(
                "/received-invoices",
                ["file_name": .string(name), "content": .string(Base64.text(content))])
            #expect(made.status == 201)
            let kept = made.json?["file_name"]?.string ?? ""
            #expect(["passwd", "pass wd"].contains(kept), "\(name) became \(kept)")
        }
    }

    @Test(arguments: [
        ("clients.csv", archive, "archive"),
        ("clients.csv", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], "archive"),
        ("clients.csv", Array("<html><table><tr><td>Nom".utf8), "une page web"),
        ("clients.csv", Array("<svg onload=alert(1)>".utf8), "une image"),
        (
            "clients.csv",
            [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 62, 0],
            "pas du texte"
        ),
    ])
    func aTableThatIsNoneIsNamedWhateverItIsCalled(
        name: String, content: [UInt8], word: String
    ) throws {
        let upload = try ImportUpload()
        let answer = try upload.test.upload(
            "/imports", content, named: name, ["kind": "clients"])
        #expect(answer.status == 422)
        #expect(answer.text.contains(word))
        #expect(answer.text.contains("f-file-e"), "at its field")
    }
}
