import Basics
import Core

/// Why something is taken off or added on the whole document, by the codes of EN 16931: UNTDID 5189 for
/// allowances (BT-98), 7161 for charges (BT-105).
public struct AdjustmentReason: Sendable, Hashable {
    public var code: String
    public var label: Text

    static let allowances = [
        AdjustmentReason(code: "95", label: Text("Remise", "Discount")),
        AdjustmentReason(code: "100", label: Text("Remise spéciale", "Special rebate")),
    ]

    static let charges = [
        AdjustmentReason(code: "FC", label: Text("Port", "Carriage")),
        AdjustmentReason(code: "PC", label: Text("Emballage", "Packing")),
        AdjustmentReason(code: "ABK", label: Text("Autres frais", "Other")),
    ]

    static func all(_ kind: DocumentLine.Kind) -> [AdjustmentReason] {
        kind == .allowance ? allowances : charges
    }

    static func usual(_ kind: DocumentLine.Kind) -> AdjustmentReason { all(kind)[0] }
}
