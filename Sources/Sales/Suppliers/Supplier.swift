import Basics
import Core
import Database

/// Who sells to the organisation. Not a client: nothing is owed by it, and its number is its SIREN or VAT
/// number.
public struct Supplier: Record, Sendable {
    public typealias ID = Basics.ID<Supplier>

    public var id: ID
    public var name: String
    public var siren: String
    public var vatNumber: String
    public var address: PostalAddress
    public var email: String
    /// Where its invoices are paid to; compact, empty when it is not known.
    public var iban: String
    /// To compare with what an invoice states, and shown to nobody whose role hides it.
    var knownIBAN: String
    public var notes: String
    public var version: Int

    public init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        siren = try row["siren"]
        vatNumber = try row["vat_number"]
        address = try PostalAddress(row: row)
        email = try row["email"]
        iban = try row["iban"]
        knownIBAN = try row["known_iban"]
        notes = try row["notes"]
        version = try row["version"]
    }

    static let columns: SQL = """
        id, name, siren, vat_number, street, street_more, postal_code, city, country, email,
        shown('bank', iban) AS iban, iban AS known_iban,
        shown('notes', notes) AS notes, version
        """

    public var path: String { "/suppliers/\(id)" }

    /// `FR76 •••• •••• 0189`: enough to recognise it, too little to copy it.
    public var maskedIBAN: String { Supplier.masked(iban) }

    static func masked(_ iban: String) -> String {
        guard iban.count > 8 else { return iban }
        return "\(iban.prefix(4)) •••• •••• \(iban.suffix(4))"
    }
}

extension Supplier: HoldsSealedText {
    public static var sealedTexts: [SealedTextMember<Supplier>] {
        [
            SealedTextMember(\.iban, .supplierAccount) { $0.id.value },
            SealedTextMember(\.knownIBAN, .supplierAccount) { $0.id.value },
            SealedTextMember(\.notes, .supplierNotes) { $0.id.value },
        ]
    }
}

extension SealedTextColumn {
    /// Where a supplier is paid to, sealed with the organisation's key.
    static let supplierAccount = SealedTextColumn(
        "suppliers", "iban", key: .organisation, index: "iban_index")
    static let supplierNotes = SealedTextColumn("suppliers", "notes", key: .organisation)
}

/// What a person, or an invoice, says of a supplier.
public struct SupplierDraft: Sendable {
    public var name: String
    public var siren = ""
    public var vatNumber = ""
    public var address = PostalAddress()
    public var email = ""
    public var iban = ""
    public var notes = ""

    public init(name: String) { self.name = name }

    init(_ input: inout Input, _ organisation: Organisation) {
        name = input.line("name", required: true)
        (siren, _, vatNumber) = input.companyNumbers()
        address = input.postalAddress(country: organisation.address.country)
        email = input.email("email")
        iban = CompanyNumbers.compact(input.line("iban", most: 60))
        if !iban.isEmpty, !CompanyNumbers.isIBAN(iban) {
            input.refuse("iban", Text("Cet IBAN est faux.", "This IBAN is wrong."))
        }
        notes = input.text("notes")
    }
}
