import Basics
import Core

/// What a person says of a quote, read and checked.
public struct QuoteDraft: Sendable {
    public var head: DocumentHead
    public var quotedOn: Day
    public var validUntil: Day
    public var lines: [DocumentLine]
    /// Of the total, asked for once it is accepted.
    public var depositPercentage = Percentage.zero

    static let maximumValidityDays = 3650

    public init(head: DocumentHead, quotedOn: Day, validUntil: Day, lines: [DocumentLine]) {
        self.head = head
        self.quotedOn = quotedOn
        self.validUntil = validUntil
        self.lines = lines
    }

    /// Reads the form's fields around the lines.
    init(_ input: inout Input, lines: [DocumentLine], today: Day) {
        head = DocumentHead(&input)
        let quoted = input.day("quoted_on", required: true)
        let until = input.day("valid_until", required: true)
        quotedOn = quoted ?? today
        validUntil = until ?? today
        depositPercentage = input.percentage("deposit_percent") ?? .zero
        self.lines = lines
        if let quoted, let until { QuoteDraft.check(&input, from: quoted, to: until) }
    }

    static func check(_ input: inout Input, from quoted: Day, to until: Day) {
        if until < quoted {
            input.refuse(
                "valid_until",
                Text(
                    "La fin de validité ne peut précéder la date du devis.",
                    "The quote cannot expire before its own date."))
        } else if until - quoted > maximumValidityDays {
            input.refuse("valid_until", Text("Dix ans au plus.", "Ten years at most."))
        }
    }
}

extension Quote {
    var formValues: [String: String] {
        head.formValues.merging([
            "quoted_on": quotedOn.iso, "valid_until": validUntil.iso, "version": String(version),
        ]) { $1 }
    }

    /// With the percentage of the deposit as this language writes it.
    func formValues(_ say: Language) -> [String: String] {
        var values = formValues
        values["deposit_percent"] =
            depositPercentage == .zero ? "" : say.typed(depositPercentage)
        return values
    }
}
