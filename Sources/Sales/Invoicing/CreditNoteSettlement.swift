import Basics
import Core
import Database

// What surrounds a credit note: the buyer that its invoice had, its date, the settlement.
extension Transaction {
    /// The buyer is the one of the invoice, even when the client's name or address changed since.
    func takeBuyer(of original: Invoice, into candidate: inout IssueCandidate) {
        guard let frozen = original.buyer.map({ Buyer($0) }) else { return }
        var client = candidate.client
        client.kind = frozen.kind
        client.name = frozen.name
        client.number = frozen.number
        client.siren = frozen.siren
        client.siret = frozen.siret
        client.vatNumber = frozen.vatNumber
        // Documents of earlier versions froze none.
        if !frozen.email.isEmpty { client.email = frozen.email }
        client.address = frozen.address
        candidate.client = client
        candidate.contact = frozen.contact
    }

    /// The invoice was right when it was issued, so only the date is looked at, the total, and what the
    /// rules ask of a credit note beyond its invoice.
    func check(
        _ candidate: IssueCandidate, _ facts: MentionFacts, correcting original: Invoice,
        on day: Day
    ) throws {
        var problems = candidate.obstacles(on: day)
            .filter { $0.place == .day }.map(\.problem)
        if let issuedOn = original.issuedOn, day < issuedOn {
            problems.append(
                FieldProblem(
                    "day",
                    Text(
                        "Un avoir ne peut pas précéder sa facture.",
                        "A credit note cannot precede its invoice.")))
        }
        if !candidate.hasDueTotal(candidate.invoice.totalGross) {
            problems.append(
                FieldProblem(
                    "lines",
                    Text("Le total doit être positif.", "The total must be above zero.")))
        }
        if problems.isEmpty {
            problems = try ruleProblems(candidate, facts, on: day, correcting: original)
        }
        guard problems.isEmpty else { throw Problem.invalid(problems) }
    }

    func settle(_ invoice: Invoice.ID, with creditNote: Invoice.ID, _ amount: Amount) throws {
        let id: ID<Allocation> = newID()
        try run(
            """
            INSERT INTO allocations
                (organisation_id, id, credit_note_id, invoice_id, amount, created_at, created_by)
            VALUES (\(organisation), \(id), \(creditNote), \(invoice), \(amount), \(now),
                \(scope.user?.id))
            """)
    }

    func recordCreditNote(_ note: Invoice, of original: Invoice, used: Amount) throws {
        try record(
            .creditNoteIssued, .invoice, note.id.value, label: note.journalLabel,
            details: [
                "number": JSON(note.number), "invoice": JSON(original.number),
                "total": JSON(note.totalGross),
            ])
        try record(
            .invoiceCredited, .invoice, original.id.value, label: original.journalLabel,
            details: [
                "credit_note": JSON(note.number), "amount": JSON(note.totalGross),
                "used": JSON(used),
            ])
    }
}

extension Problem {
    static let onlyInvoicesAreCredited = Problem.conflict(
        Text(
            "Seule une facture émise dans Comptoir peut être créditée.",
            "Only an invoice issued here can be credited."))

    static func tooMuchCredited(_ part: CreditableLine) -> FieldProblem {
        let left = part.leftQuantity
        return FieldProblem(
            "quantity_\(part.line.id)",
            Text(
                "« \(part.line.label) » : \(Language.french.quantity(left)) au plus.",
                "“\(part.line.label)”: at most \(Language.english.quantity(left))."))
    }
}
