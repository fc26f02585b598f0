import Basics
import Core
import Database

/// How many documents a list holds on all its pages, and their net: the figure that led there.
struct ListTotal: Record, Sendable, Equatable {
    var count: Int
    var net: Amount

    init(row: Row) throws {
        count = try row["document_count"]
        net = try row["net"]
    }

    func text(_ request: Request) -> String {
        let say = request.say
        return say.integer(count) + " · " + say.money(net, request.currency)
            + say("\u{A0}HT", " net")
    }
}
