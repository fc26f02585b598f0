import Basics
import Core
import Database

/// Where goods went, if not to the client's own address (BG-15), as it was on the day of issue.
public struct DeliveryPlace: Sendable, Hashable {
    /// What the client's address is called, such as "Entrepôt".
    public var label: String
    public var address: PostalAddress

    init(_ address: Address) {
        label = address.label
        self.address = address.place
    }

    init?(_ json: JSON?) {
        guard let json, json != .null else { return nil }
        label = json["label"]?.string ?? ""
        address = PostalAddress(json["address"])
    }

    var json: JSON { ["label": .string(label), "address": address.json] }

    /// `Entrepôt, 3 rue des Quais, 69002 Lyon`
    func text(home: String, in say: Language) -> String {
        ([label] + address.lines(home: home, in: say)).joined(separator: ", ")
    }
}

extension Transaction {
    func delivery(of invoice: Invoice) throws -> DeliveryPlace? {
        guard let id = invoice.deliveryAddressID else { return nil }
        return try addresses(of: invoice.clientID).first { $0.id == id }.map { DeliveryPlace($0) }
    }

    /// The address must be one of the client's.
    func check(_ delivery: Address.ID?, of client: Client.ID) throws {
        guard let delivery else { return }
        guard try addresses(of: client).contains(where: { $0.id == delivery }) else {
            throw Problem.invalid(
                "delivery_address",
                Text(
                    "Cette adresse n’est pas celle de ce client.",
                    "This is no address of this client."))
        }
    }
}
