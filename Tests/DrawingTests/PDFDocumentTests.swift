import Foundation
import Synchronization
import Testing

@testable import Drawing

@Suite struct PDFDocumentTests {
    private let plain = TextStyle(size: 10)

    @Test func documentBearsItsTitleAuthorPagesAndSize() throws {
        let document = try newDocument(createdAt: 1_795_255_200)
        for _ in 0..<3 { document.beginPage() }
        #expect(document.pageCount == 3)
        let folder = Folder()
        let file = folder.write(try document.finish(), as: "a.pdf")
        let info = try run("env", "TZ=UTC", "pdfinfo", file)
        #expect(info.contains("Facture n° F-2026-0042"))
        #expect(info.contains("Électricité Gérard & Fils"))
        #expect(info.contains("Été"))
        #expect(info.contains("Pages:           3\n"))
        #expect(info.contains("(A4)"))
        #expect(info.contains("Nov 21 10:00:00 2026 UTC"))
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
        (1_795_255_200, "2026-11-21T10:00:00Z"), (1_735_689_599, "2024-12-31T23:59:59Z"),
        (-1, "1969-12-31T23:59:59Z"),
    ])
    func secondsBecomeCalendarDates(seconds: Int64, expected: String) {
        #expect(timestamp(seconds) == expected)
    }

    @Test func documentWithoutDateShowsNone() throws {
        let folder = Folder()
        let file = folder.write(try newDocument().finish(), as: "a.pdf")
        #expect(try !run("pdfinfo", file).contains("CreationDate"))
    }

    @Test func textIsReadBackInOrderWithItsAccents() throws {
        let lines = [
            "Prise de vue aérienne — œuvre d’été", "Ça coûte 1 234,56 €, soit « très » peu",
            "Zażółć gęślą jaźń, Ñandú, Ğüşiö, ΑΒΓ", "officiel <b>pas de balise</b> & fin",
        ]
        let pdf = try page { document in
            var y = 40.0
            for line in lines { y += document.text(line, x: 40, y: y, style: plain) }
        }
        #expect(try textByPage(of: pdf)[0] == lines.joined(separator: "\n") + "\n")
    }

    @Test func fontsAreEmbeddedSubsetsOfTheGivenFilesOnly() throws {
        let pdf = try page { document in
            document.text("Normal", x: 40, y: 40, style: plain)
            document.text("Gras", x: 40, y: 60, style: TextStyle(weight: .bold))
            document.text("Demi", x: 40, y: 80, style: TextStyle(weight: .semibold))
            document.text("Italique", x: 40, y: 100, style: TextStyle(italic: true))
        }
        let folder = Folder()
        let table = try run("pdffonts", folder.write(pdf, as: "a.pdf")).split(separator: "\n")
        let rows = table.dropFirst(2)
        #expect(rows.count == 3)
        for row in rows {
            #expect(row.contains("+LiberationSans"))
            #expect(row.contains("TrueType"))
            // Embedded, subset, with a table back to Unicode.
            #expect(row.contains("yes yes yes"))
        }
    }

    @Test func sameCallsGiveSameBytes() throws {
        #expect(try sample("x") == sample("x"))
        #expect(try sample("x") != sample("y"))
    }

    @Test func fourThreadsDrawAtOnceAndAgree() throws {
        let expected = try (0..<8).map { try sample("page \($0)") }
        let differing = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            for round in 0..<24 {
                let pdf = try? sample("page \(round % 8)")
                if pdf != expected[round % 8] { differing.withLock { $0 += 1 } }
            }
        }
        #expect(differing.withLock { $0 } == 0)
    }

    @Test func abandonedDocumentGivesItsFontsBack() throws {
        let fonts = try FontSet.liberationSans()
        for _ in 0..<100 {
            let document = try PDFDocument(title: "", author: "", fonts: fonts)
            document.beginPage()
            document.text("à moitié", x: 0, y: 0, style: plain)
        }
        let document = try PDFDocument(title: "", author: "", fonts: fonts)
        #expect(try !document.finish().isEmpty)
    }

    @Test func coordinateThatIsNoNumberIsAnErrorNotAWrongPage() throws {
        let document = try newDocument()
        document.beginPage()
        document.line(from: (.nan, 0), to: (10, .infinity), width: .nan)
        document.rectangle(x: .infinity, y: 0, width: -5, height: .nan, fill: .ink)
        document.text("a", x: .nan, y: .nan, style: TextStyle(size: .nan, lineGap: .nan))
        // Either answer is right, as long as nothing crashes and a PDF that comes out is whole.
        if let pdf = try? document.finish() { _ = try textByPage(of: pdf) }
    }

    @Test func fontFilesThatCannotServeAreRefusedByName() throws {
        let folder = Folder()
        let notFont = folder.write(Array("OTTO and so on".utf8), as: "a.ttf")
        #expect(throws: DrawingError.font(path: notFont)) {
            try FontSet(family: "A", files: [notFont])
        }
        #expect(throws: DrawingError.font(path: "/nowhere.ttf")) {
            try FontSet(family: "A", files: ["/nowhere.ttf"])
        }
    }

    @Test func colorsAreReadFromHexadecimal() {
        #expect(Color(hex: "#FF8000") == Color(red: 1, green: 128.0 / 255, blue: 0))
        #expect(Color(hex: "fff") == .white)
        for wrong in ["", "#", "#12", "12345", "#GG0000", "#1234567", "é12345"] {
            #expect(Color(hex: wrong) == nil)
        }
    }

    private func sample(_ title: String) throws -> [UInt8] {
        let logo = PNGWriter.rgb(width: 20, height: 10) { x, y in (UInt8(x * 12), UInt8(y), 9) }
        let image = try Image(png: logo)
        return try page { document in
            document.text(title + " é 😀 العربية", x: 40, y: 40, width: 200, style: plain)
            document.text("Gras", x: 40, y: 90, style: TextStyle(size: 14, weight: .bold))
            document.image(image, x: 300, y: 40, width: 100)
            try document.qrCode(title, x: 40, y: 300, side: 80)
        }
    }
}
