import Basics
import Core

// What programs read and write of suppliers.

extension Supplier: APIRecord {
    public static let schemaName = "Supplier"
    public static let members: [Member<Supplier>] = [
        .id { $0.id }, .text("name") { $0.name }, .text("siren") { $0.siren },
        .text("vat_number") { $0.vatNumber },
        Member("address", PostalAddress.shape) { $0.address.json },
        .text("email") { $0.email }, .text("iban") { $0.iban }, .text("notes") { $0.notes },
        .integer("version") { $0.version },
    ]
}

extension SupplierDraft: APIBody {
    public static let schemaName = "SupplierInput"
    public static let body: [BodyField] = [
        BodyField("name", .line, required: true), BodyField("siren", .text(most: 30)),
        BodyField("vat_number", .text(most: 30)), .address, BodyField("email", .email),
        BodyField("iban", .text(most: 60)), BodyField("notes", .text(most: 5000)),
    ]
}

extension SupplierFilter {
    static let parameters: [Property] = [
        Property("q", .line), .sort(Sort.allCases.map(\.rawValue)), .after,
    ]
}
