import Basics
import Core
import HTTP

/// Imports: what an older program knew comes in from its files, line by line, and can be taken back.
public enum Imports: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get("imports", .readImports, list)
        routes.get("imports/new", .writeImports, new)
        routes.post("imports", .writeImports, mostBytes: UploadedImport.mostBytes, create)
        routes.get("imports/:id", .readImports, show)
        routes.get("imports/:id/mapping", .writeImports, mapping)
        routes.post("imports/:id/mapping", .writeImports, saveMapping)
        routes.post("imports/:id/start", .writeImports, start)
        routes.get(
            "imports/:id/refusals", .readImports, reads: .export(of: .importedFile), refusals)
        routes.get("imports/:id/undo", .writeImports, askUndo)
        routes.post("imports/:id/undo", .writeImports, undo)
        routes.post("imports/:id/delete", .writeImports, discard)
    }

    public static let actions: [Action] = [.salesImported, .importUndone]

    static func list(_ request: Request) throws -> Reply {
        let after = PagePosition(request.http.query["after"])
        let listing = try request.read { try $0.imports(after: after) }
        return .page(ImportListPage(listing, isFirst: after == nil, request).page)
    }

    static func new(_ request: Request) throws -> Reply {
        let kind = request.http.query["kind"].flatMap(ImportKind.init) ?? .clients
        return .page(NewImportPage(["kind": kind.rawValue], [], request).page)
    }

    static func create(_ request: Request) throws -> Reply {
        var input = Input(try request.form().fields)
        do {
            let upload = try UploadedImport(request, &input)
            let path = try request.once { transaction in
                let found = try transaction.createImport(
                    upload.kind, fileName: upload.fileName,
                    among: request.readyMappings, upload.pieces)
                return found.state == .mapping ? found.path + "/mapping" : found.path
            }
            return .done(at: path, say: Text("Fichier reçu.", "File received."))
        } catch Problem.tooLarge(let text) {
            let page = NewImportPage(input.typed, [FieldProblem("file", text)], request).page
            return .page(page, status: 413)
        } catch let problem as Problem where problem.isShownInForm {
            let page = NewImportPage(input.typed, problem.fields, request).page
            return .page(page, status: problem.status)
        }
    }

    static func show(_ request: Request) throws -> Reply {
        let id: Import.ID = try request.id()
        let page = try request.read { transaction in
            let found = try transaction.importRecord(id)
            var page = ImportPage(found, request)
            if [.checking, .ready].contains(found.state) {
                page.preview = try transaction.previewedLines(found)
            }
            if found.counts.refused > 0, !found.state.isRunning {
                page.refused = try transaction.importRefusals(of: id, most: ImportPage.shownLines)
            }
            if [.finished, .undone].contains(found.state) {
                page.records = try transaction.importedRecords(
                    of: id, keptOnly: found.state == .undone, most: ImportPage.shownLines)
            }
            return page.page
        }
        return .page(page)
    }

    static func start(_ request: Request) throws -> Reply {
        let id: Import.ID = try request.id()
        try request.write { try $0.startImport(id) }
        return .done(at: "/imports/\(id)", say: Text("Import lancé.", "Import started."))
    }

    /// The refused lines, to be mended and imported again.
    static func refusals(_ request: Request) throws -> Reply {
        let id: Import.ID = try request.id()
        let (found, bytes) = try request.read { transaction in
            let found = try transaction.importRecord(id)
            return (found, try transaction.refusalFile(of: found, request.say))
        }
        let type = found.kind == .contacts ? "text/vcard" : "text/csv"
        return .file(
            bytes, name: request.say("refus", "refused") + "." + found.kind.suffix,
            type: "\(type); charset=utf-8")
    }

    static func askUndo(_ request: Request) throws -> Reply {
        let found = try request.read { try $0.importRecord(request.id()) }
        guard found.canBeUndone else { throw Problem.otherState }
        return .page(UndoImportPage(found, request).page)
    }

    static func undo(_ request: Request) throws -> Reply {
        let id: Import.ID = try request.id()
        try request.write { try $0.startUndoing(id) }
        return .done(at: "/imports/\(id)", say: Text("Annulation lancée.", "Undoing started."))
    }

    static func discard(_ request: Request) throws -> Reply {
        let id: Import.ID = try request.id()
        try request.write { try $0.discardImport(id) }
        return .done(at: "/imports", say: Text("Fichier écarté.", "File put aside."))
    }
}

extension Action {
    static let importUndone = Action(
        "import.undone", Text("a annulé l’import", "undid the import of"), icon: "undo-2",
        severity: .high)
}

extension Request {
    /// The mappings that the program ships.
    var readyMappings: [ImportMapping] {
        ImportMapping.ready(in: application.resources + "/mappings")
    }
}
