import Basics
import TestSupport
import Testing

@testable import Core

/// A body of the API that names a record of another organisation: nothing comes of it, in both directions.
struct APIBodyTests {
    /// What stands in a property of that name.
    private static let kinds: [String: ForeignIDs.Kind] = [
        "client_id": .client, "contact_id": .contact, "delivery_address_id": .address,
        "item_id": .item, "assigned_to": .person, "order_ids": .order, "invoice_id": .invoice,
        "supplier": .supplier, "line_id": .orderLine,
    ]
    /// The lines of a document tell theirs apart by ids of their own: one that is none of them counts for
    /// nothing.
    private static let ownRows: Set = ["id"]

    private static func kind(of name: String, in pattern: String) -> ForeignIDs.Kind? {
        name == "line_id" && pattern.hasSuffix("credit-notes") ? .invoiceLine : kinds[name]
    }

    @Test func noBodyNamesARecordOfAnotherOrganisation() throws {
        let reader = try FingerprintReader()
        var figures = IsolationFigures("bodies of the API")
        var taken = 0
        for direction in try IsolatedPair().directions {
            let (known, curious) = (direction.known.test, direction.curious.test)
            let program = try curious.program()
            let (foreign, own) = (try ForeignIDs(known), try ForeignIDs(curious))
            let before = try reader.fingerprint(of: known.organisationID)
            let targets = RouteTargets(curious)
            for route in curious.application.apiRoutes {
                let properties = route.operation.body?.fields.map(\.property) ?? []
                for name in Shape.object(properties).idNames {
                    guard let kind = Self.kind(of: name, in: route.pattern) else {
                        #expect(Self.ownRows.contains(name), "nobody decided about \(name)")
                        continue
                    }
                    let path = "\(route.operation.method.rawValue) \(route.pattern), \(name)"
                    for address in try targets.all(of: route.route).prefix(4) {
                        for planted in [own.ids[kind], foreign.ids[kind]] {
                            let body = Shape.object(properties).body { property in
                                property == name
                                    ? planted
                                    : Self.kind(of: property, in: route.pattern)
                                        .flatMap { own.ids[$0] }
                            }
                            let answer = try program.call(
                                route.operation.method, route.path(of: address), body,
                                headers: route.operation.method == .patch
                                    ? ["If-Match": "*"] : [:])
                            let isTaken = (200..<300).contains(answer.status)
                            if planted == own.ids[kind] {
                                if isTaken { taken += 1 }
                                continue
                            }
                            figures.asked(path)
                            figures.expect(!isTaken, "\(path): \(answer.status)")
                            figures.expect(answer.status < 500, "\(path): \(answer.status)")
                            figures.expect(!answer.holds(direction.secret), path)
                        }
                    }
                }
            }
            let held = try reader.tables(of: curious.organisationID, holding: foreign.ofRecords)
            figures.expect(held == [], "took ids into \(held)")
            let changed = try reader.fingerprint(of: known.organisationID)
                .differences(from: before)
            figures.expect(changed == [], "changed \(changed)")
        }
        // Otherwise the bodies were refused for something else than the foreign id.
        #expect(taken > 20)
        #expect(figures.requests > 60)
        figures.show()
    }
}

extension Shape {
    /// The names of properties with ids, however deep.
    fileprivate var idNames: Set<String> {
        switch self {
        case .object(let properties):
            properties.reduce(into: []) { names, property in
                if property.shape.isID { names.insert(property.name) }
                names.formUnion(property.shape.idNames)
            }
        case .list(let shape, _), .nullable(let shape): shape.idNames
        default: []
        }
    }

    private var isID: Bool {
        switch self {
        case .id: true
        case .list(let shape, _), .nullable(let shape): shape.isID
        default: false
        }
    }

    /// What must be said, and each id that `id` gives for the name of its property.
    fileprivate func body(_ name: String = "", _ id: (String) -> String?) -> JSON {
        switch self {
        case .object(let properties):
            .object(
                properties.filter {
                    $0.isRequired || $0.shape.isID && id($0.name) != nil
                        || !$0.shape.idNames.isEmpty
                }.map { ($0.name, $0.shape.body($0.name, id)) })
        case .list(let shape, _): [shape.body(name, id)]
        case .nullable(let shape): shape.body(name, id)
        case .id: id(name).map(JSON.string) ?? .null
        case .day: "2026-11-21"
        case .choice(let words): .string(words[0])
        case .amount(let range), .integer(let range): .int(max(1, range.lowerBound))
        case .decimal: "1"
        case .flag: true
        default: "a"
        }
    }
}
