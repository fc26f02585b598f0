import Basics
import Core
import Database

/// Sales documents of an older program, read line by line from a CSV file.
public enum SalesImport {
    /// What became of every line.
    public struct Summary: Sendable {
        public var importedLines = 0
        public var refusedLines = 0
        public var importedDocuments = 0
        public var refusedDocuments = 0
        public var importedAmount = Amount.zero
        public var refusedAmount = Amount.zero
        public init() {}
    }

    /// - Parameters:
    ///   - mapping: the name of the mapping that says which column is what.
    ///   - report: where each refusal goes, with its line and reason.
    ///   - progress: hears how many bytes of how many have been read.
    public static func run(
        file: String, organisation: Organisation, mapping: String, program: ProgramFolder,
        pool: Pool, report: String?, progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> Summary {
        throw Problem.conflict(
            Text("L’import n’est pas encore écrit.", "The import is not written yet."))
    }
}

/// Every document with its lines, for other programs.
public enum SalesExport {
    /// Calls `write` with one piece of the CSV after the other.
    public static func run(
        organisation: Organisation, pool: Pool, write: (String) throws -> Void
    ) throws {
        throw Problem.conflict(
            Text("L’export n’est pas encore écrit.", "The export is not written yet."))
    }
}
