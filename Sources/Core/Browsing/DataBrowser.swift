import Basics
import Database
import HTTP

/// The tables of the organisation as they are in the database: to look and to take away, never to change.
public enum DataBrowser: Capability {
    /// Rows of a table are counted so far for the list.
    static let mostCounted = 10_000
    /// Longest text of a cell on the page.
    static let longestText = 160

    public static func routes(_ routes: inout Routes) {
        routes.get("administration/data", .browseData, tables)
        routes.get("administration/data/:table", .browseData, rows)
        routes.get(
            "administration/data/:table/export", .browseData, reads: .export(of: .organisation),
            export)
    }

    static func tables(_ request: Request) throws -> Reply {
        let (tables, counts) = try request.read { transaction -> ([BrowsedTable], [String: Int]) in
            let tables = try transaction.browsableTables()
            return (tables, try transaction.rowCounts(of: tables, most: mostCounted + 1))
        }
        return .page(TableListPage(tables: tables, counts: counts, request: request).page)
    }

    static func rows(_ request: Request) throws -> Reply {
        let name = request.parameters["table"] ?? ""
        let page = try request.read { transaction -> TableRowsPage in
            let selection = try Self.selection(name, request, transaction, longestText: longestText)
            let position = RowPosition(request.http.query["after"])
            // A filter that cannot be read shows nothing rather than everything.
            let (rows, next) =
                selection.filter.problems.isEmpty
                ? try transaction.rows(selection, after: position) : ([], nil)
            return TableRowsPage(
                selection: selection, rows: rows, next: next, isFirst: position == nil,
                linked: Set(try transaction.browsableTables().map(\.name.text)),
                request: request)
        }
        return .page(page.page, status: page.selection.filter.problems.isEmpty ? 200 : 422)
    }

    static func export(_ request: Request) throws -> Reply {
        let name = request.parameters["table"] ?? ""
        return try request.read { transaction -> Reply in
            let selection = try Self.selection(name, request, transaction, longestText: nil)
            guard selection.filter.problems.isEmpty else {
                throw Problem.invalid(selection.filter.problems)
            }
            let shown = selection.columns.indices.filter { selection.columns[$0].kind != .secret }
            let file = try request.tableFile(
                Text(name, name),
                shown.map { place in
                    let text = selection.columns[place].name.text
                    return Text(text, text)
                })
            try transaction.eachRow(selection) { row in
                try file.add(shown.map { place in row.cells[place].map(TableCell.text) ?? .empty })
            }
            return try file.reply()
        }
    }

    private static func selection(
        _ name: String, _ request: Request, _ transaction: Transaction, longestText: Int?
    ) throws -> RowSelection {
        let (table, columns) = try transaction.browsableTable(name)
        return RowSelection(
            table: table, columns: columns,
            filter: RowFilter(request.http.query, columns, request.organisation),
            longestText: longestText)
    }
}
