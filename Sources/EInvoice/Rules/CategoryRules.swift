/// The rules of one category of VAT.
struct CategoryRules: Sendable {
    /// Who must have a VAT number.
    enum Numbers: Sendable {
        /// The seller, or a tax number, or a representative.
        case seller
        /// The seller's VAT number itself.
        case sellersVAT
        /// The seller, and the buyer's VAT or registration number.
        case sellerAndBuyer
        /// Both VAT numbers.
        case bothVAT
        /// Nobody may state one.
        case none
    }
    enum Rate: Sendable { case positive, zero, absent }

    /// UNTDID 5305.
    let category: String
    /// How its rules are called: `BR-IC-01`.
    let prefix: String
    let name: Bilingual
    let numbers: Numbers
    let rate: Rate
    /// Whether the breakdown says why no VAT is charged; otherwise it must not.
    let hasReason: Bool

    static let all = [
        CategoryRules(
            category: "S", prefix: "S", name: Bilingual("taxées", "taxed"), numbers: .seller,
            rate: .positive, hasReason: false),
        CategoryRules(
            category: "Z", prefix: "Z", name: Bilingual("à taux zéro", "zero-rated"),
            numbers: .seller, rate: .zero, hasReason: false),
        CategoryRules(
            category: "E", prefix: "E", name: Bilingual("exonérées", "exempt"),
            numbers: .seller, rate: .zero, hasReason: true),
        CategoryRules(
            category: "AE", prefix: "AE",
            name: Bilingual("en autoliquidation", "under reverse charge"),
            numbers: .sellerAndBuyer, rate: .zero, hasReason: true),
        CategoryRules(
            category: "K", prefix: "IC", name: Bilingual("intracommunautaires", "intra-Community"),
            numbers: .bothVAT, rate: .zero, hasReason: true),
        CategoryRules(
            category: "G", prefix: "G", name: Bilingual("à l’exportation", "exported"),
            numbers: .sellersVAT, rate: .zero, hasReason: true),
        CategoryRules(
            category: "O", prefix: "O",
            name: Bilingual("hors du champ de la TVA", "outside the scope of VAT"),
            numbers: .none, rate: .absent, hasReason: true),
    ]

    var rules: [Rule] {
        [
            presence, lineNumbers, allowanceNumbers, chargeNumbers, lineRate, allowanceRate,
            chargeRate, base, amount, reason,
        ]
    }

    private func code(_ number: String) -> String { "BR-\(prefix)-\(number)" }

    /// -01: lines of a category have a row of the breakdown; of other categories than S exactly one.
    private var presence: Rule {
        Rule(
            code("01"), "BG-23",
            "Donnez dans le récapitulatif la TVA des lignes \(name.french).",
            "Give the VAT of the lines that are \(name.english) in the breakdown."
        ) { invoice in
            let rows = invoice.vatBreakdown.count { $0.vat.category == category }
            let isUsed = invoice.uses(category)
            if category == "S" { return !isUsed || rows >= 1 }
            return isUsed ? rows == 1 : rows == 0
        }
    }

    /// -02 to -04: numbers of the parties, wherever the category occurs.
    private var lineNumbers: Rule {
        numbersRule("02") { $0.lines.map(\.vat) }
    }
    private var allowanceNumbers: Rule {
        numbersRule("03") { $0.allowances.map(\.vat) }
    }
    private var chargeNumbers: Rule {
        numbersRule("04") { $0.charges.map(\.vat) }
    }

    private func numbersRule(
        _ number: String, _ vats: @escaping @Sendable (EInvoice) -> [EInvoice.VAT]
    ) -> Rule {
        let (term, message) = numbersMessage
        return Rule(code(number), term, message.french, message.english) { invoice in
            !vats(invoice).contains { $0.category == category } || hasNumbers(invoice)
        }
    }

    private var numbersMessage: (String, Bilingual) {
        switch numbers {
        case .seller:
            (
                "BT-31",
                Bilingual(
                    "Indiquez le numéro de TVA ou le numéro fiscal du vendeur.",
                    "Enter the seller’s VAT number or tax number.")
            )
        case .sellersVAT:
            (
                "BT-31",
                Bilingual(
                    "Indiquez le numéro de TVA du vendeur.", "Enter the seller’s VAT number.")
            )
        case .sellerAndBuyer:
            (
                "BT-48",
                Bilingual(
                    "Indiquez le numéro de TVA du vendeur, et le numéro de TVA ou "
                        + "d’immatriculation du client, qui doit la taxe.",
                    "Enter the seller’s VAT number, and the VAT or registration number of the "
                        + "buyer, who owes the tax.")
            )
        case .bothVAT:
            (
                "BT-48",
                Bilingual(
                    "Indiquez les numéros de TVA du vendeur et du client.",
                    "Enter the VAT numbers of the seller and of the buyer.")
            )
        case .none:
            (
                "BT-31",
                Bilingual(
                    "Hors du champ de la TVA, la facture ne porte aucun numéro de TVA.",
                    "Outside the scope of VAT the invoice states no VAT number.")
            )
        }
    }

    private func hasNumbers(_ invoice: EInvoice) -> Bool {
        let (seller, buyer) = (invoice.seller, invoice.buyer)
        let represented = (invoice.taxRepresentative?.vatID).isFilled
        let sellersVAT = (seller?.vatID).isFilled || represented
        let sellers = sellersVAT || (seller?.taxID).isFilled
        let buyersVAT = (buyer?.vatID).isFilled
        return switch numbers {
        case .seller: sellers
        case .sellersVAT: sellersVAT
        case .sellerAndBuyer: sellers && (buyersVAT || buyer?.legalID != nil)
        case .bothVAT: sellersVAT && buyersVAT
        case .none: !sellersVAT && !buyersVAT
        }
    }

    /// -05 to -07: the rate.
    private var lineRate: Rule {
        Rule.line(code("05"), "BT-152", rateMessage.french, rateMessage.english) {
            hasRate($0.vat)
        }
    }
    private var allowanceRate: Rule {
        Rule.each(.allowances, code("06"), "BT-96", rateMessage.french, rateMessage.english) {
            hasRate($0.vat)
        }
    }
    private var chargeRate: Rule {
        Rule.each(.charges, code("07"), "BT-103", rateMessage.french, rateMessage.english) {
            hasRate($0.vat)
        }
    }

    private var rateMessage: Bilingual {
        switch rate {
        case .positive:
            Bilingual("Indiquez un taux de TVA supérieur à zéro.", "Enter a VAT rate above zero.")
        case .zero: Bilingual("Le taux de TVA doit être zéro.", "The VAT rate must be zero.")
        case .absent:
            Bilingual(
                "Hors du champ de la TVA, n’indiquez pas de taux.",
                "Outside the scope of VAT, state no rate.")
        }
    }

    private func hasRate(_ vat: EInvoice.VAT) -> Bool {
        guard vat.category == category else { return true }
        return switch rate {
        case .positive: vat.rate.orZero > .zero
        case .zero: vat.rate == .zero
        case .absent: vat.rate == nil
        }
    }

    /// -08: the base is the sum of what it taxes. The official rules tolerate one unit where there is
    /// no VAT to pay; CPT-03 does not.
    private var base: Rule {
        Rule.vatRow(
            code("08"), "BT-116",
            "La base doit être la somme des lignes \(name.french), moins les remises, plus les frais.",
            "The taxable amount must be the sum of the lines that are \(name.english), less "
                + "allowances, plus charges."
        ) { row, invoice in
            guard row.vat.category == category, let base = row.base else { return true }
            if category == "S" { return row.vat.rate == nil || base == invoice.taxable(row.vat) }
            let sum = invoice.taxable(EInvoice.VAT(category, rate: nil))
            if category == "O" { return base == sum }
            return base - Numeral(1) <= sum && base + Numeral(1) > sum
        }
    }

    /// -09: no VAT where none is charged; base × rate, within one unit, where it is.
    private var amount: Rule {
        Rule.vatRow(
            code("09"), "BT-117",
            category == "S"
                ? "La TVA doit être la base multipliée par le taux."
                : "Le montant de TVA des opérations \(name.french) doit être zéro.",
            category == "S"
                ? "VAT must be the taxable amount multiplied by the rate."
                : "The VAT of what is \(name.english) must be zero."
        ) { row, _ in
            guard row.vat.category == category, let amount = row.amount else { return true }
            guard category == "S" else { return amount == .zero }
            let exact = row.computed(row.vat.rate.orZero)
            return (amount.magnitude - exact.magnitude).magnitude < Numeral(1)
        }
    }

    /// -10: why no VAT is charged, or nothing where it is.
    private var reason: Rule {
        Rule.vatRow(
            code("10"), "BT-120",
            hasReason
                ? "Indiquez pourquoi aucune TVA n’est due (motif ou code VATEX)."
                : "N’indiquez pas de motif d’exonération.",
            hasReason
                ? "State why no VAT is due (reason or VATEX code)."
                : "State no reason for exemption."
        ) { row, _ in
            guard row.vat.category == category else { return true }
            let isGiven = row.exemptionReason.isFilled || row.exemptionCode.isFilled
            return isGiven == hasReason
        }
    }
}

extension EInvoice {
    /// Whether a line, an allowance or a charge has a category.
    func uses(_ category: String) -> Bool {
        lines.contains { $0.vat.category == category }
            || (allowances + charges).contains { $0.vat.category == category }
    }
}
