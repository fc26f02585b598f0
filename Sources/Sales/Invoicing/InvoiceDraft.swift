import Basics
import Core

/// What a person says of a draft, read and checked. Its client stays the one it was made for.
public struct InvoiceDraft: Sendable {
    public var subject: String
    public var reference: String
    public var serviceOn: Day?
    public var message: String
    public var notes: String
    public var terms: PaymentTerms
    public var language: Language
    public var lines: [DocumentLine]

    /// An empty one with the usual terms of the client.
    public init(for client: Client, in organisation: Organisation) {
        (subject, reference, message, notes) = ("", "", "", "")
        terms = PaymentTerms(of: client, in: organisation)
        language = client.language
        lines = []
    }

    /// Reads the form's fields around the lines.
    public init(_ input: inout Input, lines: [DocumentLine]) {
        subject = input.line("subject")
        reference = input.line("reference", most: 100)
        serviceOn = input.day("service_on")
        message = input.text("message", most: 2000)
        notes = input.text("notes")
        let days = input.whole("payment_days", in: 0...PaymentTerms.maximumDays)
        terms = PaymentTerms(days: days ?? 0, endOfMonth: input.flag("payment_end_of_month"))
        if days == nil { input.refuse("payment_days", Input.missing) }
        language = input.choice("language", or: .french)
        self.lines = lines
    }

    /// A draft as it stands, to copy or to show in its form.
    init(_ invoice: Invoice, lines: [DocumentLine]) {
        subject = invoice.subject
        reference = invoice.reference
        serviceOn = invoice.serviceOn
        message = invoice.message
        notes = invoice.notes
        terms = invoice.terms
        language = invoice.language
        self.lines = lines
    }

    /// As the form shows it.
    var formValues: [String: String] {
        [
            "subject": subject, "reference": reference, "service_on": serviceOn?.iso ?? "",
            "message": message, "notes": notes, "payment_days": String(terms.days),
            "payment_end_of_month": terms.endOfMonth ? "on" : "",
            "language": language.rawValue,
        ]
    }
}
