import Basics
import Core
import Markup

// Deposits on other pages: home and search.

extension Deposits {
    static let mostOnHome = 4

    public static var searchSources: [SearchSource] {
        [
            SearchSource(
                .depositRequest, Text("Demandes d’acompte", "Deposit requests"),
                icon: "hand-coins", .readOrders, list: "/deposit-requests"
            ) { transaction, ids, say in
                try transaction.depositRequests(withIDs: ids).map { deposit in
                    SearchRow(
                        id: deposit.id.value, title: deposit.number,
                        note: [deposit.clientName, deposit.orderNumber, say(deposit.status.label)]
                            .joined(separator: ", "),
                        amount: deposit.amount)
                }
            }
        ]
    }

    public static func addToHome(
        _ home: inout Home, _ request: Request, _ transaction: Transaction
    ) throws {
        guard request.may(.readOrders) else { return }
        let expected = try transaction.expectedDeposits(most: 100)
        guard !expected.isEmpty else { return }
        let isAnyLate = expected.contains { $0.isLate(on: request.today) }
        let receives = request.may(.writePayments)
        home.toDo.append(
            ToDoGroup(
                Text("Acomptes attendus", "Deposits expected"), icon: "hand-coins",
                tone: isAnyLate ? .warn : .info, count: expected.count,
                total: expected.map(\.openAmount).sum(),
                address: "/deposit-requests?view=requested&sort=due",
                items: expected.prefix(mostOnHome).map { deposit in
                    ToDoItem(
                        deposit.clientName, address: deposit.path, note: note(deposit, request),
                        amount: deposit.openAmount,
                        action: receives ? Text("Encaisser", "Receive") : nil,
                        actionIcon: "banknote", actionAddress: deposit.path + "/receive")
                }))
    }

    private static func note(_ deposit: DepositRequest, _ request: Request) -> HTML {
        let say = request.say
        let day = say.shortDay(deposit.dueOn, today: request.today)
        guard deposit.isLate(on: request.today) else {
            return "\(deposit.number) · \(say("à payer avant le", "due")) \(day)"
        }
        return
            "\(deposit.number) · <b class=\"late\">\(say("échu depuis le", "due since")) \(day)</b>"
    }
}
