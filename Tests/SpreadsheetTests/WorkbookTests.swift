import Foundation
import TestSupport
import Testing

@testable import Spreadsheet

@Suite struct WorkbookTests {
    /// The XML of the sheet, read by the system's own unzip of Python.
    private func sheet(_ bytes: [UInt8]) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "workbook-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (book, out) = (folder.appending(path: "a.xlsx"), folder.appending(path: "out"))
        try Data(bytes).write(to: book)
        FileManager.default.createFile(atPath: out.path, contents: nil)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [
            "-c",
            "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); "
                + "print(z.read('xl/worksheets/sheet1.xml').decode())", book.path,
        ]
        process.standardOutput = try FileHandle(forWritingTo: out)
        try process.run()
        #expect(process.exitCode() == 0)
        return try String(contentsOf: out, encoding: .utf8)
    }

    @Test func textThatLooksLikeAFormulaStaysText() throws {
        let book = try Workbook(name: "Clients", headings: ["Nom"])
        try book.add([.text("=HYPERLINK(\"http://example.org\")")])
        try book.add([.text("{=1+1}")])
        let xml = try sheet(book.finish())
        #expect(!xml.contains("<f>"))
        #expect(xml.contains("=HYPERLINK(&quot;") || xml.contains("=HYPERLINK(\""))
    }

    @Test func numbersAndDaysAreNumbers() throws {
        let book = try Workbook(name: "Factures", headings: ["Total", "Date"])
        try book.add([.number(-123_456, decimals: 2), .day(year: 2026, month: 11, day: 21), .empty])
        let xml = try sheet(book.finish())
        #expect(xml.contains("<v>-1234.56</v>"))
        // Days since 30 December 1899, as spreadsheets count.
        #expect(xml.contains("<v>46347</v>"))
    }

    @Test func aNameOrATextThatTheFormatDoesNotAllowIsCutToWhatItAllows() throws {
        #expect(Workbook.sheetName("a/b:[c]*?\\'" + String(repeating: "x", count: 40)).count == 31)
        let long = String(repeating: "é", count: 20_000)
        #expect(Workbook.fitting(long).utf8.count == 32_766)
        let book = try Workbook(name: "a/b", headings: [long])
        try book.add([.text(long)])
        #expect(try !book.finish().isEmpty)
    }
}
