import Basics

/// What can be created from anywhere: the menu “New”, search and home list it.
struct NewRecord: Sendable {
    let address: String
    let icon: StaticString
    /// In a menu that says “New” already.
    let label: Text
    /// By itself.
    let title: Text

    static let all: [NewRecord] = [
        NewRecord(
            address: "/clients/new", icon: "user-plus", label: Text("Client", "Client"),
            title: Text("Nouveau client", "New client")),
        NewRecord(
            address: "/quotes/new", icon: "file-plus", label: Text("Devis", "Quote"),
            title: Text("Nouveau devis", "New quote")),
        NewRecord(
            address: "/orders/new", icon: "shopping-cart", label: Text("Commande", "Order"),
            title: Text("Nouvelle commande", "New order")),
        NewRecord(
            address: "/invoices/new", icon: "receipt-euro", label: Text("Facture", "Invoice"),
            title: Text("Nouvelle facture", "New invoice")),
        NewRecord(
            address: "/payments/new", icon: "banknote", label: Text("Paiement", "Payment"),
            title: Text("Nouveau paiement", "New payment")),
        NewRecord(
            address: "/items/new", icon: "package", label: Text("Article", "Item"),
            title: Text("Nouvel article", "New item")),
    ]

    static func offered(to request: Request) -> [NewRecord] {
        all.filter { request.offers($0.address) }
    }
}
