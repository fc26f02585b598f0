import Basics
import Core
import Database
import HTTP
import Markup

// One invoice over several orders of a client.

extension Invoicing {
    static func askOrders(_ request: Request) throws -> Reply {
        let id: Client.ID = try request.id()
        return .page(try ordersPage(id, nil, [], request))
    }

    static func fromOrders(_ request: Request) throws -> Reply {
        let client: Client.ID = try request.id()
        var input = Input(try request.form().fields)
        // Boxes of a form, or a program's list in one field.
        let texts = input.all("orders").flatMap { $0.split(separator: ",") }
            .map { PlainText.line(String($0)) }
        let orders = texts.compactMap { Order.ID($0) }
        if orders.isEmpty || orders.count < texts.count {
            input.refuse("orders", Problem.noOrdersText)
        }
        _ = try request.read { try $0.client(client) }
        do {
            try input.check()
            let path = try request.once { transaction in
                let known = try transaction.ordersToInvoice(of: client).map(\.id)
                guard Set(orders).isSubset(of: known) else { throw Problem.noOrders }
                return try transaction.draftInvoice(from: orders).path
            }
            return .done(at: path, say: Text("Brouillon de facture préparé.", "Invoice drafted."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return .page(
                try ordersPage(client, Set(texts), problem.fields, request),
                status: problem.status)
        }
    }

    private static func ordersPage(
        _ id: Client.ID, _ ticked: Set<String>?, _ problems: [FieldProblem], _ request: Request
    ) throws -> Page {
        let (client, orders) = try request.read {
            (try $0.client(id), try $0.ordersToInvoice(of: id))
        }
        return OrdersToInvoicePage(client, orders, ticked, problems, request).page
    }
}

/// An order of which something is left to invoice.
struct OrderToInvoice: Record, Sendable {
    var id: Order.ID
    var number: String
    var subject: String
    var orderedOn: Day
    var totalNet: Amount
    var currency: Currency
    /// Whether an invoice took a part of it already.
    var isBegun: Bool

    init(row: Row) throws {
        id = try row["id"]
        number = try row["number"]
        subject = try row["subject"]
        orderedOn = try row["ordered_on"]
        totalNet = try row["total_net"]
        currency = try row["currency"]
        isBegun = try row["is_begun"]
    }
}

extension Transaction {
    /// The oldest first.
    func ordersToInvoice(of client: Client.ID) throws -> [OrderToInvoice] {
        try all(
            """
            SELECT o.id, o.number, o.subject, o.ordered_on, o.total_net, o.currency,
                bool_or(l.invoiced_quantity > 0) AS is_begun
            FROM orders o
            JOIN order_lines l ON l.organisation_id = \(organisation) AND l.order_id = o.id
            WHERE o.organisation_id = \(organisation) AND o.client_id = \(client)
                AND o.status NOT IN ('draft', 'cancelled') AND l.kind = 'item'
            GROUP BY o.organisation_id, o.id
            HAVING bool_or(l.invoiced_quantity < l.quantity)
            ORDER BY o.ordered_on, o.number LIMIT 200
            """)
    }

    /// The orders whose lines an invoice holds, and the one that it was drawn from.
    func ordersInvoiced(by invoice: Invoice) throws -> [Order.ID] {
        let found: [UniqueID] = try values(
            """
            SELECT DISTINCT o.order_id FROM invoice_lines l
            JOIN order_lines o
                ON o.organisation_id = \(organisation) AND o.id = l.order_line_id
            WHERE l.organisation_id = \(organisation) AND l.invoice_id = \(invoice.id)
            """)
        let all = Set(found.map { Order.ID($0) }).union([invoice.orderID].compactMap(\.self))
        return all.sorted { $0.value < $1.value }
    }
}

/// Which orders of a client to invoice together.
struct OrdersToInvoicePage {
    let client: Client
    let orders: [OrderToInvoice]
    let ticked: Set<String>?
    let fields: FormFields
    let request: Request

    init(
        _ client: Client, _ orders: [OrderToInvoice], _ ticked: Set<String>?,
        _ problems: [FieldProblem], _ request: Request
    ) {
        self.client = client
        self.orders = orders
        self.ticked = ticked
        fields = FormFields([:], problems, request)
        self.request = request
    }

    private var say: Language { request.say }

    var page: Page {
        let title = say("Facturer des commandes", "Invoice orders")
        return Page(
            title: title, section: .clients,
            path: [(title: client.name, address: client.path)], frame: .narrow,
            body: """
                <div class="lh"><h1>\(title)</h1></div>\(orders.isEmpty ? nothing : form)
                """)
    }

    private var nothing: HTML {
        ListParts.empty(
            say("Tout est facturé", "Everything is invoiced"),
            say(
                "Aucune commande confirmée de \(client.name) n’attend sa facture.",
                "No confirmed order of \(client.name) waits for its invoice."),
            actions:
                "<a class=\"btn\" href=\"\(client.path)\">\(say("Retour au client", "Back to the client"))</a>"
        )
    }

    private var form: HTML {
        """
        <form class="form" method="post" action="\(client.path)/orders-to-invoice">\(FormToken.input(for: request))\
        \(Submission.input(for: request))\(fields.summary)
        <section class="card"><header><h2>\(client.name)</h2></header>\
        <fieldset class="body checks" id="\(fields.id("orders"))"><legend class="sr">\(say("Commandes", "Orders"))</legend>\
        \(orders, box)\(fields.errorLine("orders"))</fieldset></section>
        <div class="bar"><div class="acts2"><a class="btn" href="\(client.path)">\(say("Annuler", "Cancel"))</a>\
        <button class="btn p">\(request.icon("receipt-euro"))\(say("Préparer une seule facture", "Draft one invoice"))</button></div></div></form>
        """
    }

    private func box(_ order: OrderToInvoice) -> HTML {
        let isTicked = ticked?.contains(order.id.description) ?? true
        let isWrong = fields.problem("orders") != nil
        let begun = order.isBegun ? say(", en partie facturée", ", invoiced in part") : ""
        return """
            <label class="check"><input class="ck" type="checkbox" name="orders" value="\(order.id)"\
            \(attribute: "checked", if: isTicked)\(attribute: "aria-invalid", isWrong ? "true" : nil)>\
            <span>\(order.number) \(order.subject)<small>\(say.longDay(order.orderedOn)) · \
            \(say.money(order.totalNet, order.currency)) \(say("HT", "net"))\(begun)</small></span></label>
            """
    }
}

/// The orders of one invoice.
enum OrdersToInvoiceBody: APIBody {
    static let schemaName = "OrdersToInvoice"
    static let body = [
        BodyField("order_ids", .list(.id, most: 100), field: "orders", required: true)
    ]
}

extension Problem {
    static let noOrdersText = Text(
        "Choisissez des commandes de ce client qui restent à facturer.",
        "Choose orders of this client of which something is left to invoice.")
    static let noOrders = Problem.invalid("orders", noOrdersText)
    static let ordersOfSeveral = Problem.invalid(
        "orders",
        Text(
            "Une facture réunit les commandes d’un seul client, dans une seule devise.",
            "One invoice takes orders of one client, in one currency."))
}
