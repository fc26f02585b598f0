/// Every rule that is implemented.
public enum RuleBook {
    public static let rules: [Rule] =
        documentRules + partyRules + paymentRules + lineRules + adjustmentRules + totalRules
        + decimalRules + codeRules + vatRules + frenchDocumentRules + frenchPartyRules
        + frenchAmountRules + exactnessRules

    /// What an invoice breaks, in the order of the rules. Of the French ones only when they apply.
    public static func breaches(in invoice: EInvoice, _ origins: Set<Rule.Origin>) -> [Breach] {
        rules.filter { origins.contains($0.origin) && isAsked($0, of: invoice) }
            .flatMap { $0.breaches(in: invoice) }
    }

    /// The rules for an invoice by anybody: the French ones for French sellers, but not in the profile
    /// that holds no more than a payment needs.
    public static func origins(for invoice: EInvoice) -> Set<Rule.Origin> {
        let isFrench = invoice.seller?.address?.country == "FR"
        return isFrench && !isMinimum(invoice) ? [.en16931, .french] : [.en16931]
    }

    private static func isMinimum(_ invoice: EInvoice) -> Bool {
        (invoice.specification ?? "").hasSuffix(":minimum")
    }

    /// `EN 16931 1.3.16, BR-FR 1.4.0`
    public static func editions(_ origins: Set<Rule.Origin>) -> String {
        Rule.Origin.allCases.filter { origins.contains($0) && $0 != .comptoir }
            .map { "\($0.rawValue) \($0.edition)" }.joined(separator: ", ")
    }

    /// Two profiles of Factur-X hold less than an invoice of EN 16931 by design: no lines, and the
    /// smallest neither addresses nor a VAT breakdown.
    private static func isAsked(_ rule: Rule, of invoice: EInvoice) -> Bool {
        if isMinimum(invoice) { return minimum.contains(rule.code) }
        let hasLines = !(invoice.specification ?? "").hasSuffix(":basicwl")
        return hasLines || !aboutLines.contains(rule.code)
    }

    private static let minimum: Set = [
        "BR-01", "BR-02", "BR-03", "BR-04", "BR-05", "BR-06", "BR-07", "BR-13", "BR-14", "BR-15",
        "BR-CO-26", "BR-CL-01", "BR-CL-04",
    ]
    /// Rules that compare the header with lines, where there are none.
    private static let aboutLines: Set<String> =
        Set(["BR-16", "BR-CO-10"])
        .union(
            ["S", "Z", "E", "AE", "IC", "G", "O"].flatMap { ["BR-\($0)-01", "BR-\($0)-08"] })
}

extension Optional<String> {
    var isFilled: Bool { self.map { !$0.isEmpty } ?? false }
}

extension Optional<Numeral> {
    /// Absent counts as nothing.
    var orZero: Numeral { self ?? .zero }
}
