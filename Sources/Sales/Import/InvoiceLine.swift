import Basics
import Core

// How a line becomes an opening balance: an invoice of the older program of which something is due.

extension LineReader {
    private static let drafts: Set = ["0", "draft", "brouillon", "brouillon a valider"]
    /// Dolibarr writes 2 for paid and 3 for abandoned.
    private static let settled: Set = [
        "2", "3", "paid", "payee", "soldee", "reglee", "abandonnee", "cancelled", "annulee",
        "reversed", "fermee",
    ]
    private static let creditNotes: Set = ["2", "avoir", "credit note", "credit", "facture avoir"]

    func invoiceLine(_ row: inout ImportRow) -> StagedLine {
        let amounts = ["total", "open_amount", "paid_amount", "payment"]
        for field in amounts { row.number(field, organisation.currency) }
        for field in ["issued_on", "due_on"] { row.day(field) }
        refuseOthers(&row)
        var input = row.input()
        let number = input.line("number", required: true, most: 40)
        let issuedOn = input.day("issued_on", required: true)
        var dueOn = input.day("due_on")
        let read = amounts.map { amount(&input, $0) }
        row.refuse(input.problems)
        if let issuedOn, issuedOn > today {
            row.refuse("issued_on", Text("date dans le futur", "a date in the future"))
        }
        if dueOn == nil, let issuedOn {
            dueOn = PaymentTerms(
                days: organisation.paymentDays, endOfMonth: organisation.paymentEndOfMonth
            ).dueDay(from: issuedOn)
        }
        if let issuedOn, let dueOn, dueOn < issuedOn {
            row.refuse("due_on", Text("échéance avant la date", "due before its date"))
        }
        let total = read[0] ?? read[1]
        if total == nil, row.problems.isEmpty { row.refuse("total", Input.missing) }
        var open = isSettled(row) ? .zero : read[1] ?? total.map { $0 - (read[2] ?? .zero) }
        if let total, let due = open, due > total || due < .zero, read[3] == nil {
            row.refuse("open_amount", LineProblem.openAboveTotal)
            open = nil
        }
        return line(row, number, issuedOn, dueOn, total: total, open: open, payment: read[3])
    }

    private func line(
        _ row: ImportRow, _ number: String, _ issuedOn: Day?, _ dueOn: Day?, total: Amount?,
        open: Amount?, payment: Amount?
    ) -> StagedLine {
        var line = StagedLine(row)
        let siren = CompanyNumbers.compact(row["client_siren"])
        line.reference = number
        line.siren = String(siren.prefix(9))
        line.siret = siren.count == 14 ? siren : ""
        line.email = EmailAddress.normalized(row["client_email"]) ?? ""
        line.name = PlainText.line(row["client_name"])
        line.amount = open?.minorUnits
        line.payment = row.has("open_amount") || isSettled(row) ? nil : payment?.minorUnits
        line.isSkipped = row.problems.isEmpty && open == .zero
        line.record = [
            "client_reference": .string(PlainText.line(row["client_reference"])),
            "issued_on": JSON(issuedOn), "due_on": JSON(dueOn), "total": JSON(total),
        ]
        let (say, currency) = (organisation.language, organisation.currency)
        line.shown = [
            "number": number, "issued_on": issuedOn.map { say.day($0) } ?? "",
            "due_on": dueOn.map { say.day($0) } ?? "",
            "total": total.map { say.money($0, currency) } ?? "",
            "open_amount": open.map { say.money($0, currency) } ?? "",
        ]
        return line
    }

    private func amount(_ input: inout Input, _ field: String) -> Amount? {
        input.amount(
            field, organisation.currency, in: Amount(-Amount.maximum.minorUnits)...Amount.maximum)
    }

    private func isSettled(_ row: ImportRow) -> Bool {
        row.flag("is_paid") == true
            || LineReader.settled.contains(PlainText.folded(row["status"]))
    }

    /// Credit notes, drafts and other currencies cannot become what somebody owes.
    private func refuseOthers(_ row: inout ImportRow) {
        let isNegative = row["total"].hasPrefix("-") || row["open_amount"].hasPrefix("-")
        if LineReader.creditNotes.contains(PlainText.folded(row["kind"])) || isNegative {
            row.refuse(
                isNegative ? "total" : "kind",
                Text("un avoir ne se reprend pas ici", "credit notes are not taken over here"))
        }
        if LineReader.drafts.contains(PlainText.folded(row["status"])) {
            row.refuse("status", Text("facture en brouillon", "the invoice is a draft"))
        }
        let currency = row["currency"].uppercased()
        if !currency.isEmpty, currency != organisation.currency.code {
            row.refuse(
                "currency",
                Text(
                    "votre organisation compte en \(organisation.currency.code)",
                    "your organisation keeps its books in \(organisation.currency.code)"))
        }
    }
}
