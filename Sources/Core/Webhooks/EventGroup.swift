import Basics

/// The events that a webhook can ask for, by what they are about: in one row nobody finds theirs.
struct EventGroup {
    let label: Text
    let names: [String]

    /// All names, each in one group; groups without any are left out.
    static func all(_ names: [String]) -> [EventGroup] {
        let known = Set(subjects.flatMap(\.kinds))
        let groups = subjects.map { subject in
            EventGroup(
                label: subject.label, names: names.filter { subject.kinds.contains(kind($0)) })
        }
        let others = EventGroup(
            label: Text("Autres", "Others"), names: names.filter { !known.contains(kind($0)) })
        return (groups + [others]).filter { !$0.names.isEmpty }
    }

    /// `invoice` of `invoice.issued`
    private static func kind(_ name: String) -> String {
        name.split(separator: ".").first.map(String.init) ?? name
    }

    private static let subjects: [(label: Text, kinds: [String])] = [
        (Text("Clients", "Clients"), ["client", "contact", "address"]),
        (Text("Devis", "Quotes"), ["quote"]),
        (Text("Commandes", "Orders"), ["order"]),
        (Text("Factures et avoirs", "Invoices and credit notes"), ["invoice"]),
        (Text("Paiements", "Payments"), ["payment"]),
        (Text("Comptabilité", "Books"), ["period_closing", "accounts", "invoice_archive"]),
        (Text("Achats", "Purchases"), ["supplier", "received_invoice"]),
        (Text("Courriels et liens", "Mails and links"), ["mail", "shared_document"]),
        (Text("Catalogue", "Catalogue"), ["item"]),
        (
            Text("Accès", "Access"),
            ["access_token", "account", "colleague", "user"]
        ),
        (Text("Organisation", "Organisation"), ["organisation", "statistics"]),
    ]
}
