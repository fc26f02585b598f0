import Basics
import Core
import TestSupport
import Testing

@testable import Sales

@Suite struct ExportTests {
    static let lines = [
        "C5,D,\"Discount, \"\"big\"\"\",-2,2010-12-01 09:41:00,27.505,14527.0,EIRE",
        "6,A,Text,3,2010-12-02 08:45:00,2.55,,France",
    ]

    private func export(
        _ kind: SalesExport.Kind, _ format: SalesExport.Format, _ sample: ImportSample
    ) throws -> String {
        var bytes: [UInt8] = []
        try SalesExport.run(
            organisation: sample.test.organisation.slug, kind: kind, format: format,
            pool: TestDatabase.pool, vault: sample.test.application.vault
        ) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func creditNotesComeOutNegativeWithTheirLines() throws {
        let sample = try ImportSample()
        _ = try sample.run(lines: Self.lines)
        let text = try export(.documents, .csv, sample)
        let rows = text.split(separator: "\r\n")
        #expect(rows.count == 3)
        #expect(
            rows[1]
                == "C5,credit_note,import,import,2010-12-01,2010-12-01,14527,Customer 14527,IE,GBP,"
                + "-55.01,0.00,-55.01,0.00,1,item,D,\"Discount, \"\"big\"\"\",-2,unit,27.505,O,0,-55.01"
        )
        let json = JSON(parsing: try export(.documents, .json, sample))?.array
        #expect(json?.count == 2)
        #expect(json?.first?["total_net"]?.int == -5501)
        #expect(json?.first?["lines"]?.array?.first?["quantity"]?.int == -20_000)
        #expect(json?.last?["lines"]?.array?.first?["net_amount"]?.int == 765)
    }

    @Test func anEmptyOrganisationGivesAnEmptyListThatCanBeRead() throws {
        let sample = try ImportSample()
        #expect(JSON(parsing: try export(.clients, .json, sample)) == [])
        #expect(try export(.items, .csv, sample).split(separator: "\r\n").count == 1)
    }

    @Test func clientsAndItemsComeOutInBothForms() throws {
        let sample = try ImportSample()
        _ = try sample.run(lines: Self.lines)
        let clients = try export(.clients, .csv, sample).split(separator: "\r\n")
        #expect(clients.count == 3)
        #expect(clients[1].hasPrefix("14527,company,client,Customer 14527,"))
        let items = try #require(JSON(parsing: try export(.items, .json, sample))?.array)
        #expect(items.map { $0["reference"]?.string } == ["A", "D"])
        #expect(items.map { $0["unit_price"]?.int } == [2_550_000, 27_505_000])
    }

    @Test func anUnknownOrganisationIsNamed() throws {
        let problem = #expect(throws: Problem.self) {
            try SalesExport.run(
                organisation: "nobody", kind: .clients, format: .csv, pool: TestDatabase.pool,
                vault: testVault(TestDatabase.pool)
            ) { _ in }
        }
        #expect(problem?.fields.map(\.field) == ["organisation"])
    }
}
