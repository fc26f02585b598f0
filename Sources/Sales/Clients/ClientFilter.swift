import Basics
import Core
import HTTP

/// What the list of clients is narrowed to, from the address of the page.
public struct ClientFilter: Sendable {
    enum Sort: String, CaseIterable {
        case name, city, sector
        case created, balance
    }

    var words: String
    var sector: String
    var city: String
    var tag: String
    var kind: Client.Kind?
    var stage: Client.Stage?
    /// Only those who owe something.
    var owing: Bool
    var archived: Bool
    var sort: Sort
    var descending: Bool
    var after: PagePosition?
    let query: Fields

    public init(_ query: Fields) {
        self.query = query
        words = PlainText.line(query["q"] ?? "")
        sector = query["sector"] ?? ""
        city = query["city"] ?? ""
        tag = query["tag"] ?? ""
        kind = query["kind"].flatMap(Client.Kind.init)
        stage = query["stage"].flatMap(Client.Stage.init)
        owing = query["view"] == "owing"
        archived = query["view"] == "archived"
        let wanted = query["sort"] ?? "name"
        descending = wanted.hasPrefix("-")
        sort = Sort(rawValue: String(wanted.drop { $0 == "-" })) ?? .name
        after = PagePosition(query["after"])
    }

    var address: ListAddress {
        ListAddress(
            "/clients", query,
            keeping: ["q", "sector", "city", "tag", "kind", "stage", "view", "sort"])
    }
    var sortText: String { (descending ? "-" : "") + sort.rawValue }
    var isNarrowed: Bool {
        !words.isEmpty || !sector.isEmpty || !city.isEmpty || !tag.isEmpty || kind != nil
            || stage != nil || owing || archived
    }
}
