import Basics
import Core
import Markup

/// Asks for the date and says that issuing is final; shows what stands in the way.
struct IssuePage {
    let invoice: Invoice
    let obstacles: [IssueObstacle]
    /// The number that it would take.
    let number: String
    let fields: FormFields
    let request: Request

    init(
        _ invoice: Invoice, _ obstacles: [IssueObstacle], number: String,
        _ values: [String: String], _ problems: [FieldProblem], _ request: Request
    ) {
        self.invoice = invoice
        self.obstacles = obstacles.filter { $0.place != .day }
        self.number = number
        fields = FormFields(
            values, problems.filter { $0.field == "day" || $0.field == "form" }, request)
        self.request = request
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }

    var page: Page {
        let title = say("Émettre la facture", "Issue the invoice")
        return Page(
            title: title, section: .invoices,
            path: [(title: invoice.title(in: say), address: invoice.path)], frame: .narrow,
            body: """
                <div class="lh"><h1>\(title)</h1></div>\(obstacles.isEmpty ? form : toMend)
                """)
    }

    private var toMend: HTML {
        let title = say.count(
            obstacles.count,
            Text("point à compléter avant d’émettre", "thing to mend before issuing"),
            Text("points à compléter avant d’émettre", "things to mend before issuing"))
        return """
            <div class="alert warn" role="alert">\(icon("triangle-alert"))<b>\(title)</b>
            <ul>\(obstacles, { obstacle in
                "<li><a href=\"\(address(obstacle.place))\">\(say(obstacle.message))</a></li>"
            })</ul></div>
            <div class="form-end"><a class="btn" href="\(invoice.path)">\(say("Retour au brouillon", "Back to the draft"))</a></div>
            """
    }

    private func address(_ place: IssueObstacle.Place) -> String {
        switch place {
        case .settings: Section.settings.address
        case .client: "/clients/\(invoice.clientID)/edit"
        case .draft: invoice.path + "/edit"
        case .day: "#" + fields.id("day")
        }
    }

    /// Of a day that it may bear.
    private var promise: HTML {
        """
        <div class="field h"><p>\(say("Elle portera le numéro", "It will have the number")) <b class="num">\(number)</b>\
        \(say(", à payer ", ", to be paid "))\(invoice.terms.label(in: say)).</p></div>
        """
    }

    private var form: HTML {
        let last = Text(
            "Au plus tard aujourd’hui, jamais avant la dernière facture émise.",
            "Today at the latest, never before the last invoice issued.")
        return """
            <form class="form" method="post" action="\(invoice.path)/issue">\(FormToken.input(for: request))\
            \(fields.summary)
            <section class="card"><header><h2>\(invoice.clientName)</h2><span class="sp"></span>\
            <span class="num">\(say.money(invoice.totalGross, invoice.currency))</span></header><div class="body f2">
            \(fields.input("day", Text("Date d’émission", "Date of issue"), type: "date", width: .half, required: true, hint: last))
            \(if: fields.problem("day") == nil, promise)</div></section>
            <p class="note">\(icon("info"))<span>\(say(
                "C’est définitif : une facture émise ne se modifie plus et ne se supprime pas. "
                    + "Pour la corriger, vous ferez un avoir.",
                "This is final: an issued invoice cannot be changed or deleted. To correct it, make a "
                    + "credit note."))</span></p>
            <div class="form-end"><a class="btn" href="\(invoice.path)">\(say("Annuler", "Cancel"))</a>\
            <button class="btn p">\(icon("file-check"))\(say("Émettre définitivement", "Issue for good"))</button></div></form>
            """
    }
}
