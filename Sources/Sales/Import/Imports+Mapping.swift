import Basics
import Core
import HTTP

// What the columns of a file are: the handlers of the mapping page.

extension Imports {
    static func mapping(_ request: Request) throws -> Reply {
        let id: Import.ID = try request.id()
        let page = try request.read { transaction in
            let found = try transaction.importRecord(id)
            let known = try transaction.mappings(of: found, request)
            let chosen = known.first { $0.name == request.http.query["mapping"] }
            let fields =
                chosen.map { RecognisedColumns(found.form.headings, $0).fields } ?? found.fields
            return try ImportMappingPage(
                found, ImportMappingPage.values(found, fields), [], known,
                chosen: chosen?.name ?? found.mapping, transaction.firstCells(found), request)
        }
        return page.reply()
    }

    static func saveMapping(_ request: Request) throws -> Reply {
        let id: Import.ID = try request.id()
        let (found, known) = try request.read { transaction in
            let found = try transaction.importRecord(id)
            return (found, try transaction.mappings(of: found, request))
        }
        guard found.kind != .contacts, found.kind != .sales else { throw Problem.otherState }
        let chosen = known.first { $0.name == request.http.query["mapping"] }?.name ?? ""
        var input = Input(try request.form().fields)
        let draft = MappingDraft(&input, found, mapping: chosen)
        do {
            try input.check()
            try request.write { try $0.mapImport(id, draft) }
            return .done(at: found.path)
        } catch Problem.invalid(let problems) {
            let cells = try request.read { try $0.firstCells(found) }
            let page = ImportMappingPage(
                found, input.typed, problems, known, chosen: chosen, cells, request
            ).page
            return .page(page, status: 422)
        }
    }
}

extension Transaction {
    /// What people kept, and what the program ships.
    fileprivate func mappings(of found: Import, _ request: Request) throws -> [ImportMapping] {
        try savedMappings(found.kind) + request.readyMappings.filter { $0.kind == found.kind }
    }
}
