import Basics
import Database

/// One legal entity that sells and issues invoices: the unit of isolation.
public struct Organisation: Record, Sendable {
    public typealias ID = Basics.ID<Organisation>

    public enum VATRegime: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case normal
        /// No VAT is charged: "TVA non applicable, art. 293 B du CGI".
        case franchise
    }

    public var id: ID
    public var slug: String
    public var name: String
    public var legalForm: String
    public var shareCapital: String
    public var siren: String
    public var siret: String
    public var vatNumber: String
    public var tradeRegister: String
    public var address: PostalAddress
    public var email: String
    public var phone: String
    public var website: String
    public var language: Language
    public var timeZone: String
    public var currency: Currency
    public var vatRegime: VATRegime
    public var vatOnDebits: Bool
    public var defaultVATRate: Percentage
    /// Why lines that are exempt are, unless their invoice says otherwise.
    public var vatExemption: VATExemption
    /// Whether prices are usually typed with VAT.
    public var pricesIncludeVAT: Bool
    public var iban: String
    public var bic: String
    public var paymentDays: Int
    public var paymentEndOfMonth: Bool
    public var quoteValidityDays: Int
    public var latePenalty: String
    public var discountTerms: String
    public var invoiceFooter: String
    public var accentColor: String
    public var smtpHost: String
    public var mailFrom: String
    public var isSetUp: Bool
    /// Whether nobody works here without a second factor.
    public var requiresSecondFactor: Bool
    /// Whether the owners have the fingerprints of the chains by mail.
    var mailsSeals: Bool
    /// Scheme and host where an owner last signed in; empty before.
    public var origin: String
    public var version: Int

    public init(row: Row) throws {
        id = try row["organisation_id"]
        slug = try row["slug"]
        name = try row["organisation_name"]
        legalForm = try row["legal_form"]
        shareCapital = try row["share_capital"]
        siren = try row["siren"]
        siret = try row["siret"]
        vatNumber = try row["vat_number"]
        tradeRegister = try row["trade_register"]
        address = try PostalAddress(row: row)
        email = try row["organisation_email"]
        phone = try row["phone"]
        website = try row["website"]
        language = try row["organisation_language"]
        timeZone = try row["time_zone"]
        currency = try row["currency"]
        vatRegime = try row["vat_regime"]
        vatOnDebits = try row["vat_on_debits"]
        defaultVATRate = try row["default_vat_rate"]
        vatExemption = try row["vat_exemption"]
        pricesIncludeVAT = try row["prices_include_vat"]
        iban = try row["iban"]
        bic = try row["bic"]
        paymentDays = try row["payment_days"]
        paymentEndOfMonth = try row["payment_end_of_month"]
        quoteValidityDays = try row["quote_validity_days"]
        latePenalty = try row["late_penalty"]
        discountTerms = try row["discount_terms"]
        invoiceFooter = try row["invoice_footer"]
        accentColor = try row["accent_color"]
        smtpHost = try row["smtp_host"]
        mailFrom = try row["mail_from"]
        isSetUp = try row["is_set_up"]
        requiresSecondFactor = try row["requires_second_factor"]
        mailsSeals = try row["mails_seals"]
        origin = try row["origin"]
        version = try row["organisation_version"]
    }

    /// The columns that `init(row:)` reads, from `organisations o`.
    static let columns: SQL = """
        o.id AS organisation_id, o.slug, o.name AS organisation_name, o.legal_form,
        o.share_capital, o.siren, o.siret, o.vat_number, o.trade_register, o.street,
        o.street_more, o.postal_code, o.city, o.country, o.email AS organisation_email, o.phone,
        o.website, o.language AS organisation_language, o.time_zone, o.currency, o.vat_regime,
        o.vat_on_debits, o.default_vat_rate, o.prices_include_vat, o.vat_exemption, o.iban, o.bic, o.payment_days,
        o.payment_end_of_month, o.quote_validity_days, o.late_penalty, o.discount_terms,
        o.invoice_footer, o.accent_color, o.smtp_host, o.mail_from, o.is_set_up,
        o.requires_second_factor, o.mails_seals, o.origin,
        o.version AS organisation_version
        """

    private static let utc = 0

    public func local(_ instant: Instant) -> LocalTime {
        TimeZoneRules.named(timeZone)?.local(instant)
            ?? LocalTime(instant, offsetSeconds: Organisation.utc)
    }
    public func day(at instant: Instant) -> Day { local(instant).day }
}

/// Where post is delivered.
public struct PostalAddress: Sendable, Hashable {
    public var street: String
    public var streetMore: String
    public var postalCode: String
    public var city: String
    /// ISO 3166, two letters.
    public var country: String

    public init(
        street: String = "", streetMore: String = "", postalCode: String = "", city: String = "",
        country: String = "FR"
    ) {
        self.street = street
        self.streetMore = streetMore
        self.postalCode = postalCode
        self.city = city
        self.country = country
    }

    /// From columns street, street_more, postal_code, city, country.
    public init(row: Row) throws {
        street = try row["street"]
        streetMore = try row["street_more"]
        postalCode = try row["postal_code"]
        city = try row["city"]
        country = try row["country"]
    }

    /// As it is written on an envelope; the country only when it is not `home`.
    public func lines(home: String, in language: Language) -> [String] {
        let place = [postalCode, city].filter { !$0.isEmpty }.joined(separator: " ")
        let abroad = country == home ? "" : Countries.name(country, in: language)
        return [street, streetMore, place, abroad].filter { !$0.isEmpty }
    }
}
