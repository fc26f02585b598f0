import Basics
import Core
import Database

/// An import from the command line: the same steps, at once and in one transaction.
public enum FileImport {
    public struct Result: Sendable {
        public var id: UniqueID
        public var mapping: String
        public var counts: ImportCounts
        /// The first lines that were refused, each with why.
        public var refused: [(line: Int, reason: Text)]

        public var json: JSON {
            [
                "id": .string(id.description), "mapping": .string(mapping),
                "counts": counts.json,
                "refused": .array(
                    refused.map {
                        ["line": .int($0.line), "reason": .string($0.reason.english)]
                    }),
            ]
        }
    }

    public struct Order: Sendable {
        public var kind: ImportKind
        public var file: String
        public var organisation: String
        /// Nil: the one that fits the headings best.
        public var mapping: String?
        /// Count only; nothing is kept.
        public var isTrial = false
        public var existing = Import.Existing.keep

        public init(kind: ImportKind, file: String, organisation: String) {
            self.kind = kind
            self.file = file
            self.organisation = organisation
        }
    }

    /// Thrown to undo a trial.
    private struct TrialEnded: Error {}

    /// - Parameters:
    ///   - mappings: the folder of the ready mappings.
    ///   - refusals: receives the file of refused lines.
    ///   - progress: called with the number of lines read, then written.
    /// - Throws: `Problem.invalid` with field `file`, `organisation` or `mapping`. Nothing is kept then.
    public static func run(
        _ order: Order, mappings folder: String, pool: Pool, vault: Vault, now: Instant = .now,
        refusals: ([UInt8]) throws -> Void = { _ in }, progress: (Int) -> Void = { _ in }
    ) throws -> Result {
        let scope = try SalesImport.commandScope(
            organisation: order.organisation, pool: pool, vault: vault)
        let file = ImportedFile(path: order.file)
        var result: Result?
        do {
            try pool.transaction(scope, at: now) { transaction in
                let found = try transaction.mapped(order, file, ImportMapping.ready(in: folder))
                let counts = try transaction.runImport(found, from: .file(file)) { progress($0) }
                let refused = try transaction.importRefusals(of: found.id, most: 20)
                result = Result(
                    id: found.id.value, mapping: found.mapping, counts: counts,
                    refused: refused.map { line in
                        (
                            line.line,
                            Text(
                                line.problems.map { $0.sentence(.french) }.joined(separator: " ; "),
                                line.problems.map { $0.sentence(.english) }.joined(separator: "; "))
                        )
                    })
                try refusals(transaction.refusalFile(of: found, scope.organisation.language))
                if order.isTrial { throw TrialEnded() }
            }
        } catch is TrialEnded {}
        guard let result else { throw Problem.unavailable }
        return result
    }
}

extension Transaction {
    /// A file with the names of its columns, noted as an import.
    fileprivate func mapped(
        _ order: FileImport.Order, _ file: ImportedFile, _ ready: [ImportMapping]
    ) throws -> Import {
        let kind = order.kind
        let form = try FileForm(of: kind) { body in try file.read { piece, _, _ in try body(piece) }
        }
        let mappings = try (kind == .contacts ? [] : savedMappings(kind)) + ready
        var recognised = RecognisedColumns(form.headings, kind, among: mappings)
        if let name = order.mapping {
            guard let wanted = mappings.first(where: { $0.name == name && $0.kind == kind }) else {
                throw Problem.invalid(
                    "mapping",
                    Text(
                        "La correspondance « \(name) » n’existe pas.",
                        "There is no mapping “\(name)”."))
            }
            recognised = RecognisedColumns(form.headings, wanted)
        }
        if kind != .contacts, let missing = MappingDraft.missing(kind, recognised.fields) {
            throw Problem.invalid("mapping", missing)
        }
        let noted = try noteImport(kind, file.name, form, recognised)
        try run(
            """
            UPDATE imports SET existing = \(order.existing)
            WHERE organisation_id = \(organisation) AND id = \(noted.id)
            """)
        return try importRecord(noted.id)
    }
}
