import TestSupport
import Testing

@testable import Core
@testable import Sales

/// Every list goes out as CSV and as a workbook.
@Suite struct ListFileTests {
    private static let lists = [
        "/clients/export", "/items/export", "/quotes/export", "/orders/export",
        "/invoices/export", "/payments/export", "/receivables/export", "/receivables/invoices",
        "/mails/export", "/journal/export", "/jobs/export",
        "/statistics/lines", "/statistics/settlements", "/statistics/revenue",
        "/statistics/payments", "/statistics/receivables", "/statistics/clients",
        "/statistics/items", "/statistics/quotes", "/statistics/orders",
    ]

    @Test func everyListComesInBothFormatsWithItsType() throws {
        let test = try RandomBusiness(9, steps: 3).test
        for list in Self.lists {
            for format in TableFile.Format.allCases {
                let answer = try test.get("\(list)?format=\(format.rawValue)")
                let headers = answer.response.headers
                #expect(answer.status == 200, "\(list)")
                #expect(headers["Content-Type"] == format.type, "\(list)")
                #expect(
                    headers["Content-Disposition"]?.hasSuffix(".\(format.rawValue)\"") == true,
                    "\(list)")
                guard case .bytes(let bytes) = answer.response.body else { continue }
                // A workbook is a ZIP archive; CSV begins with the mark of UTF-8.
                let start: [UInt8] = format == .xlsx ? [0x50, 0x4B, 3, 4] : [0xEF, 0xBB, 0xBF]
                #expect(Array(bytes.prefix(start.count)) == start, "\(list)")
            }
        }
    }

    @Test func everyListOffersItsFilesWithItsFilters() throws {
        let test = try RandomBusiness(10, steps: 3).test
        for list in ["clients", "items", "quotes", "orders", "invoices", "payments"] {
            let text = try test.get("/\(list)?q=zz").text
            #expect(text.contains("/\(list)/export?q=zz&amp;format=xlsx"), "\(list)")
        }
    }
}
