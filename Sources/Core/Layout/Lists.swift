import Basics
import HTTP
import Markup

/// Pages of a list by position rather than by number: the next page starts behind the last row seen,
/// however deep. `after` holds the sort value and the id of that row.
public struct PagePosition: Sendable, Hashable {
    public static let rowsPerPage = 50
    public var value: String
    public var id: UniqueID

    public init(value: String, id: UniqueID) {
        self.value = value
        self.id = id
    }

    /// Nil when there is none, or when it was tampered with.
    public init?(_ text: String?) {
        guard let text, let bytes = bytes(hexadecimal: text), bytes.count > 36,
            let id = UniqueID(String(decoding: bytes.prefix(36), as: UTF8.self))
        else { return nil }
        value = String(decoding: bytes.dropFirst(36), as: UTF8.self)
        self.id = id
    }

    /// In a list by time.
    public init(_ instant: Instant, id: UniqueID) {
        self.init(value: String(instant.microseconds), id: id)
    }

    /// Nil when the value is no time that a record could have.
    public var instant: Instant? {
        let years = Day(year: 1900, month: 1, day: 1)!...Day(year: 2999, month: 12, day: 31)!
        guard let instant = Int(value).map({ Instant(microseconds: $0) }),
            years.contains(LocalTime(instant, offsetSeconds: 0).day)
        else { return nil }
        return instant
    }

    public var text: String { hexadecimal(Array((id.description + value).utf8)) }
}

/// One page of a list.
public struct Listing<Element: Sendable>: Sendable {
    public var rows: [Element]
    /// Where the next page starts; nil on the last one.
    public var next: PagePosition?

    /// `rows` holds one row more than a page when there is a next page.
    public init(_ rows: [Element], position: (Element) -> PagePosition) {
        let most = PagePosition.rowsPerPage
        self.rows = Array(rows.prefix(most))
        next = rows.count > most ? self.rows.last.map(position) : nil
    }
}

extension Listing: APIAnswer where Element: APIRecord {
    /// For programs: the next page is asked for with `after`.
    public var json: JSON {
        ["data": .array(rows.map(\.json)), "next_cursor": JSON(next?.text)]
    }
}

/// The address of a list with some of its parameters changed.
public struct ListAddress: Sendable {
    public let path: String
    public private(set) var parameters: [(name: String, value: String)]

    public init(_ path: String, _ query: Fields, keeping names: [String]) {
        self.path = path
        parameters = names.compactMap { name in
            query[name].flatMap { $0.isEmpty ? nil : (name, $0) }
        }
    }

    public func with(_ name: String, _ value: String?) -> ListAddress {
        var copy = self
        copy.parameters.removeAll { $0.name == name || $0.name == "after" }
        if let value, !value.isEmpty { copy.parameters.append((name, value)) }
        return copy
    }

    public var text: String {
        guard !parameters.isEmpty else { return path }
        return path + "?"
            + parameters.map { "\($0.name)=\(PercentEncoding.encoded($0.value))" }
            .joined(separator: "&")
    }
}

/// Parts that every list has.
public struct ListParts: Sendable {
    let say: Language
    let icon: Icon
    let address: ListAddress
    let sort: String

    public init(_ request: Request, _ address: ListAddress, sort: String) {
        say = request.say
        icon = request.icon
        self.address = address
        self.sort = sort
    }

    /// A column heading that sorts; pressed again it turns round. `cssClass` is that of the cells.
    public func heading(_ label: Text, sort key: String, cssClass: String = "") -> HTML {
        let ascending = sort == key
        let descending = sort == "-" + key
        let next = ascending ? "-" + key : key
        return """
            <th scope="col"\(attribute: "class", cssClass.isEmpty ? nil : cssClass)\
            \(attribute: "aria-sort", ascending ? "ascending" : descending ? "descending" : nil)>\
            <a href="\(address.with("sort", next).text)">\(say(label))\
            \(icon(ascending ? "arrow-up" : descending ? "arrow-down" : "chevrons-up-down"))</a></th>
            """
    }

    public func heading(_ label: Text, cssClass: String = "") -> HTML {
        """
        <th scope="col"\(attribute: "class", cssClass.isEmpty ? nil : cssClass)>\(say(label))</th>
        """
    }

    /// What is shown, and the way to the next page. The browser's own way back leads to the last one.
    public func pager(_ count: Int, next: PagePosition?, isFirst: Bool) -> HTML {
        let lines = say.count(count, Text("ligne", "row"), Text("lignes", "rows"))
        return """
            <nav class="foot pager" aria-label="\(say("Pages", "Pages"))"><span class="num">\(lines)</span>\
            <span class="sp">\
            \(if: !isFirst, "<a class=\"btn sm\" href=\"\(address.with("after", nil).text)\">\(icon("chevron-left", .small))\(say("Début", "First"))</a>")\
            \(next.map { "<a class=\"btn sm\" rel=\"next\" href=\"\(address.with("after", $0.text).text)\">\(say("Suivante", "Next"))\(icon("chevron-right", .small))</a>" as HTML })\
            </span></nav>
            """
    }

    /// A filter that is on, with the way to remove it.
    public func chip(_ label: Text, _ value: String, parameter: String) -> HTML {
        """
        <span class="chip on"><span>\(say(label)) <b>\(value)</b></span>\
        <a class="rm" href="\(address.with(parameter, nil).text)" \
        aria-label="\(say("Retirer le filtre", "Remove filter")) \(say(label))">\(icon("x", .small))</a></span>
        """
    }

    /// The heading of a list page: its title, how many, and what can be done.
    public static func title(_ title: String, count: String? = nil, actions: HTML = .empty) -> HTML
    {
        """
        <div class="lh"><h1>\(title)\(count.map { " <span>\($0)</span>" as HTML })</h1>\
        <div class="acts">\(actions)</div></div>
        """
    }

    /// Nothing to show yet: what it would be, and how to start.
    public static func empty(_ title: String, _ text: String, actions: HTML = .empty) -> HTML {
        """
        <div class="card empty"><svg class="pic" viewBox="0 0 148 92" aria-hidden="true">\
        <rect class="p1" x="10" y="8" width="128" height="76" rx="10"/>\
        <rect class="p2" x="26" y="24" width="96" height="14" rx="4"/>\
        <rect class="p2" x="26" y="46" width="96" height="14" rx="4"/></svg>\
        <h2>\(title)</h2><p>\(text)</p><div class="acts">\(actions)</div></div>
        """
    }
}

extension PercentEncoding {
    /// Another path with the parameters of a list.
    public static func query(_ path: String, _ address: ListAddress) -> String {
        let parameters = address.text.drop { $0 != "?" }
        return path + parameters
    }
}
