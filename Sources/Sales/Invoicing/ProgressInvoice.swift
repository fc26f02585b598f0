import Basics
import Core

/// How far the work of an order has come: of each line so many per cent in all, what earlier invoices
/// took included.
public struct Progress: Sendable {
    /// Of every line that has none of its own.
    public var percentage: Percentage?
    public var lines: [DocumentLine.ID: Percentage]

    public init(_ percentage: Percentage? = nil, lines: [DocumentLine.ID: Percentage] = [:]) {
        self.percentage = percentage
        self.lines = lines
    }

    static let fieldPrefix = "percent_"
    static func field(_ line: DocumentLine.ID) -> String { "\(fieldPrefix)\(line)" }
}

extension DocumentLine {
    /// What is reached at a percentage; at 100 % it is the whole line, whatever came before.
    func quantity(at percentage: Percentage) -> Quantity {
        Quantity(
            tenThousandths: roundedQuotient(
                Int128(quantity.tenThousandths) * Int128(percentage.hundredths), 10_000))
    }

    /// Of a line of an order: what invoices took so far.
    var invoicedShare: Percentage { share(invoicedQuantity) }

    func share(_ part: Quantity) -> Percentage {
        Percentage(
            hundredths: roundedQuotient(
                Int128(part.tenThousandths) * 10_000, Int128(max(1, quantity.tenThousandths))))
    }
}

extension Transaction {
    /// A draft that brings the lines of an order up to how far the work has come (facture de situation).
    public func draftProgressInvoice(of id: Order.ID, _ progress: Progress) throws -> Invoice {
        let order = try lockedOrder(id)
        guard order.status.canBeInvoiced else { throw Problem.orderIsNotConfirmed(order) }
        let ordered = try lines(of: .order, id.value).filter(\.isCounted)
        let reached = try quantities(of: ordered, progress)
        guard ordered.contains(where: { $0.invoicedQuantity < reached[$0.id] ?? .zero }) else {
            throw Problem.invalid(
                "percent",
                Text(
                    "Cet avancement est déjà facturé : indiquez davantage.",
                    "This progress is already invoiced: enter more."))
        }
        let client = try client(order.clientID)
        let say = client.language
        let number = try invoices(ofOrder: id).count { $0.kind == .invoice } + 1
        var draft = InvoiceDraft(
            for: order.clientID,
            lines: try lines(of: order, reaching: reached).map { line in
                noteProgress(on: line, ordered.first { $0.id == line.orderLineID }, say)
            })
        draft.contact = order.head.contactID
        let title = say("Situation n° \(number)", "Progress invoice no. \(number)")
        draft.subject = String(
            (order.head.subject.isEmpty ? title : "\(title) — \(order.head.subject)").prefix(200))
        draft.reference = order.head.reference
        draft.message = order.head.message
        return try insertDraft(draft, for: client, orders: [order], currency: order.currency)
    }

    private func quantities(of lines: [DocumentLine], _ progress: Progress) throws
        -> [DocumentLine.ID: Quantity]
    {
        var problems: [FieldProblem] = []
        var reached: [DocumentLine.ID: Quantity] = [:]
        for line in lines {
            guard let own = progress.lines[line.id] else {
                // What is further on already stays where it is.
                let all = progress.percentage.map { line.quantity(at: $0) } ?? .zero
                reached[line.id] = max(all, line.invoicedQuantity)
                continue
            }
            reached[line.id] = line.quantity(at: own)
            if line.quantity(at: own) < line.invoicedQuantity {
                let (french, english) = (Language.french, Language.english)
                problems.append(
                    FieldProblem(
                        Progress.field(line.id),
                        Text(
                            "Déjà facturé : \(french.percentage(line.invoicedShare)).",
                            "Already invoiced: \(english.percentage(line.invoicedShare)).")))
            }
        }
        guard problems.isEmpty else { throw Problem.invalid(problems) }
        return reached
    }

    /// The document says how far each line has come.
    private func noteProgress(
        on line: DocumentLine, _ ordered: DocumentLine?, _ say: Language
    ) -> DocumentLine {
        guard let ordered else { return line }
        let now = say.percentage(ordered.share(ordered.invoicedQuantity + line.quantity))
        let before = say.percentage(ordered.invoicedShare)
        let note =
            ordered.invoicedQuantity == .zero
            ? say("Avancement : \(now)", "Progress: \(now)")
            : say(
                "Avancement cumulé : \(now), déjà facturé : \(before)",
                "Progress so far: \(now), invoiced before: \(before)")
        var line = line
        line.description = line.description.isEmpty ? note : line.description + "\n" + note
        return line
    }
}

/// How far the work has come, in one number or by line.
extension Progress: APIBody {
    public static let schemaName = "ProgressInput"
    public static let body: [BodyField] = [
        BodyField(
            "percent", .nullable(.percentage),
            note: Text("De chaque ligne, au total.", "Of each line, in all.")),
        .keyed(
            "lines", id: "line_id", value: Property("percent", .percentage), prefix: fieldPrefix,
            most: LineDrafts.maximumLines,
            note: Text(
                "Les lignes de la commande qui en sont ailleurs.",
                "Lines of the order that are elsewhere.")),
    ]
}
