@testable import EInvoice

extension EInvoice {
    /// A complete invoice of one line at 20 %, as a French company issues it.
    static var sample: EInvoice {
        var invoice = EInvoice()
        invoice.specification = CIIWriter.specification
        invoice.process = "S1"
        invoice.number = "FA-2026-001"
        invoice.issuedOn = StatedDay("2026-11-21")
        invoice.dueOn = StatedDay("20261221")
        invoice.typeCode = "380"
        invoice.currency = "EUR"
        invoice.notes = [
            Note("Indemnité de 40 €", code: "PMT"), Note("Pénalités", code: "PMD"),
            Note("Pas d’escompte", code: "AAB"), Note("B2B", code: "BAR"), Note("Merci"),
        ]
        invoice.references.order = "BC-7"
        invoice.references.salesOrder = "CMD-2026-004"
        invoice.seller = .sample("Alta Vista <Drones> & Co", siren: "732829320")
        invoice.buyer = .sample("Menuiserie Aubrac", siren: "552100554")
        invoice.delivery.deliveredOn = StatedDay("20261120")
        invoice.paymentTerms = "à 30 jours"
        invoice.remittance = "FA-2026-001"
        var means = PaymentMeans()
        means.code = "58"
        means.account = "FR7630006000011234567890189"
        means.accountName = "Alta Vista"
        means.bank = "AGRIFRPP"
        means.hasAccount = true
        invoice.paymentMeans = [means]
        invoice.lines = [.sample]
        invoice.vatBreakdown = [
            VATBreakdown(
                VAT("S", rate: Numeral(cents: 2000)), base: Numeral(cents: 81_000),
                amount: Numeral(cents: 16_200))
        ]
        var totals = Totals()
        totals.lines = Numeral(cents: 81_000)
        totals.net = Numeral(cents: 81_000)
        totals.vat = Numeral(cents: 16_200)
        totals.gross = Numeral(cents: 97_200)
        totals.due = Numeral(cents: 97_200)
        invoice.totals = totals
        return invoice
    }

    /// With something changed.
    func with(_ change: (inout EInvoice) -> Void) -> EInvoice {
        var changed = self
        change(&changed)
        return changed
    }

    /// The codes of the rules that it breaks.
    var broken: [String] {
        RuleBook.breaches(in: self, Set(Rule.Origin.allCases)).map(\.code)
    }
}

extension EInvoice.Party {
    fileprivate static func sample(_ name: String, siren: String) -> EInvoice.Party {
        var party = EInvoice.Party(name)
        party.identifiers = [EInvoice.Identifier(siren + "00017", scheme: "0009")]
        party.legalID = EInvoice.Identifier(siren, scheme: "0002")
        party.vatID = "FR00" + siren
        party.electronicAddress = EInvoice.Identifier(siren, scheme: "0225")
        var address = EInvoice.Address()
        address.line = "12 quai Perrache"
        address.lineMore = "Bâtiment B"
        address.postalCode = "69002"
        address.city = "Lyon"
        address.country = "FR"
        party.address = address
        return party
    }
}

extension EInvoice.Line {
    /// 2 × 450, less 10 %.
    fileprivate static var sample: EInvoice.Line {
        var line = EInvoice.Line()
        line.id = "1"
        line.name = "Prise de vue"
        line.description = "Deux drones\nUn pilote"
        line.note = "Par beau temps"
        line.quantity = Numeral(2)
        line.unit = "DAY"
        line.price = Numeral(cents: 45_000)
        line.vat = EInvoice.VAT("S", rate: Numeral(cents: 2000))
        var discount = EInvoice.Adjustment(
            amount: Numeral(cents: 9_000), reason: "Remise", reasonCode: "95")
        discount.base = Numeral(cents: 90_000)
        discount.percentage = Numeral(cents: 1000)
        line.allowances = [discount]
        line.net = Numeral(cents: 81_000)
        return line
    }
}
