import Basics
import Core
import Database

extension Transaction {
    /// Keeps a file that somebody wants to bring in, and says what its columns seem to be.
    /// `pieces` hands the file over twice: once to look at it, once to keep it.
    func createImport(
        _ kind: ImportKind, fileName: String, among mappings: [ImportMapping],
        _ pieces: ((ArraySlice<UInt8>) throws -> Void) throws -> Void
    ) throws -> Import {
        let form = try FileForm(of: kind, pieces)
        let saved = kind == .contacts ? [] : try savedMappings(kind)
        let recognised = RecognisedColumns(form.headings, kind, among: saved + mappings)
        let found = try noteImport(kind, fileName, form, recognised)
        var position = 0
        var buffer: [UInt8] = []
        func keep() throws {
            try run(
                """
                INSERT INTO import_pieces (organisation_id, import_id, position, content)
                VALUES (\(organisation), \(found.id), \(position), \(buffer))
                """)
            position += 1
            buffer.removeAll(keepingCapacity: true)
        }
        try pieces { piece in
            var rest = piece
            while !rest.isEmpty {
                let room = ImportLimits.pieceBytes - buffer.count
                buffer += rest.prefix(room)
                rest = rest.dropFirst(room)
                if buffer.count == ImportLimits.pieceBytes { try keep() }
            }
        }
        if !buffer.isEmpty { try keep() }
        // A card needs no names of columns.
        if kind == .contacts { try enqueue(Imports.checking, on: found.id.value) }
        return found
    }

    /// Its row alone, for a file that is read from where it is.
    func noteImport(
        _ kind: ImportKind, _ fileName: String, _ form: FileForm, _ recognised: RecognisedColumns
    ) throws -> Import {
        let id: Import.ID = newID()
        let fields = kind == .contacts ? kind.fields.map(\.name) : recognised.fields
        let state = kind == .contacts ? Import.State.checking : .mapping
        let separator = form.separator == 0 ? "" : String(UnicodeScalar(form.separator))
        try run(
            """
            INSERT INTO imports (organisation_id, id, kind, state, file_name, mapping, started_at,
                created_by, created_by_name, encoding, separator, headings, fields)
            VALUES (\(organisation), \(id), \(kind), \(state), \(fileName), \(recognised.mapping),
                \(now), \(scope.user?.id), \(scope.actorName), \(form.encoding.rawValue),
                \(separator), \(form.headings), \(fields))
            """)
        return try importRecord(id)
    }

    /// Puts a file aside that was not brought in; nothing of it stays.
    func discardImport(_ id: Import.ID) throws {
        _ = try lockedImport(id, in: [.mapping, .checking, .ready, .failed])
        try run(
            """
            DELETE FROM import_refusals
            WHERE organisation_id = \(organisation) AND import_id = \(id)
            """)
        try forgetPieces(of: id)
        try run("DELETE FROM imports WHERE organisation_id = \(organisation) AND id = \(id)")
    }

    func forgetPieces(of id: Import.ID) throws {
        try run(
            "DELETE FROM import_pieces WHERE organisation_id = \(organisation) AND import_id = \(id)"
        )
    }
}
