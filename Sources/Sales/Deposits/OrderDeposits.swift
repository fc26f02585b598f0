import Basics
import Core
import Markup

/// On the page of an order: what was asked for beforehand, and what of it waits to be deducted.
struct OrderDeposits {
    let record: OrderRecord
    let request: Request

    init(_ record: OrderRecord, _ request: Request) {
        self.record = record
        self.request = request
    }

    private var say: Language { request.say }
    private func money(_ amount: Amount) -> String { say.money(amount, record.order.currency) }

    var card: HTML {
        guard !record.depositRequests.isEmpty || record.depositsHeld > .zero else { return .empty }
        let held =
            record.depositsHeld > .zero
            ? say(
                "à déduire \(money(record.depositsHeld))", "\(money(record.depositsHeld)) to deduct"
            )
            : ""
        return RecordParts(request).card(
            "deposits", Text("Acomptes", "Deposits"), sub: held,
            "<ul class=\"rows\">\(record.depositRequests, row)</ul>")
    }

    private func row(_ deposit: DepositRequest) -> HTML {
        let day = say.shortDay(deposit.dueOn, today: request.today)
        return """
            <li><span class="ic">\(request.icon("hand-coins"))</span><div><a href="\(deposit.path)">\(deposit.number)</a> \
            \(DepositPill(deposit, on: request.today, request).html)<small>\(say("à payer avant le", "due")) \(day)</small></div>\
            <span class="num">\(money(deposit.amount))</span></li>
            """
    }
}
