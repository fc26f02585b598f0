import FoundationEssentials
import HTTP

/// Who Alta Vista Drones is, as it typed it into the forms of the first start.
enum Identity {
    static let name = "Alta Vista Drones"

    static let fields = Fields(
        [
            ("name", name), ("legal_form", "SAS"), ("share_capital", "12 000 €"),
            ("siren", "000 120 345"), ("siret", "000 120 345 00012"),
            ("vat_number", "FR13 000 120 345"), ("trade_register", "RCS Lyon 000 120 345"),
            ("street", "12 quai des Cerfs-Volants"), ("street_more", "Hangar B"),
            ("postal_code", "69002"), ("city", "Lyon"), ("country", "FR"),
            ("email", "bonjour@altavista.example"), ("phone", "01 99 00 12 34"),
            ("website", "www.altavista.example"), ("language", "fr"),
            ("time_zone", WorkingDays.timeZone), ("currency", "EUR"), ("vat_regime", "normal"),
            ("default_vat_rate", "20"), ("iban", "FR76 9999 9000 0100 0001 2345 693"),
            ("bic", "DEMOFRP0XXX"), ("payment_days", "30"), ("quote_validity_days", "30"),
            (
                "invoice_footer",
                "Exploitant de drones déclaré, assurance responsabilité civile aérienne comprise. "
                    + "Entreprise imaginaire : ne payez pas cette facture."
            ), ("accent_color", "#1f6f5c"),
        ].map { Fields.Field(name: $0.0, value: $0.1) })

    /// A PNG file.
    static let logo = Data(base64Encoded: encodedLogo).map { Array($0) }
}
