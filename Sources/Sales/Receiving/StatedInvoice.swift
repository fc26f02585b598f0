import Basics
import Core
import EInvoice
import Markup

/// What a received invoice states, for people: parties, lines, VAT, totals, payment, notes. Nothing is
/// corrected, and nothing is added.
struct StatedInvoice {
    let stated: EInvoice
    let invoice: ReceivedInvoice
    let request: Request

    /// Of a very long invoice the page shows so many lines; the file has them all.
    private static let mostLines = 500

    init(_ stated: EInvoice, _ invoice: ReceivedInvoice, _ request: Request) {
        self.stated = stated
        self.invoice = invoice
        self.request = request
    }

    private var say: Language { request.say }
    private var parts: RecordParts { RecordParts(request) }
    private func number(_ value: Numeral?, atLeast least: Int = 2) -> String {
        value.map { StatedNumber.text($0, say, atLeast: least) } ?? ""
    }

    var html: HTML {
        "\(StatedParties(stated, request).html)\(facts)\(lines)\(adjustments)\(totals)\(payment)\(notes)\(attachments)"
    }

    private func day(_ stated: StatedDay?) -> String {
        guard let stated else { return "" }
        return Day(stated).map { say.longDay($0) } ?? stated.text
    }

    private func period(_ period: EInvoice.Period?) -> String {
        guard let period else { return "" }
        return [day(period.from), day(period.until)].filter { !$0.isEmpty }.joined(
            separator: say(" au ", " to "))
    }

    private var facts: HTML {
        let references = stated.references
        let preceding = stated.precedingInvoices.map { other in
            [other.number ?? "", day(other.issuedOn)].filter { !$0.isEmpty }
                .joined(separator: say(" du ", " of "))
        }
        let facts: [(Text, String)] = [
            (Text("Date", "Date"), day(stated.issuedOn)),
            (Text("Échéance", "Due"), day(stated.dueOn)),
            (Text("Type", "Kind"), "\(say(invoice.kind.label)) (\(invoice.typeCode))"),
            (Text("Devise", "Currency"), stated.currency ?? ""),
            (Text("Profil", "Profile"), stated.specification ?? ""),
            (Text("Cadre", "Process"), stated.process ?? ""),
            (Text("Votre commande", "Your order"), references.order ?? ""),
            (Text("Votre référence", "Your reference"), references.buyer ?? ""),
            (Text("Contrat", "Contract"), references.contract ?? ""),
            (Text("Projet", "Project"), references.project ?? ""),
            (Text("Commande du vendeur", "Seller’s order"), references.salesOrder ?? ""),
            (Text("Bon de livraison", "Despatch advice"), references.despatchAdvice ?? ""),
            (Text("Facture d’origine", "Original invoice"), preceding.joined(separator: ", ")),
            (Text("Livraison", "Delivery"), day(stated.delivery.deliveredOn)),
            (Text("Lieu de livraison", "Delivered to"), stated.delivery.name ?? ""),
            (Text("Période", "Period"), period(stated.period)),
        ]
        return parts.card(
            "facts", Text("Ce que dit la facture", "What the invoice says"),
            FactList.html(facts, say))
    }

    private var lines: HTML {
        guard !stated.lines.isEmpty else {
            return parts.card(
                "lines", Text("Lignes", "Lines"),
                """
                <div class="body"><p class="mut">\(say(
                    "Ce profil ne donne pas les lignes : elles sont dans le PDF.",
                    "This profile holds no lines: they are in the PDF."))</p></div>
                """)
        }
        let headings: [(String, Text)] = [
            ("", Text("Désignation", "Item")), ("n", Text("Quantité", "Quantity")),
            ("n k2", Text("Prix", "Price")), ("n k1", Text("TVA", "VAT")),
            ("n", Text("Net HT", "Net")),
        ]
        let rest = stated.lines.count - Self.mostLines
        return parts.card(
            "lines", Text("Lignes", "Lines"), sub: String(stated.lines.count),
            """
            <div class="scroll" tabindex="0" role="group" aria-label="\(say("Lignes", "Lines"))"><table class="tbl"><thead><tr>\
            \(headings, { "<th scope=\"col\" class=\"\($0.0)\">\(say($0.1))</th>" })</tr></thead>\
            <tbody>\(stated.lines.prefix(Self.mostLines), line)</tbody></table></div>\
            \(if: rest > 0, "<div class=\"foot\">\(say("et \(rest) lignes de plus dans le fichier", "and \(rest) more lines in the file"))</div>")
            """)
    }

    private func line(_ line: EInvoice.Line) -> HTML {
        let details = [
            line.description ?? "", line.note ?? "", period(line.period),
            line.sellerItem.map { say("réf. ", "ref. ") + $0 } ?? "",
        ].filter { !$0.isEmpty }
        let base = line.priceQuantity.map { $0 == Numeral(1) ? "" : " / " + number($0, atLeast: 0) }
        return """
            <tr><td class="w"><b>\(line.name ?? line.id ?? "")</b>\(details, { "<small>\($0)</small>" })\
            \(line.allowances, { "<small>\(adjustment($0, sign: "−"))</small>" })\(line.charges, { "<small>\(adjustment($0, sign: "+"))</small>" })</td>
            <td class="n">\(number(line.quantity, atLeast: 0)) \(UnitCode.label(line.unit ?? "", say))</td>
            <td class="n k2">\(number(line.price))\(base ?? "")</td><td class="n k1">\(rate(line.vat))</td>
            <td class="n amt">\(number(line.net))</td></tr>
            """
    }

    private func adjustment(_ adjustment: EInvoice.Adjustment, sign: String) -> String {
        let name =
            adjustment.reason ?? adjustment.reasonCode
            ?? say("Remise ou frais", "Allowance or charge")
        return "\(name) : \(sign)\(number(adjustment.amount))"
    }

    private func rate(_ vat: EInvoice.VAT) -> String {
        let percent = vat.rate.map { number($0, atLeast: 0) + "\u{A0}%" } ?? ""
        guard let category = vat.category, category != "S" else { return percent }
        return percent.isEmpty ? category : "\(category) \(percent)"
    }

    private var adjustments: HTML {
        let all =
            stated.allowances.map { adjustment($0, sign: "−") }
            + stated.charges.map { adjustment($0, sign: "+") }
        guard !all.isEmpty else { return .empty }
        return parts.card(
            "adjust", Text("Remises et frais", "Allowances and charges"),
            "<ul class=\"rows\">\(all, { "<li><div>\($0)</div></li>" })</ul>")
    }

    private var totals: HTML {
        let sums = stated.totals
        let rows: [(Text, Numeral?)] = [
            (Text("Somme des lignes", "Sum of lines"), sums?.lines),
            (Text("Remises", "Allowances"), sums?.allowances),
            (Text("Frais", "Charges"), sums?.charges),
            (Text("Total HT", "Net"), sums?.net), (Text("TVA", "VAT"), sums?.vat),
            (Text("Total TTC", "Total"), sums?.gross),
            (Text("Déjà payé", "Prepaid"), sums?.prepaid),
            (Text("Arrondi", "Rounding"), sums?.rounding), (Text("Net à payer", "Due"), sums?.due),
        ]
        let facts = rows.map { ($0.0, number($0.1)) }
        let symbol = invoice.currency.symbol
        return parts.card(
            "sums", Text("TVA et totaux", "VAT and totals"), sub: symbol,
            """
            <div class="scroll"><table class="tbl"><thead><tr><th scope="col">\(say("TVA", "VAT"))</th>\
            <th scope="col" class="n">\(say("Base", "Base"))</th><th scope="col" class="n">\(say("Montant", "Amount"))</th></tr></thead>\
            <tbody>\(stated.vatBreakdown, { row in
                """
                <tr><td class="w">\(rate(row.vat))\(row.exemptionReason.map { "<small>\($0)</small>" as HTML })</td>\
                <td class="n">\(number(row.base))</td><td class="n">\(number(row.amount))</td></tr>
                """
            })</tbody></table></div>\(FactList.html(facts, say))
            """)
    }

    private var payment: HTML {
        guard !stated.paymentMeans.isEmpty || stated.paymentTerms != nil else { return .empty }
        var facts: [(Text, String)] = stated.paymentMeans.flatMap { means in
            [
                (Text("Moyen", "Means"), means.name ?? MeansCode.label(means.code ?? "", say)),
                (Text("Compte", "Account"), means.account ?? ""),
                (Text("BIC", "BIC"), means.bank ?? ""),
                (Text("Titulaire", "Holder"), means.accountName ?? ""),
                (Text("Mandat", "Mandate"), means.mandate ?? ""),
                (Text("Carte", "Card"), means.card ?? ""),
            ]
        }
        facts += [
            (Text("Libellé", "Remittance"), stated.remittance ?? ""),
            (Text("Conditions", "Terms"), stated.paymentTerms ?? ""),
        ]
        return parts.card("payment", Text("Paiement", "Payment"), FactList.html(facts, say))
    }

    private var notes: HTML {
        let all = stated.notes.filter { !($0.text ?? "").isEmpty }
        guard !all.isEmpty else { return .empty }
        return parts.card(
            "notes", Text("Notes", "Notes"),
            """
            <ul class="rows">\(all, { note in
                "<li><div><span class=\"pre\">\(note.text ?? "")</span>\(note.code.map { "<small>\($0)</small>" as HTML })</div></li>"
            })</ul>
            """)
    }

    private var attachments: HTML {
        guard !stated.attachments.isEmpty else { return .empty }
        return parts.card(
            "files", Text("Pièces jointes annoncées", "Supporting documents"),
            """
            <ul class="rows">\(stated.attachments, { file in
                """
                <li><span class="ic">\(request.icon("paperclip"))</span><div>\(file.description ?? file.reference ?? "")\
                <small>\([file.reference, file.mimeType].compactMap(\.self).joined(separator: " · "))</small></div></li>
                """
            })</ul>
            """)
    }
}
