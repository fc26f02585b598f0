import Basics
import Core
import HTTP

/// Quotes: written, sent, accepted into orders, refused or expired.
public enum Quotes: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get("quotes", .readQuotes, answer: Listing<Quote>.self, list)
        routes.get("quotes/export", .readQuotes, export)
        routes.get("quotes/new", .writeQuotes, new)
        routes.post("quotes", .writeQuotes, input: QuoteDraft.self, answer: Quote.self, create)
        routes.post("quotes/preview", .writeQuotes, LineEditor.preview)
        routes.get("quotes/:id", .readQuotes, answer: Quote.self, show)
        routes.get("quotes/:id/edit", .writeQuotes, edit)
        routes.post("quotes/:id", .writeQuotes, input: QuoteDraft.self, update)
        routes.post("quotes/:id/preview", .writeQuotes, LineEditor.preview)
        routes.post("quotes/:id/duplicate", .writeQuotes, duplicate)
        routes.post("quotes/:id/sent", .writeQuotes, markSent)
        routes.post("quotes/:id/accept", .writeQuotes, accept)
        routes.get("quotes/:id/refuse", .writeQuotes, askRefusal)
        routes.post("quotes/:id/refuse", .writeQuotes, refuse)
        routes.get("quotes/:id/extend", .writeQuotes, askExtension)
        routes.post("quotes/:id/extend", .writeQuotes, extend)
        routes.post("quotes/:id/reopen", .writeQuotes, reopen)
        routes.post("quotes/:id/delete", .writeQuotes, delete)
    }

    static func list(_ request: Request) throws -> Reply {
        let filter = QuoteFilter(request.http.query)
        let (listing, client) = try request.read {
            (try $0.quotes(filter), try $0.filteredClient(filter.scope.client))
        }
        return .show(
            ["data": .array(listing.rows.map(\.quote.json)), "next": JSON(listing.next?.text)],
            as: QuoteListPage(filter, listing, client: client, request).page)
    }

    static func export(_ request: Request) throws -> Reply {
        let filter = QuoteFilter(request.http.query)
        let text = try request.read { try $0.quotesAsCSV(filter, request.say) }
        return .file(Array(text.utf8), name: "devis.csv", type: "text/csv; charset=utf-8")
    }

    static func show(_ request: Request) throws -> Reply {
        let record = try request.read { try $0.quoteRecord(request.id()) }
        return .show(record.json, as: QuotePage(record, request).page)
    }

    static func duplicate(_ request: Request) throws -> Reply {
        let id: Quote.ID = try request.id()
        let path = try request.once { try $0.duplicateQuote(id).path }
        return .done(at: path + "/edit", say: Text("Devis dupliqué.", "Quote duplicated."))
    }

    static func markSent(_ request: Request) throws -> Reply {
        let quote = try request.write { try $0.markQuoteSent(request.id()) }
        return .done(at: quote.path, say: Text("Devis marqué envoyé.", "Quote marked as sent."))
    }

    /// Sent twice, the same form leads to the same order.
    static func accept(_ request: Request) throws -> Reply {
        let id: Quote.ID = try request.id()
        let path = try request.once { try $0.acceptQuote(id).path }
        return .done(
            at: path,
            say: Text("Devis accepté : voici la commande.", "Quote accepted: here is the order."))
    }

    static func askRefusal(_ request: Request) throws -> Reply {
        let quote = try request.read { try $0.quote(request.id()) }
        return .page(QuoteQuestions(quote, nil, [], request).refusalPage)
    }

    static func refuse(_ request: Request) throws -> Reply {
        let id: Quote.ID = try request.id()
        var input = Input(try request.form().fields)
        let note = input.text("note", most: 1000)
        do {
            try input.check()
            let quote = try request.write { try $0.refuseQuote(id, note: note) }
            return .done(at: quote.path, say: Text("Refus noté.", "Refusal noted."))
        } catch Problem.invalid(let problems) where !request.wantsJSON {
            let quote = try request.read { try $0.quote(id) }
            let questions = QuoteQuestions(quote, input.typed, problems, request)
            return .page(questions.refusalPage, status: 422)
        }
    }

    static func askExtension(_ request: Request) throws -> Reply {
        let quote = try request.read { try $0.quote(request.id()) }
        return .page(QuoteQuestions(quote, nil, [], request).extensionPage)
    }

    static func extend(_ request: Request) throws -> Reply {
        let id: Quote.ID = try request.id()
        var input = Input(try request.form().fields)
        let day = input.day("valid_until", required: true)
        do {
            try input.check()
            let quote = try request.write {
                try $0.extendQuote(id, until: day ?? request.today)
            }
            return .done(at: quote.path, say: Text("Devis prolongé.", "Quote extended."))
        } catch Problem.invalid(let problems) where !request.wantsJSON {
            let quote = try request.read { try $0.quote(id) }
            let questions = QuoteQuestions(quote, input.typed, problems, request)
            return .page(questions.extensionPage, status: 422)
        }
    }

    static func reopen(_ request: Request) throws -> Reply {
        let quote = try request.write { try $0.reopenQuote(request.id()) }
        return .done(
            at: quote.path + "/edit",
            say: Text("Devis repris en brouillon.", "Quote back to draft."))
    }

    static func delete(_ request: Request) throws -> Reply {
        let id: Quote.ID = try request.id()
        guard Input(try request.form().fields).flag("confirmed") else {
            let quote = try request.read { try $0.quote(id) }
            return .page(QuoteQuestions(quote, nil, [], request).deletionPage)
        }
        try request.write { try $0.deleteQuote(id) }
        return .done(at: "/quotes", say: Text("Brouillon supprimé.", "Draft deleted."))
    }
}

extension Transaction {
    /// The name of the client that a list is narrowed to.
    func filteredClient(_ id: Client.ID?) throws -> String? {
        guard let id else { return nil }
        return try value(
            "SELECT name FROM clients WHERE organisation_id = \(organisation) AND id = \(id)")
    }
}
