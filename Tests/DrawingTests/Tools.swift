import TestSupport
import Foundation

@testable import Drawing

/// One set for all tests, which run side by side.
private let sharedFonts = Result { try FontSet.liberationSans() }

/// A folder of its own for a test, removed with the last reference.
final class Folder {
    let path: String
    init() {
        path = NSTemporaryDirectory() + "drawing-" + UUID().uuidString
        try? FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ bytes: [UInt8], as name: String) -> String {
        let file = path + "/" + name
        FileManager.default.createFile(atPath: file, contents: Data(bytes))
        return file
    }
}

struct ToolFailed: Error { var command: String, status: Int32, output: String }

/// Runs a program of the machine (poppler-utils, zbar-tools) and gives what it prints.
func run(_ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    // A file rather than a pipe, whose end another child started at the same moment may hold open.
    let folder = Folder()
    let file = folder.write([], as: "output")
    let output = FileHandle(forWritingAtPath: file)
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let status = process.exitCode()
    let data = FileManager.default.contents(atPath: file) ?? Data()
    let text = String(decoding: data, as: UTF8.self)
    guard status == 0 else {
        throw ToolFailed(
            command: arguments.joined(separator: " "), status: status,
            output: text)
    }
    return text
}

/// What poppler reads in a PDF, page by page.
func textByPage(of pdf: [UInt8], layout: Bool = false) throws -> [String] {
    let folder = Folder()
    let file = folder.write(pdf, as: "document.pdf")
    let text =
        layout
        ? try run("pdftotext", "-layout", file, "-") : try run("pdftotext", "-raw", file, "-")
    return text.split(separator: "\u{0C}", omittingEmptySubsequences: false).dropLast()
        .map(String.init)
}

func newDocument(createdAt: Int64? = nil) throws -> PDFDocument {
    let fonts = try sharedFonts.get()
    return try PDFDocument(
        title: "Facture n° F-2026-0042", author: "Électricité Gérard & Fils", subject: "Été",
        fonts: fonts, createdAt: createdAt)
}

/// A PDF of one page.
func page(_ draw: (PDFDocument) throws -> Void) throws -> [UInt8] {
    let document = try newDocument()
    document.beginPage()
    try draw(document)
    return try document.finish()
}

/// A word poppler found: its text and its box in points.
struct Word { var text: String, xMin: Double, yMin: Double, xMax: Double, yMax: Double }

/// The words of a PDF with their places, read from pdftotext's XHTML.
func words(of pdf: [UInt8]) throws -> [Word] {
    let folder = Folder()
    let xml = try run("pdftotext", "-bbox", folder.write(pdf, as: "document.pdf"), "-")
    return xml.split(separator: "\n").compactMap { line in
        guard line.contains("<word ") else { return nil }
        func number(_ name: String) -> Double? {
            guard let start = line.range(of: name + "=\"")?.upperBound else { return nil }
            return Double(line[start...].prefix { $0 != "\"" })
        }
        guard let xMin = number("xMin"), let yMin = number("yMin"), let xMax = number("xMax"),
            let yMax = number("yMax"), let from = line.firstIndex(of: ">"),
            let to = line.range(of: "</word>")?.lowerBound
        else { return nil }
        return Word(
            text: String(line[line.index(after: from)..<to]), xMin: xMin, yMin: yMin, xMax: xMax,
            yMax: yMax)
    }
}

/// Writes PNG files byte by byte, so that a test can also write wrong ones.
enum PNGWriter {
    static func rgb(
        width: Int, height: Int, extraChunk: (name: String, bytes: [UInt8])? = nil,
        pixel: (Int, Int) -> (UInt8, UInt8, UInt8)
    ) -> [UInt8] {
        var raw: [UInt8] = []
        for y in 0..<height {
            raw.append(0)
            for x in 0..<width {
                let (red, green, blue) = pixel(x, y)
                raw += [red, green, blue]
            }
        }
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        file += chunk("IHDR", four(width) + four(height) + [8, 2, 0, 0, 0])
        if let extraChunk { file += chunk(extraChunk.name, extraChunk.bytes) }
        return file + chunk("IDAT", stored(raw)) + chunk("IEND", [])
    }

    static func chunk(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + bytes
        return four(bytes.count) + body + four(Int(checksum(body)))
    }

    static func four(_ value: Int) -> [UInt8] {
        (0..<4).map { UInt8(value >> (24 - 8 * $0) & 255) }
    }

    /// zlib without compression.
    static func stored(_ raw: [UInt8]) -> [UInt8] {
        var result: [UInt8] = [0x78, 0x01]
        var rest = raw[...]
        repeat {
            let part = rest.prefix(65_535)
            rest = rest.dropFirst(part.count)
            let count = part.count
            result += [rest.isEmpty ? 1 : 0, UInt8(count & 255), UInt8(count >> 8)]
            result += [UInt8(~count & 255), UInt8(~count >> 8 & 255)]
            result += part
        } while !rest.isEmpty
        var low = 1
        var high = 0
        for byte in raw {
            low = (low + Int(byte)) % 65_521
            high = (high + low) % 65_521
        }
        return result + four(high << 16 | low)
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in
                value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
            }
        }
    }
}
