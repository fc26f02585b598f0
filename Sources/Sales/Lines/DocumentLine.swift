import Basics
import Core
import Database

/// What is taken off a line.
public enum Discount: Sendable, Hashable {
    case none
    case percent(Percentage)
    case amount(Amount)

    var kind: String {
        switch self {
        case .none: "none"
        case .percent: "percent"
        case .amount: "amount"
        }
    }
    var value: Int {
        switch self {
        case .none: 0
        case .percent(let percentage): percentage.hundredths
        case .amount(let amount): amount.minorUnits
        }
    }
    init(kind: String, value: Int) {
        switch kind {
        case "percent": self = .percent(Percentage(hundredths: value))
        case "amount": self = .amount(Amount(value))
        default: self = .none
        }
    }
}

/// How quantities are counted; the code is that of UN/ECE Recommendation 20 where there is one.
public enum Unit: String, Sendable, CaseIterable {
    case unit, hour, day, flatRate = "flat_rate", month, kilometre, metre, squareMetre =
        "square_metre"
    case kilogram, litre, lot

    public var label: Text {
        switch self {
        case .unit: Text("unité", "unit")
        case .hour: Text("heure", "hour")
        case .day: Text("jour", "day")
        case .flatRate: Text("forfait", "flat rate")
        case .month: Text("mois", "month")
        case .kilometre: Text("km", "km")
        case .metre: Text("m", "m")
        case .squareMetre: Text("m²", "m²")
        case .kilogram: Text("kg", "kg")
        case .litre: Text("litre", "litre")
        case .lot: Text("lot", "lot")
        }
    }
}

/// Whose deposit a line takes off, with the VAT that goes with it: that of the deposit invoice, which is
/// not computed anew.
public struct DepositDeduction: Sendable, Hashable {
    public var invoiceID: Invoice.ID
    /// Negative, as the line's net is.
    public var vat: Amount
}

/// One line of a quote, an order or an invoice: an item, a free text, the title of a section, or what is
/// taken off or added on the whole document.
public struct DocumentLine: Record, Sendable, Hashable {
    public typealias ID = Basics.ID<DocumentLine>

    public enum Kind: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case item, text, section
        /// On the whole document (BG-20): its label is the reason, its unit the code of the reason. An
        /// amount is one times its price; a percentage has neither quantity nor price.
        case allowance
        /// The same, added (BG-21).
        case charge
    }

    public var id: ID
    public var kind: Kind
    public var itemID: UniqueID?
    public var label: String
    public var description: String
    public var quantity: Quantity
    public var unit: String
    public var unitPrice: UnitPrice
    public var discount: Discount
    public var vat: VATRate
    /// Of an allowance or a charge: it follows the lines, each rate in proportion.
    public var vatIsSpread: Bool
    /// Whether price and discount include VAT; the net then follows from the whole document.
    public var includesVAT: Bool
    /// What such a line, or an allowance or a charge, comes to without VAT within its document
    /// (`settled(in:)`); it takes off where it is negative.
    public var settledNet: Amount
    /// For a line of an invoice: the line of the order that it invoices.
    public var orderLineID: ID?
    /// For a line of an order: what invoices took of it so far.
    public var invoicedQuantity: Quantity
    /// For a line that takes a deposit off an invoice.
    public var deduction: DepositDeduction?

    public init(row: Row) throws {
        id = try row["id"]
        kind = try row["kind"]
        itemID = try row["item_id"]
        label = try row["label"]
        description = try row["description"]
        quantity = try row["quantity"]
        unit = try row["unit"]
        unitPrice = try row["unit_price"]
        discount = Discount(kind: try row["discount_kind"], value: try row["discount_value"])
        vat = VATRate(try row["vat_category"], try row["vat_rate"])
        vatIsSpread = try row["vat_is_spread"]
        includesVAT = try row["includes_vat"]
        settledNet = try row["net_amount"]
        orderLineID = try row["order_line_id"]
        invoicedQuantity = try row["invoiced_quantity"]
        deduction = try row["deposit_invoice_id"].map {
            DepositDeduction(invoiceID: $0, vat: try row["deposit_vat_amount"])
        }
    }

    public init(id: ID, kind: Kind, label: String) {
        self.id = id
        self.kind = kind
        self.label = label
        itemID = nil
        description = ""
        quantity = .zero
        unit = ""
        unitPrice = UnitPrice(millionths: 0)
        discount = .none
        vat = VATRate(.standard)
        vatIsSpread = false
        includesVAT = false
        settledNet = .zero
        orderLineID = nil
        invoicedQuantity = .zero
        deduction = nil
    }

    public var isAdjustment: Bool { kind == .allowance || kind == .charge }
    /// Whether an invoice takes it of an order by quantity.
    var isCounted: Bool { kind == .item || (isAdjustment && quantity > .zero) }

    /// Quantity × price, rounded, before the discount; with VAT where the price includes it.
    public func grossAmount(in currency: Currency) -> Amount {
        kind == .item || isAdjustment ? quantity.times(unitPrice, in: currency) : .zero
    }

    public func discountAmount(in currency: Currency) -> Amount {
        guard kind == .item else { return .zero }
        return switch discount {
        case .none: .zero
        case .percent(let percentage): grossAmount(in: currency).share(percentage)
        case .amount(let amount): amount
        }
    }

    /// What the line adds to the document, without VAT.
    public func netAmount(in currency: Currency) -> Amount {
        isAdjustment || includesVAT ? settledNet : typedAmount(in: currency)
    }

    /// What was typed of an item, after its discount: with VAT where the price includes it.
    func typedAmount(in currency: Currency) -> Amount {
        grossAmount(in: currency) - discountAmount(in: currency)
    }
}
