import Testing

@testable import Drawing

@Suite struct TableLayoutTests {
    private let table = TableLayout(
        x: 48,
        columns: [
            .init("Désignation", width: 259), .init("Qté", width: 50, alignment: .right),
            .init("PU HT", width: 90, alignment: .right),
            .init("Total HT", width: 100, alignment: .right),
        ], firstTop: 300, nextTop: 90, bottom: 770)
    private let tailHeight = 150.0

    private func row(_ number: Int, lines: Int = 1) -> TableLayout.Row {
        let detail = (1..<max(lines, 1)).map { "détail \($0) de r\(number)" }
        return .cells([
            .init([.init("Prestation r\(number).")] + detail.map { .init($0) }), .init("\(number)"),
            .init("10,00"), .init("q\(number)."),
        ])
    }

    private func draw(
        _ rows: [TableLayout.Row], tailHeight: Double = 150
    ) throws -> (plan: TableLayout.Plan, pdf: [UInt8]) {
        let document = try newDocument()
        let plan = table.plan(rows, tailHeight: tailHeight, measuring: document)
        table.draw(
            plan, in: document,
            page: { document, page in
                document.text(
                    "Page \(page.number)/\(page.total)", x: 450, y: 795, style: TextStyle(size: 8))
            },
            tail: { document, top in
                document.text("FINALE", x: 48, y: top, style: TextStyle())
                document.text("FOOT", x: 48, y: top + tailHeight - 12, style: TextStyle())
            })
        return (plan, try document.finish())
    }

    @Test func everyCountOfRowsIsPlannedWholeAndInOrder() throws {
        let document = try newDocument()
        for count in 0...200 {
            let rows = (0..<count).map { row($0, lines: 1 + $0 * 7 % 5) }
            let plan = table.plan(rows, tailHeight: tailHeight, measuring: document)
            #expect(plan.rowsByPage.flatMap { $0 } == Array(0..<count))
            let header = table.headerHeight(in: document)
            for (index, page) in plan.pages.enumerated() {
                let used = page.reduce(page.isEmpty ? 0 : header) { $0 + $1.height }
                let tail = index == plan.pageCount - 1 ? tailHeight : 0
                #expect(table.top(ofPage: index) + used + tail <= table.bottom + 0.01)
            }
            // Totals never stand alone after several rows.
            if count > 1 { #expect(plan.pages.last?.isEmpty == false) }
        }
    }

    @Test(arguments: [1, 7, 17, 18, 30, 61, 200])
    func pagesRepeatTheHeaderAndNumberThemselves(count: Int) throws {
        let rows = (0..<count).map { row($0, lines: 1 + $0 % 3) }
        let (plan, pdf) = try draw(rows)
        let pages = try textByPage(of: pdf)
        #expect(pages.count == plan.pageCount)
        for (index, text) in pages.enumerated() {
            #expect(text.contains("Désignation"))
            #expect(text.contains("Page \(index + 1)/\(pages.count)"))
            #expect(text.contains("FINALE") == (index == pages.count - 1))
            for number in 0..<count {
                // The row with all of its cells, or nothing of it.
                let isHere = plan.rowsByPage[index].contains(number)
                #expect(text.contains("r\(number).") == isHere)
                #expect(text.contains("q\(number).") == isHere)
                for detail in 1..<(1 + number % 3) where number % 3 > 0 {
                    #expect(text.contains("détail \(detail) de r\(number)\n") == isHere)
                }
            }
        }
        for word in try words(of: pdf) where word.text != "Page" && !word.text.contains("/") {
            #expect(word.yMax < table.bottom + 2)
        }
    }

    @Test func tailThatDoesNotFitTakesTheLastRowAlong() throws {
        // 18 rows fill the first page exactly so far that the tail has no room left.
        let rows = (0..<18).map { row($0) }
        let (plan, _) = try draw(rows)
        #expect(plan.pageCount == 2)
        #expect(plan.rowsByPage[1] == [17])
    }

    @Test func headingIsNeverAloneAtTheFoot() throws {
        let document = try newDocument()
        for before in 0...60 {
            let rows =
                (0..<before).map { row($0) } + [.heading("Deuxième partie"), row(1), row(2)]
            let plan = table.plan(rows, tailHeight: 0, measuring: document)
            let page = try #require(plan.rowsByPage.first { $0.contains(before) })
            #expect(page.contains(before + 1))
        }
    }

    @Test func rowTallerThanAPageGoesOnOnTheNextOnes() throws {
        let long = (1...400).map { "m\($0)." }.joined(separator: "\n")
        let wide = String(repeating: "y", count: 10_000)
        let rows: [TableLayout.Row] = [
            row(0), .heading("Longue"), .cells([.init(long), .init("9"), .init(wide), .init("z")]),
            row(3),
        ]
        let (plan, pdf) = try draw(rows)
        let pages = try textByPage(of: pdf)
        #expect(pages.count == plan.pageCount && pages.count > 5)
        let all = pages.joined()
        for number in 1...400 { #expect(all.contains("m\(number).\n")) }
        #expect(all.filter { $0 == "y" }.count == 10_000)
        #expect(plan.rowsByPage[0].contains(2))
        for word in try words(of: pdf) where word.text.hasPrefix("yy") {
            #expect(word.xMin >= 48 + 259 + 50 && word.xMax <= 48 + 259 + 50 + 90)
            #expect(word.yMax < table.bottom + 2)
        }
    }

    @Test func impossiblyShortPagesStillEnd() throws {
        var narrow = table
        narrow.firstTop = 760
        narrow.nextTop = 765
        let document = try newDocument()
        let plan = narrow.plan([row(0, lines: 3), row(1)], tailHeight: 900, measuring: document)
        #expect(Set(plan.rowsByPage.flatMap { $0 }) == [0, 1])
    }

    @Test func cellsMissingOrTooManyDoNoHarm() throws {
        let (_, pdf) = try draw([
            .cells([]), .cells([.init("seule")]),
            .cells((0..<9).map { .init("c\($0)") }), .text("Note sous les lignes"),
        ])
        let text = try textByPage(of: pdf)[0]
        #expect(text.contains("seule") && text.contains("c3") && !text.contains("c4"))
        #expect(text.contains("Note sous les lignes"))
    }
}
