import Basics
import Core
import Foundation
import TestSupport

@testable import Sales

/// A PDF as the tools of others read it: poppler its words and fonts, zbar its payment code.
struct ReadPDF {
    private let folder = TemporaryFolder("pdf")
    private let file: String
    /// The words of each page; spaces of any kind and width are one.
    let pages: [String]

    init(_ bytes: [UInt8]) throws {
        file = folder.path + "/document.pdf"
        FileManager.default.createFile(atPath: file, contents: Data(bytes))
        pages = try runTool("pdftotext", "-layout", file, "-")
            .split(separator: "\u{0C}", omittingEmptySubsequences: false).dropLast()
            .map { page in
                page.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            }
    }

    /// All pages in one.
    var text: String { pages.joined(separator: " ") }

    func contains(_ words: String) -> Bool { text.contains(words) }

    func count(_ words: String) -> Int { text.components(separatedBy: words).count - 1 }

    /// Whether each font of the file is embedded in it, by the font's name.
    func fonts() throws -> [String: Bool] {
        let rows = try runTool("pdffonts", file).split(separator: "\n").dropFirst(2)
        // name, type, encoding, emb, sub, uni, object, id; only the type has spaces.
        let columns = rows.map { $0.split(separator: " ") }
        return Dictionary(
            columns.map { (String($0[0]), $0[$0.count - 5] == "yes") },
            uniquingKeysWith: { $0 && $1 })
    }

    /// The lines of the payment code on the last page; nil when there is none.
    func paymentCode() throws -> [String]? {
        let picture = folder.path + "/page"
        let last = String(pages.count)
        try runTool(
            "pdftoppm", "-r", "200", "-png", "-singlefile", "-f", last, "-l", last, file, picture)
        // It fails where it finds nothing.
        let code = try? runTool("zbarimg", "-q", "--raw", "-Sbinary", picture + ".png")
        return code?.components(separatedBy: "\n")
    }

    /// Throws when another reader finds the file damaged.
    func check() throws { try runTool("qpdf", "--check", file) }
}

extension TestApplication {
    static func forPrinting(language: Language = .french) throws -> TestApplication {
        try TestApplication(
            Clients.self, Quotes.self, Orders.self, Invoicing.self, Sending.self,
            language: language)
    }

    /// The PDF that the page of a document offers.
    func pdf(of path: String) throws -> ReadPDF {
        let answer = try get(path + "/pdf")
        guard answer.status == 200 else { throw Problem.notFound }
        return try ReadPDF(answer.bytes)
    }
}
