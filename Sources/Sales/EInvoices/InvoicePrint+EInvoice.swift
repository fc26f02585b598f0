import Basics
import Core
import EInvoice

extension InvoicePrint {
    /// The invoice as EN 16931 says it; nil where it does not go by that standard (`ElectronicForm`).
    var electronic: EInvoice? {
        guard let form = ElectronicForm(seller: seller, currency: invoice.currency) else {
            return nil
        }
        return ElectronicInvoice(print: self, form: form).invoice
    }
}

extension Invoice {
    /// Whether the document that is kept of it holds the invoice for programs too.
    var isElectronic: Bool {
        guard goesToClient, let seller else { return false }
        return ElectronicForm(seller: Seller(seller), currency: currency) != nil
    }
}

/// How an organisation's invoices are electronic, if they are.
struct ElectronicForm: Sendable {
    /// Whether the French rules apply beside those of Europe.
    let isFrench: Bool

    /// Nil for organisations elsewhere, and for French invoices in other currencies: the law asks for the
    /// VAT in euros beside them (BR-FR-CO-12), and no exchange rate is known.
    init?(seller: Seller, currency: Currency) {
        let country = seller.address.country
        isFrench = country == "FR" || country == "MC"
        guard Self.countries.contains(country), currency.exponent == 2 else { return nil }
        guard !isFrench || currency == .euro else { return nil }
    }

    /// The rules that its invoices hold to.
    var origins: Set<Rule.Origin> {
        isFrench ? [.en16931, .french, .comptoir] : [.en16931, .comptoir]
    }

    /// The European Economic Area, Monaco, Switzerland and the United Kingdom.
    private static let countries: Set = [
        "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR",
        "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MT", "NL", "NO", "PL", "PT", "RO",
        "SE", "SI", "SK",
    ]
}

/// Writes what is printed of an invoice in the terms of EN 16931.
struct ElectronicInvoice {
    let print: InvoicePrint
    let form: ElectronicForm

    var document: Invoice { print.invoice }
    var say: Language { print.invoice.language }

    var invoice: EInvoice {
        var out = EInvoice()
        out.specification = CIIWriter.specification
        out.process = process
        out.number = document.number
        out.issuedOn = document.issuedOn.map { StatedDay($0.iso) }
        out.typeCode = document.typeCode.map(String.init)
        out.currency = document.currency.code
        out.notes = notes
        out.references = references
        out.precedingInvoices = preceding
        out.seller = sellerParty
        out.buyer = buyerParty
        out.delivery = delivery
        out.vatDueCode = print.mentions.isVATOnDebits ? VATDue.invoiceDate : nil
        if document.kind != .creditNote { addPayment(to: &out) }
        out.lines = lines
        out.allowances = adjustments(.allowance)
        out.charges = adjustments(.charge)
        out.vatBreakdown = print.vatRows.map(breakdown)
        out.totals = totals
        return out
    }

    /// BT-8, UNTDID 2475.
    private enum VATDue { static let invoiceDate = "5" }

    private var references: EInvoice.References {
        var out = EInvoice.References()
        out.order = document.reference.isEmpty ? nil : PlainText.line(document.reference)
        out.salesOrder = print.mentions.orderNumber.isEmpty ? nil : print.mentions.orderNumber
        return out
    }

    /// BT-23: what is sold, and whether it is paid already (2) or closes after deposits (4).
    private var process: String {
        let nature = print.mentions.operation.rawValue.prefix(1)
        if !print.mentions.deposits.isEmpty { return nature + "4" }
        return nature + (document.isReceivedDeposit ? "2" : "1")
    }

    /// The invoice that is corrected, or the deposits that are taken off.
    private var preceding: [EInvoice.PrecedingInvoice] {
        guard !print.mentions.correctedNumber.isEmpty else {
            return print.mentions.deposits.map {
                EInvoice.PrecedingInvoice($0.number, issuedOn: StatedDay($0.issuedOn.iso))
            }
        }
        return [
            EInvoice.PrecedingInvoice(
                print.mentions.correctedNumber,
                issuedOn: print.mentions.correctedDay.map { StatedDay($0.iso) })
        ]
    }

    private func addPayment(to out: inout EInvoice) {
        out.dueOn = document.dueOn.map { StatedDay($0.iso) }
        out.paymentTerms = document.terms.label(in: say)
        out.remittance = document.number
        guard !print.seller.iban.isEmpty else { return }
        var means = EInvoice.PaymentMeans()
        // 58 is a SEPA transfer, 30 any other.
        means.code = document.currency == .euro ? "58" : "30"
        means.account = print.seller.iban
        means.accountName = print.seller.name
        means.bank = print.seller.bic.isEmpty ? nil : print.seller.bic
        means.hasAccount = true
        out.paymentMeans = [means]
    }

    /// The day of the document itself where no other was given.
    private var delivery: EInvoice.Delivery {
        var out = EInvoice.Delivery()
        out.deliveredOn = (document.serviceOn ?? document.issuedOn).map { StatedDay($0.iso) }
        if let place = print.mentions.delivery {
            out.name = print.buyer.name
            out.address = EInvoice.Address(place.address)
        } else if print.vatRows.contains(where: { $0.rate.category == .intraCommunity }) {
            out.name = print.buyer.name
            out.address = EInvoice.Address(print.buyer.address)
        }
        return out
    }

    private var totals: EInvoice.Totals {
        var out = EInvoice.Totals()
        let sums = DocumentTotals(print.lines, in: document.currency)
        out.lines = numeral(sums.lineNet)
        if sums.allowances != .zero { out.allowances = numeral(sums.allowances) }
        if sums.charges != .zero { out.charges = numeral(sums.charges) }
        out.net = numeral(document.totalNet)
        out.vat = numeral(document.totalVAT)
        out.gross = numeral(document.totalNet + document.totalVAT)
        let rounding = document.totalRounding
        if rounding != .zero { out.rounding = numeral(rounding) }
        out.prepaid = document.isReceivedDeposit ? numeral(document.totalGross) : nil
        out.due = numeral(document.isReceivedDeposit ? .zero : document.totalGross)
        return out
    }

    func numeral(_ amount: Amount) -> Numeral {
        Numeral(Int128(amount.minorUnits), decimals: document.currency.exponent)
    }
}
