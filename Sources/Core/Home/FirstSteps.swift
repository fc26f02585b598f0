import Basics
import Database
import Markup

/// What a new organisation does first, with what is done already. Over once a payment was recorded or a
/// file imported: whoever came so far knows the way.
struct FirstSteps: Sendable {
    struct Step: Sendable {
        let title: Text
        let text: Text
        let address: String
        let icon: StaticString
        let isDone: Bool
    }

    let steps: [Step]

    private static let all:
        [(kind: SubjectKind, title: Text, text: Text, address: String, icon: StaticString)] = [
            (
                .client, Text("Créer un client", "Create a client"),
                Text("Une entreprise ou un particulier.", "A company or a private person."),
                "/clients/new", "user-plus"
            ),
            (
                .item, Text("Remplir le catalogue", "Fill the catalogue"),
                Text("Vos prestations, avec leur prix.", "Your services, with their prices."),
                "/items/new", "package"
            ),
            (
                .quote, Text("Faire un premier devis", "Make a first quote"),
                Text("Accepté, il devient une commande.", "Accepted, it becomes an order."),
                "/quotes/new", "file-plus"
            ),
            (
                .invoice, Text("Facturer", "Invoice"),
                Text("Depuis une commande, ou directement.", "From an order, or directly."),
                "/invoices/new", "receipt-euro"
            ),
            (
                .payment, Text("Enregistrer un paiement", "Record a payment"),
                Text("Virement, carte, chèque ou espèces.", "Transfer, card, cheque or cash."),
                "/payments/new", "banknote"
            ),
        ]

    init(_ transaction: Transaction, _ request: Request) throws {
        let used = Set(try transaction.recordedKinds())
        let isOver = used.contains(.payment) || used.contains(.importedFile)
        steps =
            isOver
            ? []
            : FirstSteps.all.filter { request.offers($0.address) }.map {
                Step(
                    title: $0.title, text: $0.text, address: $0.address, icon: $0.icon,
                    isDone: used.contains($0.kind))
            }
    }

    var isShown: Bool { steps.contains { !$0.isDone } }
}

extension Transaction {
    /// What the journal of this organisation is about, each kind once.
    func recordedKinds() throws -> [SubjectKind] {
        let kinds = SubjectKind.allCases.map(\.rawValue)
        return try values(
            """
            SELECT kind FROM unnest(\(kinds)) AS kind
            WHERE EXISTS (SELECT FROM journal_entries
                WHERE organisation_id = \(organisation) AND subject_kind = kind)
            """)
    }
}

/// The list of first steps as a card.
struct FirstStepsCard {
    let steps: FirstSteps
    let request: Request

    var html: HTML {
        guard steps.isShown else { return .empty }
        let say = request.say
        let done = steps.steps.count { $0.isDone }
        let progress = say(
            "\(done) sur \(steps.steps.count)", "\(done) of \(steps.steps.count)")
        return """
            <section class="card todo" aria-labelledby="h-first"><header><h2 id="h-first">\(say("Pour commencer", "To begin with"))</h2>\
            <span class="pill info num">\(progress)</span></header><ul>\(steps.steps, item)</ul></section>
            """
    }

    private func item(_ step: FirstSteps.Step) -> HTML {
        let say = request.say
        let state: HTML =
            step.isDone
            ? "<span class=\"pill ok\">\(request.icon("check"))\(say("Fait", "Done"))</span>"
            : """
            <a class="btn sm" href="\(step.address)">\(say("Commencer", "Start"))\
            <span class="sr"> : \(say(step.title))</span></a>
            """
        return """
            <li><span class="m \(step.isDone ? "ok" : "info")" aria-hidden="true">\(request.icon(step.isDone ? "check" : step.icon))</span>\
            <div class="w"><a href="\(step.address)">\(say(step.title))</a><small>\(say(step.text))</small></div>\
            <span></span><div class="a">\(state)</div></li>
            """
    }
}
