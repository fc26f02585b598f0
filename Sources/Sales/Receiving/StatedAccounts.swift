import Basics
import EInvoice

// Bank data in what suppliers send: for roles that see bank details.

extension EInvoice {
    /// Whether it says where to pay, or what is debited: in its own places, or in words.
    var statesAccount: Bool {
        paymentMeans.contains(where: \.statesAccount)
            || words.contains { AccountNumbers.masked(in: $0) != $0 }
    }

    private var words: [String] {
        let parties = [seller, buyer, payee, taxRepresentative].compactMap { $0?.legalInformation }
        return [remittance, paymentTerms].compactMap(\.self) + parties + notes.compactMap(\.text)
            + lines.flatMap { [$0.name, $0.description, $0.note].compactMap(\.self) }
    }

    /// The same without what leads to an account.
    var withoutAccounts: EInvoice {
        func masked(_ words: String?) -> String? { words.map(AccountNumbers.masked(in:)) }
        var out = self
        out.paymentMeans = paymentMeans.map(\.withoutAccount)
        out.remittance = masked(remittance)
        out.paymentTerms = masked(paymentTerms)
        out.seller?.legalInformation = masked(seller?.legalInformation)
        out.buyer?.legalInformation = masked(buyer?.legalInformation)
        out.payee?.legalInformation = masked(payee?.legalInformation)
        out.taxRepresentative?.legalInformation = masked(taxRepresentative?.legalInformation)
        for place in out.notes.indices { out.notes[place].text = masked(notes[place].text) }
        for place in out.lines.indices {
            out.lines[place].name = masked(lines[place].name)
            out.lines[place].description = masked(lines[place].description)
            out.lines[place].note = masked(lines[place].note)
        }
        return out
    }
}

extension EInvoice.PaymentMeans {
    fileprivate var statesAccount: Bool {
        [account, bank, card, mandate, debitedAccount].contains { !($0 ?? "").isEmpty }
    }

    fileprivate var withoutAccount: EInvoice.PaymentMeans {
        func hidden(_ code: String?) -> String? { code.map { $0.isEmpty ? "" : "•••" } }
        var out = self
        // Enough to recognise it, too little to copy it; nothing of what is no account.
        let compact = CompanyNumbers.compact(account ?? "")
        out.account =
            CompanyNumbers.isIBAN(compact) ? Supplier.masked(compact) : hidden(account)
        out.bank = hidden(bank)
        out.card = hidden(card)
        out.mandate = hidden(mandate)
        out.debitedAccount = hidden(debitedAccount)
        return out
    }
}

extension ReceivedFile {
    /// Whether whoever opens it may find an account. A PDF shows what its XML may not state, and nothing here
    /// reads pictures.
    var mayShowAccount: Bool { xml != nil || xmlStatesAccount }

    /// What cannot be read says nothing, so it may say everything.
    var xmlStatesAccount: Bool {
        let bytes = xml ?? content
        guard let read = try? InvoiceFile(xml: bytes, attachment: nil).invoice else { return true }
        let text = String(decoding: bytes, as: UTF8.self)
        return read.statesAccount || AccountNumbers.masked(in: text) != text
    }
}

/// Account numbers that stand in words, with or without spaces.
enum AccountNumbers {
    private static let longest = 34

    static func masked(in text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var out = String.UnicodeScalarView()
        var place = 0
        while place < scalars.count {
            let isStart = place == 0 || !isPart(scalars[place - 1])
            if isStart, let (end, number) = number(at: place, in: scalars) {
                out.append(contentsOf: Supplier.masked(number).unicodeScalars)
                place = end
            } else {
                out.append(scalars[place])
                place += 1
            }
        }
        return String(out)
    }

    /// The longest number that begins there, and where it ends.
    private static func number(at start: Int, in scalars: [Unicode.Scalar]) -> (Int, String)? {
        guard start + 3 < scalars.count, isLetter(scalars[start]), isLetter(scalars[start + 1])
        else { return nil }
        var (compact, found): (String, (Int, String)?) = ("", nil)
        var isBehindGap = true
        for place in start..<scalars.count where compact.utf8.count < longest {
            if isPart(scalars[place]) {
                compact.unicodeScalars.append(scalars[place])
                isBehindGap = false
                let number = compact.uppercased()
                let isWhole = place + 1 == scalars.count || !isPart(scalars[place + 1])
                if isWhole, CompanyNumbers.isIBAN(number) { found = (place + 1, number) }
            } else if !isBehindGap, [" ", "\u{A0}", "\u{202F}", "-"].contains(scalars[place]) {
                isBehindGap = true
            } else {
                break
            }
        }
        return found
    }

    private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        isLetter(scalar) || ("0"..."9").contains(scalar)
    }
    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("A"..."Z").contains(scalar) || ("a"..."z").contains(scalar)
    }
}
