import Basics
import Core
import HTTP

/// Clients read a quote, an invoice or a deposit request by a signed address, without an account, and answer a quote
/// there.
public enum Sharing: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get("shared/:shared", nil, show)
        routes.get("shared/:shared/pdf", nil, pdf)
        routes.get("shared/:shared/logo", nil, logo)
        routes.post("shared/:shared/accept", nil, accept)
        routes.post("shared/:shared/refuse", nil, refuse)
        routes.post("quotes/:id/links/revoke", .sendMails) { try revoke(.quote, $0) }
        routes.post("invoices/:id/links/revoke", .sendMails) { try revoke(.invoice, $0) }
        routes.post("deposit-requests/:id/links/revoke", .sendMails) {
            try revoke(.depositRequest, $0)
        }
    }

    public static let actions: [Action] = [.sharedDocumentOpened, .sharedLinksRevoked]

    // MARK: For clients

    static func show(_ request: Request) throws -> Reply {
        let link = try link(request)
        return try reply(link, [:], [], status: 200, request)
    }

    static func pdf(_ request: Request) throws -> Reply {
        let link = try link(request)
        let content = try content(of: link, request)
        return .file(
            try document(content, of: link, request), name: content.printed.fileName,
            type: "application/pdf", inline: true)
    }

    /// An invoice is given out as it was kept.
    private static func document(
        _ content: SharedContent, of link: SharedLink, _ request: Request
    ) throws -> [UInt8] {
        guard let invoice = content.invoice else {
            return try DocumentPDF.bytes(of: content.printed)
        }
        let kept = try request.visit(link.organisation, as: "") {
            try $0.keptDocument(of: invoice)
        }
        guard let kept else { throw Problem.notFound }
        return kept.content
    }

    static func logo(_ request: Request) throws -> Reply {
        guard let logo = try content(of: link(request), request).printed.logo else {
            throw Problem.notFound
        }
        return .file(logo, name: "logo.png", type: "image/png", inline: true)
    }

    static func accept(_ request: Request) throws -> Reply {
        try answer(request) { transaction, quote, note in
            _ = try transaction.acceptQuote(quote, note: note)
        }
    }

    static func refuse(_ request: Request) throws -> Reply {
        try answer(request) { transaction, quote, note in
            _ = try transaction.refuseQuote(quote, note: note)
        }
    }

    private static func answer(
        _ request: Request, _ decide: (Transaction, Quote.ID, String) throws -> Void
    ) throws -> Reply {
        let link = try link(request)
        guard link.subject.kind == .quote else { throw Problem.notFound }
        try FormToken.check(request)
        var input = Input(try request.form().fields)
        let name = input.line("name", required: true, most: 100)
        let note = input.text("note", most: 1000)
        do {
            try input.check()
            let signed = [name, note].filter { !$0.isEmpty }.joined(separator: " : ")
            let done: Void? = try request.visit(link.organisation, as: name) { transaction in
                let content = try transaction.content(of: link)
                guard content.isAnswerable(at: transaction.today) else {
                    throw Problem.quoteIsDecided
                }
                try decide(transaction, ID(link.subject.id), signed)
            }
            guard done != nil else { throw Problem.notFound }
            return .done(at: link.path(request.application))
        } catch let problem as Problem where problem.isShownInForm {
            return try reply(
                link, input.typed, problem.fields, status: problem.status, request)
        }
    }

    /// A link that somebody made up names nothing.
    private static func link(_ request: Request) throws -> SharedLink {
        guard let code = request.parameters["shared"],
            let link = SharedLink(code: code, request.application)
        else { throw Problem.notFound }
        return link
    }

    private static func content(of link: SharedLink, _ request: Request) throws -> SharedContent {
        let found = try request.visit(link.organisation, as: "", readOnly: true) {
            try $0.content(of: link)
        }
        guard let found, !found.isOver else { throw Problem.notFound }
        return found
    }

    private static func reply(
        _ link: SharedLink, _ values: [String: String], _ problems: [FieldProblem], status: Int,
        _ request: Request
    ) throws -> Reply {
        let found = try request.visit(link.organisation, as: "Client") { transaction in
            let content = try transaction.content(of: link)
            if !content.isOver, !request.isSignedIn {
                try transaction.noteOpening(of: link.subject, label: content.printed.number)
            }
            return content
        }
        guard let found else { throw Problem.notFound }
        let path = link.path(request.application)
        let speaking = request.speaking(found.printed.language)
        guard !found.isOver else {
            return .page(SharedPage.over(found, speaking), status: 410)
        }
        return try VisitorForm.reply(speaking, status: status) { request in
            SharedPage(found, path: path, values, problems, request).page
        }
    }

    // MARK: For the people of the organisation

    private static func revoke(_ kind: SharedSubject.Kind, _ request: Request) throws -> Reply {
        let id: ID<SharedLink> = try request.id()
        let subject = SharedSubject(kind: kind, id: id.value)
        let path = try request.write { transaction -> String in
            let (path, number) = try transaction.place(of: subject)
            try transaction.revokeLinks(to: subject, label: number)
            return path
        }
        return .done(at: path, say: Text("Liens retirés.", "Links withdrawn."))
    }
}
