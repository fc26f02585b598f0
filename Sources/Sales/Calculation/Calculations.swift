import Basics
import Core
import Markup

/// Pages that show how each total was made.
public enum Calculations: Capability {
    public static func routes(_ routes: inout Routes) {
        let title = Text("Lire le détail du calcul", "Read how totals were made")
        routes.get(
            "invoices/:id/calculation", .readInvoices, api: .show(Calculation.self, title),
            ofInvoice)
        routes.get(
            "quotes/:id/calculation", .readQuotes, api: .show(Calculation.self, title), ofQuote)
        routes.get(
            "orders/:id/calculation", .readOrders, api: .show(Calculation.self, title), ofOrder)
    }

    private static func ofInvoice(_ request: Request) throws -> Reply {
        try show(request, .invoices) {
            try $0.calculation(ofInvoice: request.id(), request.say)
        }
    }

    private static func ofQuote(_ request: Request) throws -> Reply {
        try show(request, .quotes) { try $0.calculation(ofQuote: request.id(), request.say) }
    }

    private static func ofOrder(_ request: Request) throws -> Reply {
        try show(request, .orders) { try $0.calculation(ofOrder: request.id(), request.say) }
    }

    private static func show(
        _ request: Request, _ section: Section, _ read: (Transaction) throws -> Calculation
    ) throws -> Reply {
        try request.show(read) { CalculationPage(try read($0), section, request).page }
    }

    /// The way there, from the page of a document.
    static func link(_ path: String, _ request: Request) -> HTML {
        let address = path + "/calculation"
        guard request.offers(address) else { return .empty }
        return """
            <p class="hint how"><a class="lnk" href="\(address)">\(request.say("Détail du calcul", "How totals were made"))</a></p>
            """
    }
}
