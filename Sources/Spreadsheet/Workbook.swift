import CXLSX
import Glibc

/// A workbook of one sheet (Office Open XML, `.xlsx`), written row by row: memory holds one row.
///
/// Text is always written as text, never as a formula, whatever it begins with.
///
/// For one thread.
public final class Workbook {
    /// What the file format allows, its heading included.
    public static let maximumRows = 1_048_576
    /// UTF-8 bytes of one cell: the format allows as many characters.
    static let maximumTextBytes = 32_767

    public enum Fault: Error, Equatable {
        case tooManyRows
        /// In the words of the library.
        case notWritten(String)
    }

    private let path: String
    private let book: UnsafeMutablePointer<lxw_workbook>
    private let sheet: UnsafeMutablePointer<lxw_worksheet>
    private let dayFormat: UnsafeMutablePointer<lxw_format>?
    private var numberFormats: [Int: UnsafeMutablePointer<lxw_format>] = [:]
    private var row: UInt32 = 0
    private var isOpen = true

    /// - Parameters:
    ///   - name: of the sheet; what the format does not allow in it is left out.
    ///   - headings: stay in sight when the sheet is scrolled, and filter it.
    /// - Throws: `Fault.notWritten` when there is no room for temporary files.
    public init(name: String, headings: [String]) throws {
        path = try Workbook.temporaryFile()
        var options = lxw_workbook_options()
        options.constant_memory = 1
        guard let book = workbook_new_opt(path, &options),
            let sheet = workbook_add_worksheet(book, Workbook.sheetName(name))
        else {
            unlink(path)
            throw Fault.notWritten("no workbook")
        }
        self.book = book
        self.sheet = sheet
        dayFormat = workbook_add_format(book)
        format_set_num_format(dayFormat, "yyyy-mm-dd")
        let bold = workbook_add_format(book)
        format_set_bold(bold)
        for (column, heading) in headings.enumerated() {
            let width = Double(min(40, max(12, heading.unicodeScalars.count + 4)))
            worksheet_set_column(sheet, UInt16(column), UInt16(column), width, nil)
            worksheet_write_string(sheet, 0, UInt16(column), Workbook.fitting(heading), bold)
        }
        worksheet_freeze_panes(sheet, 1, 0)
        row = 1
    }

    deinit {
        if isOpen { workbook_close(book) }
        unlink(path)
    }

    /// Whether it holds all the rows that the format allows.
    public var isFull: Bool { row >= Workbook.maximumRows }

    /// One more row below.
    ///
    /// - Throws: `Fault.tooManyRows` when it is full.
    public func add(_ cells: [Cell]) throws {
        guard !isFull else { throw Fault.tooManyRows }
        for (index, cell) in cells.enumerated() {
            let error = write(cell, UInt16(index))
            guard error == LXW_NO_ERROR else { throw Workbook.fault(error) }
        }
        row += 1
    }

    /// The whole file. Nothing can be added to it any more.
    public func finish() throws -> [UInt8] {
        isOpen = false
        let error = workbook_close(book)
        guard error == LXW_NO_ERROR else { throw Workbook.fault(error) }
        return try Workbook.bytes(path)
    }

    private func write(_ cell: Cell, _ column: UInt16) -> lxw_error {
        switch cell {
        case .empty: return LXW_NO_ERROR
        case .text(let text):
            return worksheet_write_string(sheet, row, column, Workbook.fitting(text), nil)
        case .number(let units, let decimals):
            let scale = (0..<decimals).reduce(1.0) { power, _ in power * 10 }
            return worksheet_write_number(
                sheet, row, column, Double(units) / scale, numberFormat(decimals))
        case .day(let year, let month, let day):
            var moment = lxw_datetime(
                year: Int32(year), month: Int32(month), day: Int32(day), hour: 0, min: 0, sec: 0)
            return worksheet_write_datetime(sheet, row, column, &moment, dayFormat)
        }
    }

    private func numberFormat(_ decimals: Int) -> UnsafeMutablePointer<lxw_format>? {
        if let known = numberFormats[decimals] { return known }
        let format = workbook_add_format(book)
        let pattern = "#,##0" + (decimals == 0 ? "" : "." + String(repeating: "0", count: decimals))
        format_set_num_format(format, pattern)
        numberFormats[decimals] = format
        return format
    }
}

extension Workbook {
    /// The format allows 31 characters and none of these.
    static func sheetName(_ name: String) -> String {
        let allowed = name.unicodeScalars.filter { !"[]:*?/\\'".unicodeScalars.contains($0) }
        return String(String.UnicodeScalarView(allowed.prefix(31)))
    }

    /// Cut at a whole character.
    static func fitting(_ text: String) -> String {
        guard text.utf8.count > maximumTextBytes else { return text }
        var cut = ""
        var bytes = 0
        for scalar in text.unicodeScalars {
            bytes += scalar.utf8.count
            guard bytes <= maximumTextBytes else { break }
            cut.unicodeScalars.append(scalar)
        }
        return cut
    }

    private static func fault(_ error: lxw_error) -> Fault {
        .notWritten(lxw_strerror(error).map { String(cString: $0) } ?? "error \(error.rawValue)")
    }

    private static func temporaryFile() throws -> String {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((folder + "/comptoir-XXXXXX").utf8CString)
        let file = mkstemp(&template)
        guard file >= 0 else { throw Fault.notWritten(String(cString: strerror(errno))) }
        close(file)
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "rb") else {
            throw Fault.notWritten(String(cString: strerror(errno)))
        }
        defer { fclose(file) }
        var all: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&part, 1, part.count, file), count > 0 {
            all += part.prefix(count)
        }
        return all
    }
}
