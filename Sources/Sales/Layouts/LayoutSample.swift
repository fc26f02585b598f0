import Basics
import Core

/// Made-up documents that show a layout.
enum LayoutSample: String, CaseIterable {
    case invoice, quote, order
    case creditNote = "credit_note"

    var label: Text {
        switch self {
        case .invoice: Text("Facture", "Invoice")
        case .quote: Text("Devis", "Quote")
        case .order: Text("Commande", "Order")
        case .creditNote: Text("Avoir", "Credit note")
        }
    }

    fileprivate var kind: PrintedDocument.Kind {
        switch self {
        case .invoice: .invoice
        case .quote: .quote
        case .order: .order
        case .creditNote: .creditNote
        }
    }
}

/// A document with example lines, from an organisation as it is.
struct SampleDocument {
    let sample: LayoutSample
    let seller: Seller
    let logo: [UInt8]?
    let organisation: Organisation
    let day: Day

    var printed: PrintedDocument {
        .laidOut(by: seller.layout, in: organisation.language) { printed($0) }
    }

    private func printed(_ say: Language) -> PrintedDocument {
        let lines = lines(say)
        let totals = DocumentTotals(lines, in: currency)
        let written = PrintedLines(lines, in: currency, say: say, speaksOfVAT: seller.chargesVAT)
        return PrintedDocument(
            kind: sample.kind, language: say, title: title(say), number: "\(day.year)-000",
            draftMark: nil, brand: seller.name, logo: logo, accentColor: seller.accentColor,
            seller: .init(seller, say: say), buyer: buyer(say), facts: facts(say),
            subject: say("Document d’exemple", "Example document"), columns: written.columns,
            lines: written.printed, vatColumns: written.vatColumns,
            vatLines: written.vatLines(totals.vatRows), sums: written.sums, message: "",
            payment: sample == .invoice ? payment(of: totals.gross, say) : nil,
            acceptance: sample == .quote ? acceptance(say) : nil, mentions: mentions(say),
            footer: PrintedDocument.footer(of: seller, say))
    }

    private var currency: Currency { organisation.currency }

    private func title(_ say: Language) -> String {
        sample == .order
            ? say("Confirmation de commande", "Order confirmation") : say(sample.label)
    }

    private func buyer(_ say: Language) -> PrintedDocument.Party {
        .init(
            heading: say("Client", "Bill to"), name: say("Société Exemple", "Example Company"),
            lines: ["12 rue de l’Exemple", "75000 Paris"], numbers: [])
    }

    private func facts(_ say: Language) -> [PrintedDocument.Fact] {
        [
            .init(say("Date", "Date"), say.longDay(day)),
            .init(say("Échéance", "Due date"), say.longDay(day.adding(days: 30))),
            .init(say("Votre référence", "Your reference"), "EXEMPLE-1"),
        ]
    }

    private func lines(_ say: Language) -> [DocumentLine] {
        var supplies = line(say("Fournitures", "Supplies"), .unit, 4, price: 60)
        supplies.discount = .percent(Percentage(hundredths: 1000))
        var days = line(say("Journée d’exemple", "Example day"), .day, 2, price: 450)
        days.description = say(
            "Préparation, déplacement et compte rendu compris.",
            "With preparation, travel and report.")
        return [
            DocumentLine(id: Self.noID, kind: .section, label: say("Prestation", "Service")),
            days, line(say("Heure d’exemple", "Example hour"), .hour, 3, price: 75), supplies,
        ]
    }

    /// Lines that are only drawn need no names.
    private static let noID = DocumentLine.ID(UniqueID(high: 0, low: 0))

    private func line(_ label: String, _ unit: Unit, _ count: Int, price: Int) -> DocumentLine {
        var line = DocumentLine(id: Self.noID, kind: .item, label: label)
        line.unit = unit.rawValue
        line.quantity = Quantity(count)
        line.unitPrice = UnitPrice(millionths: price * 1_000_000)
        line.vat =
            seller.chargesVAT
            ? VATRate(.standard, organisation.defaultVATRate) : VATRate(.exempt)
        return line
    }

    private func payment(of total: Amount, _ say: Language) -> PrintedDocument.Payment {
        .init(
            heading: say("Règlement par virement", "Payment by bank transfer"),
            rows: [.init("IBAN", Grouped.iban(seller.iban)), .init("BIC", seller.bic)].filter {
                !$0.value.isEmpty
            },
            code: PaymentCode.text(
                name: seller.name, iban: seller.iban, bic: seller.bic, amount: total,
                currency: currency, reference: "EXEMPLE"))
    }

    private func acceptance(_ say: Language) -> PrintedDocument.Acceptance {
        .init(
            heading: say("Bon pour accord", "Agreed"),
            text: say("Date, nom et signature", "Date, name and signature"))
    }

    private func mentions(_ say: Language) -> [String] {
        guard sample == .invoice else { return [] }
        let facts = MentionFacts(
            kind: .invoice, say: say, organisation: organisation, buyer: .company,
            buyerCountry: organisation.address.country,
            categories: [seller.chargesVAT ? .standard : .exempt], operation: .services,
            orderNumber: "")
        return facts.sentences.map(\.text)
    }
}
