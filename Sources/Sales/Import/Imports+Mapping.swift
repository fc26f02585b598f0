import Basics
import Core
import HTTP

// What the columns of a file are: the handlers of the mapping page.

extension Imports {
    static func mapping(_ request: Request) throws -> Reply {
        let id: Import.ID = try request.id()
        let page = try request.read { transaction in
            let found = try transaction.importRecord(id)
            let saved = try transaction.savedMappings(found.kind)
            var (fields, mapping) = (found.fields, found.mapping)
            let known = saved + request.readyMappings.filter { $0.kind == found.kind }
            if let name = request.http.query["mapping"],
                let chosen = known.first(where: { $0.name == name })
            {
                fields = RecognisedColumns(found.form.headings, chosen).fields
                mapping = name
            }
            return try ImportMappingPage(
                found, ImportMappingPage.values(found, fields, mapping), [], known,
                transaction.firstCells(found), request)
        }
        return try page.reply()
    }

    static func saveMapping(_ request: Request) throws -> Reply {
        let id: Import.ID = try request.id()
        let found = try request.read { try $0.importRecord(id) }
        guard found.kind != .contacts, found.kind != .sales else { throw Problem.otherState }
        var input = Input(try request.form().fields)
        let draft = MappingDraft(&input, found)
        do {
            try input.check()
            try request.write { try $0.mapImport(id, draft) }
            return .done(at: found.path)
        } catch Problem.invalid(let problems) {
            let page = try request.read { transaction in
                try ImportMappingPage(
                    found, input.typed, problems,
                    transaction.savedMappings(found.kind)
                        + request.readyMappings.filter { $0.kind == found.kind },
                    transaction.firstCells(found), request)
            }
            return .page(page.page, status: 422)
        }
    }
}
