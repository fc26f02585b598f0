import Basics
import Core
import Database
import EInvoice

extension Transaction {
    /// The rules of e-invoices that a document would break if it were issued as it is, each once, with
    /// where to mend it. What `obstacles` asks for anyway is left out.
    func ruleObstacles(
        _ candidate: IssueCandidate, _ facts: MentionFacts, on day: Day, _ totals: DocumentTotals,
        beside known: [IssueObstacle]
    ) -> [IssueObstacle] {
        let document = candidate.invoice
        var out: [IssueObstacle] = []
        for breach in candidate.print(facts, on: day, totals).breaches {
            var obstacle = IssueObstacle(breach)
            // Without a day of its own, delivery is of the day of issue.
            if breach.term == "BT-72", document.serviceOn == nil {
                (obstacle.place, obstacle.field) = (.day, "day")
            }
            let isKnown = (known + out).contains {
                $0.place == obstacle.place && $0.field == obstacle.field
                    && ($0.field != "lines" || $0.message == obstacle.message)
            }
            if !isKnown { out.append(obstacle) }
        }
        return out
    }

    /// The rules that a credit note would break and its invoice does not. What could be issued once can
    /// be taken back, whatever rules came since.
    func ruleProblems(
        _ candidate: IssueCandidate, _ facts: MentionFacts, on day: Day,
        correcting original: Invoice
    ) throws -> [FieldProblem] {
        let totals = try totals(of: candidate, correcting: original, nil)
        let breaches = candidate.print(facts, on: day, totals).breaches
        guard !breaches.isEmpty else { return [] }
        let old = Set(try invoicePrint(original).breaches.map(\.code))
        return breaches.filter { !old.contains($0.code) }.map { IssueObstacle($0).problem }
    }
}

extension IssueCandidate {
    /// The document as it would be printed if it were issued on a day.
    fileprivate func print(
        _ facts: MentionFacts, on day: Day, _ totals: DocumentTotals
    ) -> InvoicePrint {
        var document = invoice
        // Number patterns only make numbers that the rules allow.
        document.number = "1"
        document.issuedOn = day
        document.dueOn = invoice.terms.dueDay(from: day)
        document.totalNet = totals.net
        document.totalVAT = totals.vat
        document.totalGross = totals.gross
        let seller = Seller(organisation, logo: "")
        return InvoicePrint(
            invoice: document, lines: lines, vatRows: totals.vatRows, seller: seller,
            buyer: buyer, mentions: Mentions(facts), logo: nil,
            speaksOfVAT: InvoicePrint.speaksOfVAT(totals.vatRows, seller))
    }
}

extension InvoicePrint {
    /// The rules that it breaks as an e-invoice; none where it is not one.
    var breaches: [Breach] {
        guard let form = ElectronicForm(seller: seller, currency: invoice.currency),
            let electronic
        else { return [] }
        return RuleBook.breaches(in: electronic, form.origins).filter { breach in
            // Only companies in France are reached by the address that this rule asks for; others get
            // the document itself.
            breach.code != "BR-FR-12_BT-49" || (buyer.kind == .company && buyer.address.isFrench)
        }
    }
}

extension IssueObstacle {
    init(_ breach: Breach) {
        let (place, field) = Self.place(of: breach)
        let text = Text(breach.message.french, breach.message.english)
        guard let spot = breach.place.label, field == "lines" else {
            self.init(place, field, text)
            return
        }
        self.init(
            place, field,
            Text(
                spot.french.capitalisedFirst + "\u{A0}: " + text.french,
                spot.english.capitalisedFirst + ": " + text.english))
    }

    /// Where the field of a rule is mended; what is computed or stands in a line is the draft's.
    private static func place(of breach: Breach) -> (Place, String) {
        if breach.code.hasSuffix("_PMD") { return (.settings, "late_penalty") }
        if breach.code.hasSuffix("_AAB") { return (.settings, "discount_terms") }
        return places[breach.term] ?? (.draft, "lines")
    }

    private static let places: [String: (Place, String)] = [
        "BT-27": (.settings, "seller_name"), "BT-29": (.settings, "seller_siret"),
        "BT-30": (.settings, "seller_siren"), "BT-31": (.settings, "seller_vat_number"),
        "BT-34": (.settings, "seller_siren"), "BG-5": (.settings, "seller_address"),
        "BT-40": (.settings, "seller_address"), "BT-84": (.settings, "seller_iban"),
        "BT-44": (.client, "client_name"), "BT-46": (.client, "client_siret"),
        "BT-47": (.client, "client_siren"), "BT-48": (.client, "client_vat_number"),
        "BT-49": (.client, "client_siren"), "BG-8": (.client, "client_address"),
        "BT-55": (.client, "client_address"), "BT-80": (.client, "client_address"),
        "BT-2": (.day, "day"), "BT-9": (.day, "day"), "BT-72": (.draft, "service_on"),
    ]
}
