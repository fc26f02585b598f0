import Basics
import Core

extension Business {
    /// Of a hundred accepted quotes, so many asked for a deposit.
    static let depositsPerHundredQuotes = 25
    static let quotedDeposit = Percentage(hundredths: 3000)
    private static let askedDeposit = Percentage(hundredths: 4000)
    /// One older order in so many begins with a deposit.
    private static let oneDepositIn = 9

    /// The deposit that a confirmed order begins with, by how the order is to go on: the youngest show
    /// one that is expected, one that is late, and one that was called off.
    func noteDeposit(_ work: Work) {
        var dice = Dice("deposit", work.number)
        switch work.fate {
        case .underWay: noteRequest(work, dueInDays: 12) { _ in }
        case .overdue: noteRequest(work, dueInDays: 1) { _ in }
        case .suspended:
            noteRequest(work, dueInDays: 10) { [self] request in
                var dice = Dice("deposit called off", work.number)
                note(.claire, inDays: 1, &dice) {
                    _ = try $0.cancelDepositRequest(
                        request.id, note: "Le client paiera à la livraison.")
                }
            }
        case .done, .usual:
            guard work.fate == .done || work.number % Business.oneDepositIn == 4 else { return }
            let days = dice.number(0...4)
            noteRequest(work, dueInDays: 8) { [self] in noteReceipt(of: $0, inDays: days) }
        default: return
        }
    }

    private func noteRequest(
        _ work: Work, dueInDays days: Int, _ then: @escaping (DepositRequest) -> Void
    ) {
        note(.hugo, inMinutes: 6) { transaction in
            let request = try transaction.requestDeposit(
                on: work.order,
                DepositRequestDraft(
                    .percent(Business.askedDeposit), dueOn: transaction.today.adding(days: days)))
            then(request)
        }
    }

    /// The money comes. Where the order was invoiced meanwhile, the client pays the invoice instead.
    func noteReceipt(of request: DepositRequest, inDays days: Int) {
        let number = Int(request.number.filter(\.isNumber)) ?? 0
        var dice = Dice("deposit received", number)
        note(.nadia, inDays: days, &dice) { transaction in
            var dice = Dice("deposit paid", number)
            let order = try transaction.order(request.orderID)
            guard try transaction.depositRoom(of: order).total >= request.amount else {
                _ = try transaction.cancelDepositRequest(
                    request.id, note: "Payé avec la facture.")
                return
            }
            _ = try transaction.receiveDeposit(
                request.id,
                RefundDraft(
                    method: .transfer, day: transaction.today, amount: request.amount,
                    reference: "VIR \(dice.number(100_000...999_999))"))
        }
    }
}
