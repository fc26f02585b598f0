import Basics
import Core

/// The *fichier des écritures comptables* of a year (article A47 A-1 of the LPF): 18 columns, one line
/// for each line of an entry, in ISO 8859-15.
struct EntryFile {
    enum Separator: String, CaseIterable, Sendable {
        case tab, pipe

        var character: String { self == .tab ? "\t" : "|" }
    }

    static let columns = [
        "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib",
        "CompAuxNum", "CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit",
        "EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise",
    ]

    private let accounts: ChartOfAccounts
    private let currency: Currency
    private let separator: Separator
    private let say = Language.french
    private(set) var bytes: [UInt8] = []

    init(_ accounts: ChartOfAccounts, _ currency: Currency, _ separator: Separator) {
        self.accounts = accounts
        self.currency = currency
        self.separator = separator
        add(Self.columns)
    }

    /// `SIRENFECAAAAMMJJ.txt`; zeros where the organisation has no SIREN.
    static func name(_ organisation: Organisation, closing day: Day) -> String {
        let siren = organisation.siren.filter(\.isNumber)
        return "\(siren.count == 9 ? siren : "000000000")FEC\(compact(day)).txt"
    }

    mutating func add(_ entry: BookEntry) {
        let use = ChartOfAccounts.Use(rawValue: entry.use) ?? .client
        let isClient = use == .client
        let zero = amount(.zero)
        let isDebit = entry.amount > .zero
        let sum = amount(isDebit ? entry.amount : -entry.amount)
        add([
            entry.journal.rawValue, entry.journal.label, String(entry.number),
            Self.compact(entry.day), accounts[use], say(use.label),
            isClient ? entry.clientNumber : "", isClient ? entry.clientName : "", entry.piece,
            Self.compact(entry.day), entry.label, isDebit ? sum : zero, isDebit ? zero : sum,
            entry.letter, entry.letteredOn.map(Self.compact) ?? "",
            Self.compact(max(entry.validatedOn, entry.day)), "", "",
        ])
    }

    private func amount(_ amount: Amount) -> String {
        ScaledDecimal.plain(amount.minorUnits, decimals: currency.exponent, point: ",")
    }

    /// `20261121`
    private static func compact(_ day: Day) -> String { day.iso.filter { $0 != "-" } }

    private mutating func add(_ cells: [String]) {
        let clean = cells.map { cell in
            PlainText.line(cell).replacing(separator.character, with: " ")
        }
        bytes += TextEncoding.latin9Bytes(clean.joined(separator: separator.character))
        bytes += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
    }
}
