import Basics
import Core
import FoundationEssentials
import HTTP
import Markup

extension Books {
    static func archiveRoutes(_ routes: inout Routes) {
        routes.get("books/archives", .readBooks, archives)
        routes.post("books/archives", .readBooks, askForArchive)
        routes.get("books/archives/:id/file", .readBooks, reads: .export(of: .invoice), archiveFile)
    }

    /// The latest archives that the page shows.
    private static let mostArchives = 20

    static func archives(_ request: Request) throws -> Reply {
        let last = request.today.firstOfMonth.adding(days: -1)
        return .page(
            try archivePage(
                ["from": last.firstOfMonth.iso, "to": last.iso], [], request))
    }

    private static func archivePage(
        _ values: [String: String], _ problems: [FieldProblem], _ request: Request
    ) throws -> Page {
        let archives = try request.read { try $0.invoiceArchives(most: mostArchives) }
        return ArchivesPage(archives, values, problems, request).page
    }

    static func askForArchive(_ request: Request) throws -> Reply {
        var input = Input(try request.form().fields)
        let (from, to) = (input.day("from", required: true), input.day("to", required: true))
        if let from, let to, to < from {
            input.refuse(
                "to",
                Text("Ce jour précède le premier.", "This day is before the first."))
        }
        do {
            try input.check()
            guard let from, let to else { throw Problem.notFound }
            let path = try request.once { transaction in
                try transaction.askForArchive(from...to)
                return "/books/archives"
            }
            return .done(
                at: path,
                say: Text(
                    "Archive demandée : elle se prépare.", "Archive asked for: it is being made."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return .page(
                try archivePage(input.typed, problem.fields, request), status: problem.status)
        }
    }

    static func archiveFile(_ request: Request) throws -> Reply {
        let id: InvoiceArchive.ID = try request.id()
        let archive = try request.read { try $0.invoiceArchive(id) }
        let path = archive.path(request.application)
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard archive.state == .ready, let size = attributes?[.size] as? UInt64 else {
            throw Problem.conflict(
                Text(
                    "Ce fichier n’est pas prêt ou n’est plus là : demandez l’archive de nouveau.",
                    "This file is not ready or no longer there: ask for the archive again."))
        }
        var response = HTTPResponse(
            status: 200, headers: HTTPHeaders(), body: .file(path: path, size: Int(size)))
        response.headers.set("Content-Type", "application/zip")
        response.headers.set(
            "Content-Disposition", "attachment; filename=\"\(archive.name)\"")
        response.headers.set("Cache-Control", "no-store")
        return .response(response)
    }
}

/// Archives that were asked for, and the form that asks for one.
struct ArchivesPage {
    let archives: [InvoiceArchive]
    let fields: FormFields
    let request: Request

    static let title = Text("Archives de factures", "Archives of invoices")
    private static let refreshSeconds = 3

    init(
        _ archives: [InvoiceArchive], _ values: [String: String], _ problems: [FieldProblem],
        _ request: Request
    ) {
        self.archives = archives
        self.request = request
        fields = FormFields(values, problems, request)
    }

    private var say: Language { request.say }

    var page: Page {
        var page = Page(
            title: say(Self.title), section: .books, frame: .narrow,
            body: """
                <div class="lh"><h1>\(say(Self.title))</h1></div>\(fields.summary)
                <div class="stack">\(form)\(archives.isEmpty ? .empty : list)</div>
                """)
        let isRunning = archives.contains { $0.state == .waiting }
        // A page that reloads would empty a form that somebody is filling in.
        if isRunning, fields.problems.isEmpty { page.refreshSeconds = Self.refreshSeconds }
        return page
    }

    private var form: HTML {
        """
        <form class="form" method="post" action="/books/archives">\(FormToken.input(for: request))\
        \(Submission.input(for: request))<section class="card"><header><h2>\(say("Nouvelle archive", "New archive"))</h2>\
        <p>\(say(
            "Un fichier ZIP avec le PDF de chaque facture, acompte et avoir, et un index CSV.",
            "A ZIP file with the PDF of each invoice, deposit and credit note, and a CSV index."))</p></header>\
        <div class="body f2">\(fields.input("from", Text("Du", "From"), type: "date", width: .half, required: true))\
        \(fields.input("to", Text("Au", "To"), type: "date", width: .half, required: true))</div></section>
        <div class="form-end"><button class="btn p">\(request.icon("archive"))\(say("Préparer", "Make it"))</button></div></form>
        """
    }

    private var list: HTML {
        RecordParts(request).card(
            "archives", Text("Archives demandées", "Archives asked for"),
            "<ul class=\"rows\">\(archives, row)</ul>")
    }

    private func row(_ archive: InvoiceArchive) -> HTML {
        let title = say.span(archive.days)
        let documents = say.count(
            archive.documents, Text("pièce", "document"), Text("pièces", "documents"))
        let isThere = FileManager.default.fileExists(atPath: archive.path(request.application))
        let state: HTML =
            switch archive.state {
            case .waiting:
                "\(say("En préparation", "In preparation")) : \(say.integer(archive.done)) / \(documents)"
            case .ready where isThere:
                "\(documents), \(say.integer(archive.size / 1_000_000 + 1)) \(say("Mo", "MB"))"
            case .ready:
                "\(documents) · \(say("fichier effacé, à demander de nouveau", "file removed, ask again"))"
            case .failed: "\(say("N’a pas pu être préparée", "Could not be made"))"
            }
        let link: HTML =
            archive.state == .ready && isThere
            ? """
            <a href="/books/archives/\(archive.id)/file" download>\(title)</a>
            """ : "<span>\(title)</span>"
        return """
            <li><span class="ic">\(request.icon("archive"))</span><div>\(link)<small>\(state)</small></div></li>
            """
    }
}
