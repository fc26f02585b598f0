import Basics
import Core

/// What a person says of a draft, read and checked.
public struct InvoiceDraft: Sendable {
    public var client: Client.ID
    public var contact: Contact.ID?
    public var subject: String
    public var reference: String
    public var serviceOn: Day?
    public var message: String
    public var notes: String
    /// Nil: those of the client, or the organisation's.
    public var terms: PaymentTerms?
    /// Nil: the client's.
    public var language: Language?
    /// One of the client’s other addresses; nil for its own.
    public var delivery: Address.ID?
    /// `general`: what the organisation says.
    public var exemption = VATExemption.general
    public var lines: [DocumentLine]

    public init(for client: Client.ID, lines: [DocumentLine] = []) {
        self.client = client
        self.lines = lines
        (subject, reference, message, notes) = ("", "", "", "")
    }

    /// Reads the form's fields around the lines.
    init(_ input: inout Input, lines: [DocumentLine]) {
        client = input.id("client", required: true) ?? ID(UniqueID(high: 0, low: 0))
        contact = input.id("contact")
        subject = input.line("subject")
        reference = input.line("reference", most: 100)
        serviceOn = input.day("service_on")
        message = input.text("message", most: 2000)
        notes = input.text("notes")
        let endOfMonth = input.flag("payment_end_of_month")
        terms = input.whole("payment_days", in: 0...PaymentTerms.maximumDays)
            .map { PaymentTerms(days: $0, endOfMonth: endOfMonth) }
        if terms == nil, endOfMonth {
            input.refuse("payment_days", Input.missing)
        }
        language =
            input.has("language") && !(input.typed["language"] ?? "").isEmpty
            ? input.choice("language", or: .french) : nil
        delivery = input.id("delivery_address")
        exemption = input.choice("vat_exemption", or: .general)
        self.lines = lines
    }

    /// A draft as it stands, to copy or to change.
    public init(_ invoice: Invoice, lines: [DocumentLine]) {
        client = invoice.clientID
        contact = invoice.contactID
        subject = invoice.subject
        reference = invoice.reference
        serviceOn = invoice.serviceOn
        message = invoice.message
        notes = invoice.notes
        terms = invoice.terms
        language = invoice.language
        exemption = invoice.exemption
        delivery = invoice.deliveryAddressID
        self.lines = lines
    }

    /// As the form shows it.
    var formValues: [String: String] {
        [
            "client": client.description, "contact": contact?.description ?? "",
            "subject": subject, "reference": reference, "service_on": serviceOn?.iso ?? "",
            "message": message, "notes": notes,
            "payment_days": terms.map { String($0.days) } ?? "",
            "payment_end_of_month": terms?.endOfMonth == true ? "on" : "",
            "language": language?.rawValue ?? "", "vat_exemption": exemption.rawValue,
            "delivery_address": delivery?.description ?? "",
        ]
    }

    /// As quotes and orders have it, for what is checked of all three.
    var head: DocumentHead {
        DocumentHead(
            client: client, contact: contact, subject: subject, reference: reference,
            message: message, notes: notes)
    }
}
