import Basics
import Core
import HTTP

/// Where the rows behind each figure are listed.
struct FigureLinks: Sendable {
    let withImported: Bool

    private func address(_ path: String, _ pairs: [(String, String?)]) -> String {
        let given = pairs.compactMap { name, value in
            value.map { "\(name)=\(PercentEncoding.encoded($0))" }
        }
        return given.isEmpty ? path : path + "?" + given.joined(separator: "&")
    }

    private func span(_ days: ClosedRange<Day>) -> [(String, String?)] {
        [("from", days.lowerBound.iso), ("to", days.upperBound.iso)]
    }
    private var imported: (String, String?) { ("imported", withImported ? "yes" : nil) }

    func revenue(_ days: ClosedRange<Day>, of client: Client.ID? = nil) -> String {
        address(
            "/invoices",
            [("view", "issued"), ("client", client?.description)] + span(days) + [imported])
    }
    func received(_ days: ClosedRange<Day>) -> String { address("/payments", span(days)) }
    func lines(of item: Item.ID?, _ days: ClosedRange<Day>) -> String {
        address(
            InvoicedLineFilter.path,
            [("item", item?.description ?? InvoicedLineFilter.withoutItem)] + span(days)
                + [imported])
    }
    func settlements(_ days: ClosedRange<Day>) -> String {
        address(SettlementFilter.path, span(days))
    }
    func quotes(_ view: String, _ days: ClosedRange<Day>) -> String {
        address("/quotes", [("view", view)] + span(days))
    }
    func orders(_ status: OrderStatus, _ days: ClosedRange<Day>) -> String {
        address("/orders", [("view", status.rawValue)] + span(days))
    }
    func age(_ age: String) -> String { ReceivablesPage.address(client: nil, age: age) }
}
