import Basics
import Core
import Database

/// Something that must be mended before an invoice can be issued, and where.
public struct IssueObstacle: Sendable, Hashable {
    public enum Place: Sendable, Hashable { case settings, client, draft, day }

    public var place: Place
    public var field: String
    public var message: Text

    init(_ place: Place, _ field: String, _ message: Text) {
        self.place = place
        self.field = field
        self.message = message
    }

    var problem: FieldProblem { FieldProblem(field, message) }
}

/// An invoice about to be issued, with all that is looked at.
struct IssueCandidate {
    var invoice: Invoice
    var client: Client
    /// Who at the client the document is for; empty for nobody in particular.
    var contact: String
    var organisation: Organisation
    var look: DocumentLook
    var lines: [DocumentLine]
    var today: Day
    /// The latest date of its series so far.
    var lastDay: Day?

    /// Why its exempt lines are.
    var exemption: VATExemption {
        invoice.exemption == .general ? organisation.vatExemption : invoice.exemption
    }

    var buyer: Buyer { Buyer(client, contact: contact) }
    var seller: Seller { Seller(organisation, look) }

    /// Everything that stands in the way on a day, in the order in which people would mend it.
    func obstacles(on day: Day) -> [IssueObstacle] {
        let ofDay = dayObstacles(day)
        // On a day that it cannot bear, rates of that day say nothing more.
        return sellerObstacles + clientObstacles + lineObstacles
            + (ofDay.isEmpty ? rateObstacles(day) : []) + ofDay
    }

    private var sellerObstacles: [IssueObstacle] {
        var out: [IssueObstacle] = []
        func need(_ present: Bool, _ field: String, _ message: Text) {
            if !present { out.append(IssueObstacle(.settings, "seller_\(field)", message)) }
        }
        let seller = organisation
        need(
            !seller.name.isEmpty, "name",
            Text("Indiquez le nom de votre entreprise.", "Enter your company’s name."))
        need(
            seller.address.isComplete, "address",
            Text("Complétez l’adresse de votre entreprise.", "Complete your company’s address."))
        need(
            seller.isFrench
                ? !seller.siren.isEmpty : !(seller.siren + seller.tradeRegister).isEmpty,
            "siren",
            seller.isFrench
                ? Text("Indiquez le SIREN de votre entreprise.", "Enter your company’s SIREN.")
                : Text(
                    "Indiquez le numéro d’immatriculation de votre entreprise.",
                    "Enter your company’s registration number."))
        need(
            seller.vatRegime == .franchise || !seller.vatNumber.isEmpty, "vat_number",
            Text(
                "Indiquez le numéro de TVA de votre entreprise, ou la franchise en base.",
                "Enter your company’s VAT number, or that it charges no VAT."))
        return out
    }

    private var clientObstacles: [IssueObstacle] {
        var out: [IssueObstacle] = []
        if !client.address.isComplete {
            out.append(
                IssueObstacle(
                    .client, "client_address",
                    Text(
                        "Complétez l’adresse de \(client.name) : rue, code postal, ville.",
                        "Complete the address of \(client.name): street, postal code, city.")))
        }
        if needsBuyersVATNumber, client.vatNumber.isEmpty {
            out.append(
                IssueObstacle(
                    .client, "client_vat_number",
                    Text(
                        "Indiquez le numéro de TVA de \(client.name) : c’est lui qui doit la taxe.",
                        "Enter the VAT number of \(client.name), who owes the tax.")))
        }
        return out
    }

    private var needsBuyersVATNumber: Bool {
        lines.contains {
            $0.kind == .item
                && ($0.vat.category == .reverseCharge || $0.vat.category == .intraCommunity)
        }
    }

    private var lineObstacles: [IssueObstacle] {
        let items = lines.filter { $0.kind == .item }
        var out: [IssueObstacle] = []
        func refuse(_ message: Text) { out.append(IssueObstacle(.draft, "lines", message)) }
        if items.isEmpty {
            refuse(Text("Ajoutez au moins une ligne.", "Add at least one line."))
        } else if !hasDueTotal(DocumentTotals(lines, in: invoice.currency).gross) {
            refuse(Text("Le total doit être positif.", "The total must be above zero."))
        }
        if organisation.vatRegime == .franchise,
            DocumentParts(lines, in: invoice.currency).parts
                .contains(where: { $0.rate.percentage > .zero })
        {
            refuse(
                Text(
                    "Vous êtes en franchise de TVA : aucune ligne ne peut en porter.",
                    "You charge no VAT: no line may carry any."))
        }
        return out
    }

    /// Rates that are not in force on the day.
    private func rateObstacles(_ day: Day) -> [IssueObstacle] {
        guard organisation.vatRegime != .franchise else { return [] }
        let rates = DocumentParts(lines, in: invoice.currency).rates.map(\.row.rate)
        return rates.compactMap { rate in
            guard let objection = rate.objection(in: organisation, on: day),
                let index = lines.firstIndex(where: { $0.deduction == nil && $0.vat == rate })
            else { return nil }
            return IssueObstacle(
                .draft, LineDrafts.field(index, "vat"),
                Text(
                    "Ligne \(index + 1) : \(objection.french)",
                    "Line \(index + 1): \(objection.english)"))
        }
    }

    /// Something is to be paid, or deposits paid it all.
    func hasDueTotal(_ gross: Amount) -> Bool {
        let deducts = lines.contains { $0.deduction != nil }
        return gross > .zero || (deducts && gross == .zero)
    }

    private func dayObstacles(_ day: Day) -> [IssueObstacle] {
        if day > today {
            return [
                IssueObstacle(
                    .day, "day",
                    Text(
                        "La date d’émission ne peut pas être dans le futur.",
                        "The date of issue cannot be in the future."))
            ]
        }
        guard let lastDay, day < lastDay else { return [] }
        let last = (Language.french.longDay(lastDay), Language.english.longDay(lastDay))
        return [
            IssueObstacle(
                .day, "day",
                Text(
                    "La dernière pièce de la série est du \(last.0) : choisissez ce jour ou un "
                        + "jour suivant.",
                    "The last document of the series is of \(last.1): choose that day or a later "
                        + "one."))
        ]
    }
}

extension PostalAddress {
    /// Whether post would arrive. Not every country has postal codes.
    var isComplete: Bool {
        let hasCode = !postalCode.isEmpty || !["FR", "MC"].contains(country)
        return !street.isEmpty && !city.isEmpty && hasCode
    }
}

extension Transaction {
    /// What would have to be mended to issue a draft on a day.
    public func issueObstacles(_ id: Invoice.ID, on day: Day) throws -> [IssueObstacle] {
        let invoice = try invoice(id)
        guard invoice.isDraft else { throw Problem.invoiceIsIssued }
        let candidate = try issueCandidate(invoice)
        return try obstacles(
            candidate, mentionFacts(candidate, correcting: replaced(by: candidate.invoice)), on: day
        )
    }

    /// What a person would mend first, then what the rules of e-invoices say beyond it. `settled` is the
    /// VAT of a deposit.
    func obstacles(
        _ candidate: IssueCandidate, _ facts: MentionFacts, on day: Day, settled: [VATRow]? = nil
    ) throws -> [IssueObstacle] {
        let known = candidate.obstacles(on: day)
        // An invoice without lines breaks a dozen rules that say nothing more.
        guard candidate.lines.holdsItems else { return known }
        let totals = try totals(of: candidate, correcting: nil, settled)
        return known + ruleObstacles(candidate, facts, on: day, totals, beside: known)
    }

    func issueCandidate(_ invoice: Invoice) throws -> IssueCandidate {
        IssueCandidate(
            invoice: invoice, client: try client(invoice.clientID),
            contact: try contactName(invoice.contactID), organisation: scope.organisation,
            look: try documentLook(), lines: try lines(of: .invoice, invoice.id.value),
            today: today, lastDay: try lastIssueDay(invoice.numbers))
    }

    private func contactName(_ id: Contact.ID?) throws -> String {
        guard let id else { return "" }
        return try value(
            "SELECT name FROM contacts WHERE organisation_id = \(organisation) AND id = \(id)")
            ?? ""
    }

    func lastIssueDay(_ series: NumberSeries) throws -> Day? {
        try value(
            """
            SELECT issued_on FROM invoices
            WHERE organisation_id = \(organisation) AND series = \(series) AND status = 'issued'
                AND issued_on IS NOT NULL
            ORDER BY issued_on DESC LIMIT 1
            """)
    }
}
