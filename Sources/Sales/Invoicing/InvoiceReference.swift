import Basics
import Core

/// An earlier invoice, as another document names it (BT-25, BT-26).
public struct InvoiceReference: Sendable, Hashable {
    public var number: String
    public var issuedOn: Day

    init(number: String, issuedOn: Day) {
        self.number = number
        self.issuedOn = issuedOn
    }

    init?(_ json: JSON) {
        guard let number = json["number"]?.string, let day = Day(json["issued_on"]?.string ?? "")
        else { return nil }
        self.init(number: number, issuedOn: day)
    }

    var json: JSON { ["number": .string(number), "issued_on": JSON(issuedOn)] }
}
