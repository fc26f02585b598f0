import Basics
import Core
import HTTP

/// Quotes: written, sent, accepted into orders, refused or expired.
public enum Quotes: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get(
            "quotes", .readQuotes,
            api: .list(
                QuoteRow.self, query: QuoteFilter.parameters,
                Text("Lister les devis", "List quotes")),
            list)
        routes.get("quotes/export", .readQuotes, reads: .export(of: .quote), export)
        routes.get("quotes/new", .writeQuotes, new)
        routes.post(
            "quotes", .writeQuotes,
            api: .create(
                QuoteDraft.self, QuoteDetails.self, Text("Créer un devis", "Create a quote")),
            create)
        routes.post("quotes/preview", .writeQuotes, LineEditor.preview)
        routes.get(
            "quotes/:id", .readQuotes,
            api: .show(QuoteDetails.self, Text("Lire un devis", "Read a quote")), show)
        routes.get("quotes/:id/edit", .writeQuotes, edit)
        routes.post(
            "quotes/:id", .writeQuotes,
            api: .update(
                QuoteDraft.self, QuoteDetails.self, Text("Modifier un devis", "Change a quote")),
            update)
        routes.post("quotes/:id/preview", .writeQuotes, LineEditor.preview)
        routes.post(
            "quotes/:id/duplicate", .writeQuotes,
            api: .act(
                QuoteDetails.self, creates: true, Text("Dupliquer un devis", "Duplicate a quote")),
            duplicate)
        routes.post(
            "quotes/:id/sent", .writeQuotes,
            api: .act(QuoteDetails.self, Text("Noter un devis envoyé", "Mark a quote as sent")),
            markSent)
        decisionRoutes(&routes)
    }

    private static func decisionRoutes(_ routes: inout Routes) {
        routes.post(
            "quotes/:id/accept", .writeQuotes,
            api: .act(
                OrderDetails.self, creates: true,
                Text(
                    "Accepter un devis : il devient une commande",
                    "Accept a quote: it becomes an order")), accept)
        routes.get("quotes/:id/refuse", .writeQuotes, askRefusal)
        routes.post(
            "quotes/:id/refuse", .writeQuotes,
            api: .act(
                RefusalBody.self, QuoteDetails.self, Text("Refuser un devis", "Refuse a quote")),
            refuse)
        routes.get("quotes/:id/extend", .writeQuotes, askExtension)
        routes.post(
            "quotes/:id/extend", .writeQuotes,
            api: .act(
                ExtensionBody.self, QuoteDetails.self, Text("Prolonger un devis", "Extend a quote")),
            extend)
        routes.post(
            "quotes/:id/reopen", .writeQuotes,
            api: .act(QuoteDetails.self, Text("Reprendre un devis", "Reopen a quote")), reopen)
        routes.post(
            "quotes/:id/delete", .writeQuotes,
            api: .delete(Text("Supprimer un brouillon de devis", "Remove a draft quote")), delete)
    }

    static func list(_ request: Request) throws -> Reply {
        let filter = QuoteFilter(request.http.query)
        return try request.show {
            try $0.quotes(filter)
        } page: { transaction in
            try QuoteListPage(
                filter, transaction.quotes(filter),
                client: transaction.filteredClient(filter.scope.client),
                total: transaction.quotesTotal(filter), request
            ).page
        }
    }

    static func export(_ request: Request) throws -> Reply {
        let filter = QuoteFilter(request.http.query)
        let file = try request.tableFile(Text("devis", "quotes"), QuoteFilter.headings)
        try request.read { try $0.exportQuotes(filter, to: file, request.say) }
        return try file.reply()
    }

    static func show(_ request: Request) throws -> Reply {
        try request.show {
            try $0.quoteDetails(request.id())
        } page: {
            try QuotePage($0.quoteRecord(request.id()), request).page
        }
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
        } catch Problem.invalid(let problems) where !request.isAPI {
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
        } catch Problem.invalid(let problems) where !request.isAPI {
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
        guard try request.isAPI || Input(request.form().fields).flag("confirmed") else {
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
