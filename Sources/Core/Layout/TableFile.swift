import Basics
import Spreadsheet

/// One cell of a table that goes out as a file.
public enum TableCell: Sendable {
    case text(String)
    case amount(Amount, Currency)
    /// So many units of the last decimal; zeros at the end are left out.
    case number(Int, decimals: Int)
    case day(Day?)
    case empty

    public static func count(_ number: Int) -> TableCell { .number(number, decimals: 0) }
}

/// A table as a file, row by row: CSV for programs and old spreadsheets, XLSX for people. No text in it
/// is ever run as a formula.
public final class TableFile {
    public enum Format: String, Sendable, CaseIterable {
        case csv, xlsx

        public var label: Text {
            switch self {
            case .csv: Text("CSV", "CSV")
            case .xlsx: Text("Excel (XLSX)", "Excel (XLSX)")
            }
        }

        var type: String {
            switch self {
            case .csv: "text/csv; charset=utf-8"
            case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            }
        }
    }

    private let name: String
    private let format: Format
    private let say: Language
    private var text: String
    private let workbook: Workbook?

    /// `name` is that of the file, without its suffix.
    public init(_ name: String, _ headings: [String], _ format: Format, _ say: Language) throws {
        self.name = name
        self.format = format
        self.say = say
        // The mark tells spreadsheets that this is UTF-8.
        text = format == .csv ? "\u{FEFF}" + CSV.line(headings) : ""
        workbook = format == .xlsx ? try Workbook(name: name, headings: headings) : nil
    }

    public func add(_ cells: [TableCell]) throws {
        if let workbook {
            guard !workbook.isFull else { throw Problem.tooManyRows }
            try workbook.add(cells.map(\.spreadsheetCell))
        } else {
            text += CSV.line(cells.map { $0.text(say) })
        }
    }

    public func reply() throws -> Reply {
        .file(
            try workbook?.finish() ?? Array(text.utf8), name: "\(name).\(format.rawValue)",
            type: format.type)
    }
}

extension Problem {
    fileprivate static let tooManyRows = Problem.tooLarge(
        Text(
            "Trop de lignes pour un classeur : exportez en CSV ou filtrez la liste.",
            "Too many rows for a workbook: export as CSV or filter the list."))
}

extension TableCell {
    /// As a spreadsheet of this language reads it: `1234,50`.
    fileprivate func text(_ say: Language) -> String {
        switch self {
        case .text(let text): text
        case .amount(let amount, let currency):
            ScaledDecimal.plain(
                amount.minorUnits, decimals: currency.exponent, point: say(",", "."))
        case .number(let units, let decimals):
            ScaledDecimal.plain(
                units, decimals: decimals, minimumDecimals: 0, point: say(",", "."))
        case .day(let day): day?.iso ?? ""
        case .empty: ""
        }
    }

    fileprivate var spreadsheetCell: Cell {
        switch self {
        case .text(let text): return text.isEmpty ? .empty : .text(text)
        case .amount(let amount, let currency):
            return .number(amount.minorUnits, decimals: currency.exponent)
        case .number(var units, var decimals):
            // 450 rather than 450.000000.
            while decimals > 0, units % 10 == 0 { (units, decimals) = (units / 10, decimals - 1) }
            return .number(units, decimals: decimals)
        case .day(let day):
            // Sheets begin in 1900: an older day stands as text.
            guard let parts = day?.components else { return .empty }
            return parts.year < 1900
                ? .text(day?.iso ?? "")
                : .day(year: parts.year, month: parts.month, day: parts.day)
        case .empty: return .empty
        }
    }
}

extension Request {
    /// What the person wants a table as: `?format=xlsx`, CSV otherwise.
    public func tableFile(_ name: Text, _ headings: [Text]) throws -> TableFile {
        let format = http.query["format"].flatMap(TableFile.Format.init) ?? .csv
        return try TableFile(say(name), headings.map { say($0) }, format, say)
    }
}
