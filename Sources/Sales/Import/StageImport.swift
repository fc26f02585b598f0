import Basics
import Core
import Database

/// Where the bytes of an import are.
enum ImportSource {
    case kept
    /// A file of the machine, for the command line.
    case file(ImportedFile)
}

extension Imports {
    /// Where lines stand until they are compared with what is here. Temporary, because COPY is refused
    /// to tables under a policy, and because nobody else may see them.
    public static let stagingTables = """
        CREATE TEMPORARY TABLE staged_lines (
            line_number bigint NOT NULL,
            state text,
            reference text NOT NULL,
            siren text NOT NULL,
            siret text NOT NULL,
            email text NOT NULL,
            name text NOT NULL,
            postal_code text NOT NULL,
            amount bigint,
            payment bigint,
            record jsonb NOT NULL,
            contact jsonb,
            cells text[] NOT NULL,
            problems jsonb,
            name_key text,
            key text,
            record_id uuid,
            makes_client boolean NOT NULL DEFAULT false,
            makes_contact boolean NOT NULL DEFAULT false
        );
        CREATE TEMPORARY TABLE staged_numbers (position bigint NOT NULL, number text NOT NULL);
        CREATE TEMPORARY TABLE staged_buyers (client_id uuid NOT NULL, language text NOT NULL,
            buyer jsonb NOT NULL)
        """

    static let copyLines: StaticString = """
        COPY staged_lines (line_number, state, reference, siren, siret, email, name, postal_code,
            amount, payment, record, contact, cells, problems) FROM STDIN
        """
}

extension Transaction {
    /// Reads a file into the staging table, a piece of it in memory at a time. `progress` is told how
    /// many lines were read.
    func stage(
        _ found: Import, from source: ImportSource, progress: (Int) throws -> Void
    ) throws {
        let tables = Imports.stagingTables.split(separator: ";").map { $0 + " ON COMMIT DROP" }
        try connection.runScript(tables.joined(separator: ";"))
        let reader = LineReader(
            kind: found.kind, organisation: scope.organisation, today: today)
        var rows = RowReader(
            found.kind, found.form, fields: found.fields, say: scope.organisation.language)
        try pieces(of: found.id, from: source) { piece in
            var lines: [StagedLine] = []
            try rows.read(piece) { lines.append(reader.staged($0)) }
            try copy(lines)
            try progress(rows.count)
        }
        var last: [StagedLine] = []
        try rows.finish { last.append(reader.staged($0)) }
        try copy(last)
        guard rows.count > 0 else {
            throw Problem.invalid(
                "file", Text("Le fichier n’a aucune ligne.", "The file has no line."))
        }
        try progress(rows.count)
        try connection.runScript(
            "CREATE INDEX ON staged_lines (line_number); ANALYZE staged_lines")
    }

    private func pieces(
        of id: Import.ID, from source: ImportSource, _ body: (ArraySlice<UInt8>) throws -> Void
    ) throws {
        switch source {
        case .file(let file): try file.read { piece, _, _ in try body(piece) }
        case .kept:
            var position = 0
            while let piece = try importPiece(id, position) {
                try body(piece[...])
                position += 1
            }
        }
    }

    private func copy(_ lines: [StagedLine]) throws {
        guard !lines.isEmpty else { return }
        try connection.copyIn(Imports.copyLines) { writer in
            for line in lines {
                let problems = line.problems.isEmpty ? nil : JSON.array(line.problems.map(\.json))
                let state = problems != nil ? "refused" : line.isSkipped ? "skipped" : nil
                try writer.row(
                    line.line, state, line.reference, line.siren, line.siret, line.email,
                    line.name, line.postalCode, line.amount, line.payment, line.record,
                    line.contact, line.cells, problems)
            }
        }
    }

    /// The first lines of a file as they would be brought in.
    func previewedLines(_ found: Import) throws -> [StagedLine] {
        guard let piece = try importPiece(found.id, 0) else { return [] }
        let start = piece.prefix(ImportLimits.startBytes)
        let reader = LineReader(
            kind: found.kind, organisation: scope.organisation, today: today)
        var rows = RowReader(
            found.kind, found.form, fields: found.fields, say: scope.organisation.language)
        var lines: [StagedLine] = []
        func take(_ row: ImportRow) {
            if lines.count < ImportLimits.shownLines { lines.append(reader.staged(row)) }
        }
        do {
            try rows.read(start, row: take)
            // The last line of a cut piece is half a line.
            if start.count == piece.count { try rows.finish(row: take) }
        } catch Problem.invalid {
            // The job that reads the whole file says so.
        }
        return lines
    }

    /// The first values of each column, for whoever says what it is.
    func firstCells(_ found: Import) throws -> [[String]] {
        try previewedLines(found).map(\.cells)
    }
}
