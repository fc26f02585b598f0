import Basics
import Core
import Database

/// Brings the sales of another program in, as history: clients, items and documents under their old
/// numbers and dates, outside receivables. Every line is imported, known already, or refused.
public enum SalesImport {
    public struct Progress: Sendable, Equatable {
        public enum Step: String, Sendable, CaseIterable {
            case reading, sorting, writing, checking
        }
        public var step: Step
        /// Lines while reading, documents while writing.
        public var done: Int
        /// Nil when it cannot be known.
        public var total: Int?
    }

    /// - Parameters:
    ///   - file: the path of a CSV file, or of one packed by `xz`.
    ///   - slug: of the organisation; its currency must be that of the mapping.
    ///   - report: the path of a CSV file that names every refused line; none is written when nil.
    ///   - progress: called from time to time, on the thread of the caller.
    /// - Throws: `Problem.invalid` with field `file`, `organisation`, `mapping` or `report`. Nothing is
    ///   kept then: an import happens as a whole or not at all, and can be run again.
    public static func run(
        file: String, organisation slug: String, mapping: SalesMapping, pool: Pool,
        report: String? = nil, now: Instant = .now, progress: (Progress) -> Void = { _ in }
    ) throws -> SalesImportResult {
        let scope = try commandScope(organisation: slug, pool: pool)
        let currency = scope.organisation.currency
        guard currency == mapping.currency else {
            throw Problem.invalid(
                "organisation",
                Text(
                    "\(scope.organisation.name) compte en \(currency.code), le fichier en "
                        + "\(mapping.currency.code).",
                    "\(scope.organisation.name) keeps its books in \(currency.code), the file is in "
                        + "\(mapping.currency.code)."))
        }
        let source = ImportedFile(path: file)
        var output = try report.map { try ReportFile(path: $0) }
        let result = try pool.transaction(scope, at: now) { transaction in
            try transaction.importSales(source, mapping, report: &output, progress: progress)
        }
        try output?.keep()
        return result
    }

    /// Somebody at the command line, in one organisation.
    static func commandScope(organisation slug: String, pool: Pool, vault: Vault? = nil) throws
        -> Scope
    {
        guard let found = try pool.withConnection({ try $0.organisation(slug: slug) }) else {
            throw Problem.invalid(
                "organisation",
                Text(
                    "L’organisation « \(slug) » n’existe pas.",
                    "There is no organisation “\(slug)”."))
        }
        return Scope(organisation: found, user: nil, role: .owner, vault: vault)
    }
}

/// What became of a file. Amounts are those of the file, credit notes being negative.
public struct SalesImportResult: Sendable, Equatable {
    public struct Count: Sendable, Equatable {
        public var lines = 0
        public var documents = 0
        public var amount = Amount.zero
    }
    public struct Reason: Sendable, Equatable {
        public var refusal: ImportRefusal
        public var lines: Int
        public var amount: Amount
    }

    public var id: UniqueID
    public var imported = Count()
    /// Imported by an earlier run; left as they are.
    public var known = Count()
    public var refused = Count()
    public var clients = 0
    public var items = 0
    /// Most frequent first.
    public var reasons: [Reason] = []

    /// Nothing in the file was new.
    public var isRepetition: Bool { imported.lines == 0 && known.lines > 0 }

    public var json: JSON {
        func counts(_ count: Count) -> JSON {
            [
                "lines": .int(count.lines), "documents": .int(count.documents),
                "amount": JSON(count.amount),
            ]
        }
        return [
            "id": .string(id.description), "imported": counts(imported),
            "already_imported": counts(known), "refused": counts(refused),
            "clients": .int(clients), "items": .int(items),
            "reasons": .array(
                reasons.map {
                    [
                        "reason": .string($0.refusal.rawValue), "lines": .int($0.lines),
                        "amount": JSON($0.amount),
                    ]
                }),
        ]
    }
}
