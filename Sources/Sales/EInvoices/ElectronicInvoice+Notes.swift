import Basics
import Core
import EInvoice

// The sentences of an invoice, each with the code of its subject (UNTDID 4451).
extension ElectronicInvoice {
    private enum Subject {
        static let general = "AAI"
        static let regulatory = "REG"
        static let correction = "ACD"
        /// What the French rules ask for in every document, whoever the client is.
        static let french = ["PMT", "PMD", "AAB"]
        /// What kind of sale it is.
        static let treatment = "BAR"
    }

    var notes: [EInvoice.Note] {
        var out = print.mentions.sentences.compactMap { sentence -> EInvoice.Note? in
            switch sentence.code {
            case Subject.regulatory, Subject.correction:
                EInvoice.Note(sentence.text, code: sentence.code)
            case let code where Subject.french.contains(code):
                EInvoice.Note(sentence.text, code: code)
            case Mentions.deliveryCode: nil
            // Why no VAT is charged stands in the VAT breakdown.
            case let code where VATCategory(rawValue: code) != nil: nil
            default: EInvoice.Note(sentence.text, code: Subject.general)
            }
        }
        if !document.message.isEmpty {
            out.append(EInvoice.Note(document.message, code: Subject.general))
        }
        return form.isFrench ? out + frenchNotes(beside: out) : out
    }

    private func frenchNotes(beside notes: [EInvoice.Note]) -> [EInvoice.Note] {
        var out: [EInvoice.Note] = []
        if let text = needless {
            for code in Subject.french where !notes.contains(where: { $0.code == code }) {
                out.append(EInvoice.Note(text, code: code))
            }
        }
        if let treatment = print.buyer.treatment {
            out.append(EInvoice.Note(treatment, code: Subject.treatment))
        }
        return out
    }

    /// What stands for sentences that say nothing of this document. Of an invoice to a company they may
    /// not be missing: nothing then stands for them, and the rules say so.
    private var needless: String? {
        if document.kind == .creditNote {
            return say("Sans objet : avoir.", "Not applicable: credit note.")
        }
        guard print.buyer.kind == .person else { return nil }
        return say("Sans objet : client particulier.", "Not applicable: private client.")
    }
}

extension Mentions {
    /// Whether VAT is due when the invoice is issued, and not when it is paid.
    var isVATOnDebits: Bool { sentences.contains { $0.code == "BAR" } }
}
