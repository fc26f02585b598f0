import Basics
import Core

/// A sentence that the law or a contract asks for, with the subject code that EN 16931 gives it.
public struct Mention: Sendable, Hashable {
    public var code: String
    public var text: String
}

/// Everything an invoice says beside its parties and its lines, settled once, at issue.
public struct Mentions: Sendable, Hashable {
    /// What is sold, by the codes of the French reform (BT-23).
    public enum Operation: String, Sendable {
        case goods = "B1"
        case services = "S1"
        case mixed = "M1"
    }

    public var operation: Operation
    public var sentences: [Mention]
    /// Nil: to the client’s own address.
    public var delivery: DeliveryPlace?
    /// Why lines of category E are exempt (BT-121); empty where no code says.
    public var exemptionCode: String
    public var orderNumber: String
    public var correctedNumber: String
    public var correctedDay: Day?
    /// The deposit invoices that it deducts (BG-3).
    public var deposits: [InvoiceReference]
    /// Name, legal form, capital and register, at the foot of each page.
    public var footer: String

    /// Of the sentence that says where goods went; e-invoices say it elsewhere (BG-15).
    static let deliveryCode = "BG-15"

    public init(_ facts: MentionFacts) {
        operation = facts.operation
        exemptionCode = facts.exemptionCode
        delivery = facts.delivery
        orderNumber = facts.orderNumber
        correctedNumber = facts.correctedNumber
        correctedDay = facts.correctedDay
        deposits = facts.deposits
        sentences = facts.sentences
        footer = PrintedDocument.footer(
            of: Seller(facts.organisation, logo: ""), facts.say)
    }

    public init(_ json: JSON) {
        func text(_ name: String) -> String { json[name]?.string ?? "" }
        operation = Operation(rawValue: text("operation")) ?? .services
        exemptionCode = text("exemption_code")
        delivery = DeliveryPlace(json["delivery"])
        orderNumber = text("order_number")
        correctedNumber = text("corrected_number")
        correctedDay = Day(text("corrected_day"))
        deposits = (json["deposits"]?.array ?? []).compactMap { InvoiceReference($0) }
        footer = text("footer")
        sentences = (json["sentences"]?.array ?? []).map {
            Mention(code: $0["code"]?.string ?? "", text: $0["text"]?.string ?? "")
        }
    }

    public var json: JSON {
        [
            "operation": .string(operation.rawValue), "order_number": .string(orderNumber),
            "corrected_number": .string(correctedNumber), "corrected_day": JSON(correctedDay),
            "exemption_code": .string(exemptionCode), "delivery": delivery?.json ?? .null,
            "footer": .string(footer), "deposits": .array(deposits.map(\.json)),
            "sentences": .array(
                sentences.map { ["code": .string($0.code), "text": .string($0.text)] }),
        ]
    }
}

/// What the mentions follow from.
public struct MentionFacts: Sendable {
    var kind: Invoice.Kind
    var say: Language
    /// Whether each sentence is said in the other language too.
    var isBilingual = false
    var organisation: Organisation
    var buyer: Client.Kind
    var buyerCountry: String
    var categories: Set<VATCategory>
    var exemption = VATExemption.general
    var delivery: DeliveryPlace?
    var operation: Mentions.Operation
    var orderNumber: String
    var deposits: [InvoiceReference] = []
    var correctedNumber = ""
    var correctedDay: Day?

    var sentences: [Mention] {
        guard isBilingual else { return sentencesOfOneLanguage }
        var other = self
        other.say = say.other
        let others = other.sentencesOfOneLanguage
        return sentencesOfOneLanguage.map { one in
            guard let other = others.first(where: { $0.code == one.code }) else { return one }
            // A sentence may hold the words of the law in French, whatever its language.
            if one.text.contains(other.text.dropLast()) { return one }
            if other.text.contains(one.text.dropLast()) { return other }
            return Mention(code: one.code, text: one.text + " — " + other.text)
        }
    }

    private var sentencesOfOneLanguage: [Mention] {
        var out: [Mention] = []
        func add(_ code: String, _ text: String) {
            if !text.isEmpty { out.append(Mention(code: code, text: text)) }
        }
        add("REG", operationText)
        if let delivery {
            let place = delivery.text(home: organisation.address.country, in: say)
            add(Mentions.deliveryCode, say("Livraison : \(place).", "Delivery: \(place)."))
        }
        if let correctedDay { add("ACD", correction(correctedDay)) }
        for category in VATCategory.allCases where categories.contains(category) {
            add(category.rawValue, exemption(category))
        }
        if organisation.vatOnDebits, categories.contains(.standard), operation != .goods {
            add(
                "BAR", say(LegalTexts.vatOnDebits, "VAT on debits (" + LegalTexts.vatOnDebits + ")")
            )
        }
        if kind == .invoice || kind == .deposit {
            add("AAB", organisation.discountTerms(in: say))
            // Penalties and compensation for recovery are the law between professionals only.
            if buyer == .company {
                add("PMD", organisation.latePenalty(in: say))
                if organisation.isFrench { add("PMT", LegalTexts.recoveryIndemnity(say)) }
            }
        }
        if !isSaid(organisation.invoiceFooter, by: out) { add("TXT", organisation.invoiceFooter) }
        return out
    }

    /// Whether a sentence of the organisation's own only repeats what the document says anyway.
    private func isSaid(_ sentence: String, by sentences: [Mention]) -> Bool {
        let words = PlainText.folded(sentence)
        let foot = PrintedDocument.footer(of: Seller(organisation, logo: ""), say)
        return (sentences.map(\.text) + [foot]).contains {
            (" " + PlainText.folded($0) + " ").contains(" " + words + " ")
        }
    }

    private var operationText: String {
        guard organisation.isFrench else { return "" }
        return switch operation {
        case .goods: say("Nature de l’opération : livraison de biens.", "Supply of goods.")
        case .services:
            say("Nature de l’opération : prestation de services.", "Supply of services.")
        case .mixed:
            say(
                "Opération mixte : livraison de biens et prestation de services.",
                "Mixed operation: supply of goods and services.")
        }
    }

    private func correction(_ day: Day) -> String {
        guard kind == .creditNote else {
            return say(
                "Annule et remplace la facture \(correctedNumber) du \(say.longDay(day)).",
                "Cancels and replaces invoice \(correctedNumber) of \(say.longDay(day)).")
        }
        return say(
            "Avoir sur la facture \(correctedNumber) du \(say.longDay(day)).",
            "Credit note for invoice \(correctedNumber) of \(say.longDay(day)).")
    }

    /// Why no VAT is charged, as the tax code asks. The French words stay in an English document: it is
    /// they that the law requires.
    private func exemption(_ category: VATCategory) -> String {
        guard organisation.isFrench else {
            return category == .standard || category == .zero ? "" : say(category.label) + "."
        }
        return switch category {
        case .standard, .zero: ""
        case .exempt:
            organisation.vatRegime == .franchise
                ? withFrench("No VAT charged", LegalTexts.franchise)
                : withFrench("VAT exempt", "Exonération de TVA, " + exemption.article)
        case .reverseCharge:
            withFrench("Reverse charge", reverseCharge)
        case .intraCommunity:
            withFrench("Intra-EU supply", "Exonération de TVA, article 262 ter, I du CGI")
        case .export: withFrench("Export", "Exonération de TVA, article 262, I du CGI")
        case .outside:
            withFrench("Outside the scope of VAT", "TVA non applicable, article 259-1 du CGI")
        }
    }

    var exemptionCode: String {
        guard organisation.isFrench, categories.contains(.exempt) else { return "" }
        return organisation.vatRegime == .franchise
            ? "VATEX-FR-FRANCHISE" : exemption.rawValue
    }

    private var reverseCharge: String {
        let article = buyerCountry == organisation.address.country ? "283 du CGI" : "283-2 du CGI"
        return LegalTexts.reverseCharge + ", article " + article
    }

    private func withFrench(_ english: String, _ french: String) -> String {
        say(french + ".", "\(english) — \(french).")
    }
}

extension Organisation {
    /// Whether French law says what its invoices must hold.
    var isFrench: Bool { address.country == "FR" || address.country == "MC" }

    // The sentences that an organisation has not changed are said in the document's language.
    fileprivate func latePenalty(in say: Language) -> String {
        guard latePenalty == LegalTexts.latePenalty(language) else { return latePenalty }
        // What French law asks for says nothing elsewhere.
        return isFrench ? LegalTexts.latePenalty(say) : ""
    }
    fileprivate func discountTerms(in say: Language) -> String {
        discountTerms == LegalTexts.discountTerms(language)
            ? LegalTexts.discountTerms(say) : discountTerms
    }
}
