import Basics
import Core
import Database

/// An address of a client beside its main one: a delivery address, a site.
public struct Address: Record, Sendable {
    public typealias ID = Basics.ID<Address>

    public var id: ID
    public var label: String
    public var place: PostalAddress

    public init(row: Row) throws {
        id = try row["id"]
        label = try row["label"]
        place = try PostalAddress(row: row)
    }

}

public struct AddressDraft: Sendable {
    public var label: String
    public var place: PostalAddress

    public init(_ input: inout Input, country: String) {
        label = input.line("label", required: true, most: 100)
        place = input.postalAddress(country: country)
    }
}

extension Transaction {
    public func addresses(of client: Client.ID) throws -> [Address] {
        try all(
            """
            SELECT id, label, street, street_more, postal_code, city, country FROM addresses
            WHERE organisation_id = \(organisation) AND client_id = \(client) ORDER BY label
            """)
    }
}
