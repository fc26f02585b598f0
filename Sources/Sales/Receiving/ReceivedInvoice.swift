import Basics
import Core
import Database
import EInvoice

/// An invoice that somebody sent: what it states, as it states it, and how far it is.
public struct ReceivedInvoice: Record, Sendable {
    public typealias ID = Basics.ID<ReceivedInvoice>

    public enum Channel: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case upload, folder, mail, platform

        public var label: Text {
            switch self {
            case .upload: Text("Déposée par une personne", "Uploaded by a person")
            case .folder: Text("Dossier de dépôt", "Drop folder")
            case .mail: Text("Courriel", "Mail")
            case .platform: Text("Plateforme", "Platform")
            }
        }
    }

    public var id: ID
    /// Of the file, byte by byte.
    public var sha256: String
    public var fileName: String
    public var mediaType: String
    public var byteCount: Int
    public var syntax: String
    /// The XML inside a PDF; empty of XML itself.
    public var attachment: String
    public var channel: Channel
    public var receivedAt: Instant
    public var number: String
    /// UNTDID 1001: `380`.
    public var typeCode: String
    public var issuedOn: Day?
    public var dueOn: Day?
    /// As it states it; empty where it does not.
    public var currencyCode: String
    public var totalNet: Amount?
    public var totalVAT: Amount?
    public var totalGross: Amount?
    public var dueAmount: Amount?
    public var sellerName: String
    public var sellerSIREN: String
    public var sellerVATNumber: String
    public var breachCount: Int
    public var differenceCount: Int
    public var rules: String
    public var supplierID: Supplier.ID?
    public var supplierName: String
    public var status: LifeCycleStatus
    public var version: Int

    public init(row: Row) throws {
        id = try row["id"]
        sha256 = try row["sha256"]
        fileName = try row["file_name"]
        mediaType = try row["media_type"]
        byteCount = try row["byte_count"]
        syntax = try row["syntax"]
        attachment = try row["attachment"]
        channel = try row["channel"]
        receivedAt = try row["received_at"]
        number = try row["number"]
        typeCode = try row["type_code"]
        issuedOn = try row["issued_on"]
        dueOn = try row["due_on"]
        currencyCode = try row["currency"]
        totalNet = try row["total_net"]
        totalVAT = try row["total_vat"]
        totalGross = try row["total_gross"]
        dueAmount = try row["due_amount"]
        sellerName = try row["seller_name"]
        sellerSIREN = try row["seller_siren"]
        sellerVATNumber = try row["seller_vat_number"]
        breachCount = try row["breach_count"]
        differenceCount = try row["difference_count"]
        rules = try row["rules"]
        supplierID = try row["supplier_id"]
        supplierName = try row["supplier_name"]
        status = try row["status"]
        version = try row["version"]
    }

    public var path: String { "/received-invoices/\(id)" }
    var currency: Currency { Currency.stated(currencyCode) }
    var kind: ReceivedKind { ReceivedKind(typeCode) }
    /// Whoever sold it, by the name that is known best.
    var sender: String { supplierName.isEmpty ? sellerName : supplierName }
    var isPDF: Bool { mediaType == "application/pdf" }

    /// `Facture F-2026-12`
    func title(in say: Language) -> String {
        number.isEmpty ? say(kind.label) : "\(say(kind.label))\u{A0}\(number)"
    }

    func grossText(in say: Language) -> String {
        totalGross.map { say.money($0, currency) } ?? "—"
    }
}

/// What a document is (BT-3, UNTDID 1001).
struct ReceivedKind: Sendable, Hashable {
    let code: String

    init(_ code: String) { self.code = code }

    var label: Text {
        if code.isEmpty { return Text("Document", "Document") }
        guard let name = EInvoice.typeName(ofCode: code) else {
            return Text("Document de type \(code)", "Document of type \(code)")
        }
        return Text(name.french.capitalisedFirst, name.english.capitalisedFirst)
    }

    /// Whether it lowers what is owed.
    var isCredit: Bool { ["381", "261", "396", "262", "502", "503"].contains(code) }
}

extension Day {
    /// Of a file that may state any digits.
    init?(_ stated: StatedDay?) {
        guard let text = stated?.text, text.utf8.count == 8 else { return nil }
        let parts = [text.prefix(4), text.dropFirst(4).prefix(2), text.suffix(2)]
        guard let day = Day(parts.joined(separator: "-")), (1900...2999).contains(day.year) else {
            return nil
        }
        self = day
    }
}

extension Amount {
    /// Of a file that may state any number; nil where it is no whole number of minor units.
    init?(_ stated: Numeral?, in currency: Currency) {
        guard let stated else { return nil }
        let shift = currency.exponent - stated.decimals
        var units = stated.unscaled
        if shift >= 0 {
            for _ in 0..<shift { units *= 10 }
        } else {
            for _ in 0..<(-shift) {
                guard units % 10 == 0 else { return nil }
                units /= 10
            }
        }
        guard units.magnitude < Amount.maximum.minorUnits.magnitude else { return nil }
        self.init(Int(units))
    }
}
