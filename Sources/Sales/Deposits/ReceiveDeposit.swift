import Basics
import Core
import Database

extension Transaction {
    /// Money for a request arrived, all of it or a part: the deposit invoice of that amount is issued
    /// and paid, and nothing of it happens without the rest. Answers the payment.
    public func receiveDeposit(_ id: DepositRequest.ID, _ receipt: RefundDraft) throws -> Payment {
        try check(receipt.amount, on: receipt.day)
        let (request, order) = try lockedDepositRequest(id)
        guard request.status == .requested else { throw Problem.depositIsNotExpected }
        guard request.leftToInvoice > .zero else { throw Problem.depositIsInvoiced }
        guard receipt.amount <= request.leftToInvoice else {
            let left = request.leftToInvoice
            throw Problem.invalid(
                "amount",
                Text(
                    "\(Language.french.money(left, request.currency)) au plus pour cette demande ; "
                        + "enregistrez le reste comme un paiement du client.",
                    "At most \(Language.english.money(left, request.currency)) for this request; "
                        + "record the rest as a payment of the client."))
        }
        try checkDeposit(receipt.amount, on: order, field: "amount", of: request)
        let isWhole = receipt.amount == request.amount
        let invoice = try issue(
            DepositToIssue(
                order: order, amount: receipt.amount,
                percentage: isWhole ? request.percentage : .zero, request: request,
                receivedOn: receipt.day), on: today)
        let payment = try recordPayment(
            PaymentDraft(
                client: request.clientID, method: receipt.method, day: receipt.day,
                amount: receipt.amount, reference: receipt.reference, notes: receipt.notes,
                settlements: [PlannedAllocation(invoice.id, receipt.amount)]))
        try record(
            .depositReceived, .depositRequest, id.value, label: request.number,
            details: [
                "amount": JSON(receipt.amount), "by": .string(payment.number),
                "number": JSON(invoice.number),
            ])
        return payment
    }
}
