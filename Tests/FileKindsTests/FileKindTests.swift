import FileKinds
import Testing

/// A file is what its bytes are. No test here has a name or a declared type to go by.
@Suite struct FileKindTests {
    @Test(arguments: [
        ("Nom;Ville\nAéro;Lyon\n", FileKind.text), ("BEGIN:VCARD\r\nFN:A\r\nEND:VCARD\r\n", .text),
        ("{\"a\":1}", .text), ("#!/bin/sh\necho", .text), ("%PDF-1.7\n1 0 obj\n", .pdf),
        ("\n%PDF-1.7\n1 0 obj\n", .pdf), ("<?xml version=\"1.0\"?><a/>", .xml),
        ("<!DOCTYPE html><html><body>", .html), (" <html><script>alert(1)</script>", .html),
        ("<svg onload=alert(1)>", .picture),
        ("<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>", .picture),
        ("From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\n\r\nBonjour", .mail),
        ("%!PS-Adobe-3.0\n", .document), ("", .empty),
    ])
    func textIsTold(text: String, kind: FileKind) {
        #expect(FileKind(of: Array(text.utf8)) == kind)
    }

    /// Marks of formats are short, and words that a table begins with may be one.
    @Test(arguments: [
        "MZ;Nom", "BM;Nom", "ID;Nom;Ville", "P1;P2", "GIF;Nom", "PK;Nom", "\"id\",\"a\"",
    ])
    func aTableWhoseFirstWordIsAMarkIsATable(heading: String) {
        #expect(FileKind(of: Array((heading + "\n1;2;3\n").utf8)) == .text)
    }

    @Test func aTableWhoseCellsHoldHTMLIsATable() {
        let table = "Nom;Description\nA;<!DOCTYPE html><html><body>Bonjour</body></html>\n"
        #expect(FileKind(of: Array(table.utf8)) == .text)
    }

    @Test func tablesOfOlderProgramsAreText() {
        #expect(FileKind(of: [0x4E, 0x6F, 0x6D, 0x3B, 0xE9, 0x80, 0x9C, 0x0A]) == .text)
    }

    @Test(arguments: [
        (
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52],
            FileKind.png
        ),
        (Array("GIF89a/*".utf8) + [1, 0] + Array("*/=1;alert(1);//".utf8), .picture),
        ([0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 0x4A, 0x46, 0x49, 0x46, 0], .picture),
        ([0x50, 0x4B, 3, 4, 20, 0, 0, 0], .archive),
        ([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], .archive),
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0], .document),
        ([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 62, 0], .program),
        ([0, 1, 2, 3, 0xFE, 4, 5], .unknown),
    ])
    func otherBytesAreTold(bytes: [UInt8], kind: FileKind) {
        #expect(FileKind(of: bytes) == kind)
    }

    @Test func onlyTheBeginningOfALargeFileIsLookedAt() {
        let late = [UInt8](repeating: 0x61, count: 200_000) + [0x50, 0x4B, 3, 4, 0, 0]
        #expect(FileKind(of: late) == .text)
    }

    /// libmagic's handle serves one thread at a time; sixteen ask at once.
    @Test func manyThreadsMayAskAtOnce() async {
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<16 {
                group.addTask {
                    let bytes = Array((number % 2 == 0 ? "%PDF-1.7\n" : "a;b\n1;2\n").utf8)
                    let wanted = number % 2 == 0 ? FileKind.pdf : .text
                    return (0..<50).allSatisfy { _ in FileKind(of: bytes) == wanted }
                }
            }
            for await holds in group { #expect(holds) }
        }
    }
}
