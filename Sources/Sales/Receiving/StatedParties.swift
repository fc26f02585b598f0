import Basics
import Core
import EInvoice
import Markup

/// Who sells, buys and is paid, as an invoice states them.
struct StatedParties {
    let stated: EInvoice
    let request: Request

    init(_ stated: EInvoice, _ request: Request) {
        self.stated = stated
        self.request = request
    }

    private var say: Language { request.say }
    private var parts: RecordParts { RecordParts(request) }

    var html: HTML {
        let all: [(Text, EInvoice.Party?)] = [
            (Text("Vendeur", "Seller"), stated.seller), (Text("Acheteur", "Buyer"), stated.buyer),
            (Text("Bénéficiaire", "Payee"), stated.payee),
            (Text("Représentant fiscal", "Tax representative"), stated.taxRepresentative),
        ]
        let shown = all.compactMap { label, party in party.map { (label, $0) } }
        return """
            <div class="pair">\(shown, { label, party in
                parts.card("p-" + label.english.prefix(5), label, FactList.html(facts(of: party), say))
            })</div>
            """
    }

    private func facts(of party: EInvoice.Party) -> [(Text, String)] {
        let address = party.address
        let place = [
            address?.line, address?.lineMore, address?.lineThird,
            [address?.postalCode, address?.city].compactMap(\.self).joined(separator: " "),
            address?.country,
        ].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ", ")
        let contact = [party.contact?.name, party.contact?.phone, party.contact?.email]
            .compactMap(\.self).joined(separator: ", ")
        return [
            (Text("Nom", "Name"), party.name ?? ""),
            (Text("Nom commercial", "Trading name"), party.tradingName ?? ""),
            (Text("Adresse", "Address"), place),
            (Text("Immatriculation", "Registration"), party.legalID.map(identifier) ?? ""),
            (Text("N° de TVA", "VAT number"), party.vatID ?? ""),
            (Text("N° fiscal", "Tax number"), party.taxID ?? ""),
            (
                Text("Identifiants", "Identifiers"),
                party.identifiers.map(identifier).joined(separator: ", ")
            ),
            (
                Text("Adresse électronique", "Electronic address"),
                party.electronicAddress.map(identifier) ?? ""
            ),
            (Text("Contact", "Contact"), contact),
            (Text("Mentions", "Legal"), party.legalInformation ?? ""),
        ]
    }

    private func identifier(_ id: EInvoice.Identifier) -> String {
        id.scheme.map { "\(id.value) (\($0))" } ?? id.value
    }
}
