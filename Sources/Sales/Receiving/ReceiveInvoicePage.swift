import Basics
import Core
import EInvoice
import Markup

/// Where a person hands over an invoice that came to them.
struct ReceiveInvoicePage {
    let fields: FormFields
    let request: Request

    init(_ problems: [FieldProblem], _ request: Request) {
        self.request = request
        fields = FormFields([:], problems, request)
    }

    private var say: Language { request.say }

    var page: Page {
        let title = say("Recevoir une facture", "Receive an invoice")
        return Page(
            title: title, section: .receivedInvoices, frame: .narrow,
            body: """
                <form class="form" method="post" action="/received-invoices" enctype="multipart/form-data">
                \(FormToken.input(for: request))\(Submission.input(for: request))
                <div class="lh"><h1>\(title)</h1></div>\(fields.summary)
                \(RecordParts(request).card("file", Text("Fichier", "File"), "<div class=\"body form-stack\">\(file)</div>"))
                <p class="note">\(request.icon("shield-check"))<span>\(say(
                    "Le fichier est gardé tel quel, avec son empreinte. Le même fichier n’est jamais reçu deux fois.",
                    "The file is kept as it is, with its fingerprint. The same file is never received twice."))</span></p>
                <div class="form-end"><a class="btn" href="/received-invoices">\(say("Annuler", "Cancel"))</a>\
                <button class="btn p">\(request.icon("inbox"))\(say("Recevoir", "Receive"))</button></div></form>
                """)
    }

    private var file: HTML {
        let id = fields.id("file")
        let most = InvoiceFile.maximumBytes / 1_000_000
        return """
            <div class="field"><label class="drop" for="\(id)">\(request.icon("file-text", .large))\
            <span>\(say("Choisir un fichier", "Choose a file"))<small>\(say(
                "PDF Factur-X, XML CII ou UBL, ou un courriel (.eml) qui en contient. \(most) Mo au plus.",
                "Factur-X PDF, CII or UBL XML, or a mail (.eml) that holds some. At most \(most) MB."))</small></span>\
            <input type="file" id="\(id)" name="file" accept=".pdf,.xml,.eml,application/pdf,application/xml,message/rfc822"\(fields.described("file", nil))></label>\
            \(fields.errorLine("file"))</div>
            """
    }
}
