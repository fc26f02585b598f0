import Basics
import Core
import Markup

/// What becomes of an invoice, with the motive that some statuses need.
struct ReceivedStatusForm {
    let invoice: ReceivedInvoice
    let fields: FormFields
    let request: Request

    init(
        _ invoice: ReceivedInvoice, _ values: [String: String], _ problems: [FieldProblem],
        _ request: Request
    ) {
        self.invoice = invoice
        fields = FormFields(values, problems, request)
        self.request = request
    }

    /// What the buyer may say after a status.
    static func offered(after present: LifeCycleStatus) -> [LifeCycleStatus] {
        LifeCycleStatus.ofBuyer.filter { present.successors.contains($0) && $0 != present }
    }

    private var say: Language { request.say }
    private var chosen: LifeCycleStatus? {
        Int(fields["status"]).flatMap(LifeCycleStatus.init)
    }

    var page: Page {
        let title = say("Traiter la facture", "Handle the invoice")
        return Page(
            title: title, section: .receivedInvoices,
            path: [(title: invoice.title(in: say), address: invoice.path)], frame: .narrow,
            body: """
                <div class="lh"><h1>\(title)</h1></div>
                <form class="form" method="post" action="\(invoice.path)/status">\(FormToken.input(for: request))\
                \(choices)\(fields.summary)<input type="hidden" name="status" value="\(fields["status"])">
                <section class="card"><header><h2>\(chosen.map { say($0.label) } ?? "")</h2><span class="sp"></span>\
                <span class="num">\(invoice.grossText(in: say))</span></header><div class="body f2">\(reasons)\(remark)</div></section>
                <div class="form-end"><a class="btn" href="\(invoice.path)">\(say("Annuler", "Cancel"))</a>\
                <button class="btn p">\(request.icon("check"))\(say("Enregistrer", "Save"))</button></div></form>
                """)
    }

    private var choices: HTML {
        """
        <nav class="seg" aria-label="\(say("Décision", "Decision"))">\(Self.offered(after: invoice.status), { status in
            """
            <a href="\(invoice.path)/status?status=\(String(status.rawValue))"\
            \(attribute: "aria-current", status == chosen ? "true" : nil)>\(say(status.label))</a>
            """
        })</nav>
        """
    }

    private var reasons: HTML {
        let known = chosen.map(LifeCycleReason.all) ?? []
        guard !known.isEmpty else { return .empty }
        return fields.select(
            "reason_code", Text("Motif", "Reason"),
            [("", say("Choisir…", "Choose…"))] + known.map { ($0.code, say($0.label)) },
            required: true,
            hint: Text(
                "Les motifs de la réforme, gardés avec la facture.",
                "The reasons of the reform, kept with the invoice."))
    }

    private var remark: HTML {
        fields.textArea(
            "reason", Text("Précision", "Details"), rows: 3,
            hint: invoice.channel == .platform
                ? Text(
                    "Transmise au fournisseur par la plateforme.",
                    "Sent to the supplier by the platform.")
                : Text(
                    "Gardée avec la facture. Prévenez aussi le fournisseur : rien ne lui est envoyé.",
                    "Kept with the invoice. Tell the supplier too: nothing is sent to it."))
    }
}

extension SaidStatus {
    /// What a person says as the buyer of an invoice.
    init(ofBuyer input: inout Input) throws {
        let code = input.whole("status", in: 204...211)
        let status = code.flatMap(LifeCycleStatus.init)
        let reasonCode = input.line("reason_code", most: 40)
        let reason = input.line("reason", most: 1000)
        guard let status, LifeCycleStatus.ofBuyer.contains(status) else {
            input.refuse("status", Text("Choisissez un statut.", "Choose a status."))
            throw Problem.invalid(input.problems)
        }
        let known = LifeCycleReason.all(for: status)
        if !known.isEmpty, !known.contains(where: { $0.code == reasonCode }) {
            input.refuse(
                "reason_code",
                Text(
                    "Choisissez un motif : la réforme l’exige.",
                    "Choose a reason: the reform asks for one."))
        }
        try input.check()
        self.init(status, reasonCode: known.isEmpty ? "" : reasonCode, reason: reason)
    }
}

extension Problem {
    static let nothingLeftToSay = Problem.conflict(
        Text("Il n’y a plus rien à décider ici.", "Nothing is left to decide here."))
}
