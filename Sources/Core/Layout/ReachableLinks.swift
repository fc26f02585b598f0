import Basics
import HTTP

/// A page without links to where its reader may not go: what would lead to a record stays as text, what
/// would lead to doing something goes. Pages are written for whoever may see everything; here roles that
/// organisations put together themselves are served as well, whatever they leave out.
struct ReachableLinks {
    private enum Fate { case stays, becomesText, goes }

    private static let start = Array("<a ".utf8)
    private static let end = Array("</a>".utf8)
    private static let target = Array(" href=\"".utf8)
    private static let cssClass = Array(" class=\"".utf8)

    let request: Request

    init(_ request: Request) { self.request = request }

    /// Owners may go everywhere, and visitors see no links of ours but those for them.
    private var isNeeded: Bool { request.signedIn.map { $0.role != .owner } ?? false }

    func kept(in page: [UInt8]) -> [UInt8] {
        guard isNeeded else { return page }
        var kept: [UInt8] = []
        kept.reserveCapacity(page.count)
        var place = 0
        while let start = find(Self.start, in: page, from: place) {
            guard let close = page[start...].firstIndex(of: UInt8(ascii: ">")),
                let end = find(Self.end, in: page, from: close)
            else { break }
            kept += page[place..<start]
            let after = end + Self.end.count
            switch fate(page[start...close]) {
            case .stays: kept += page[start..<after]
            case .becomesText:
                kept += Array("<span\(classAttribute(page[start...close]))>".utf8)
                kept += page[(close + 1)..<end]
                kept += Array("</span>".utf8)
            case .goes: break
            }
            place = after
        }
        kept += page[place...]
        return kept
    }

    private func find(_ text: [UInt8], in page: [UInt8], from place: Int) -> Int? {
        var place = place
        while let first = page[place...].firstIndex(of: text[0]) {
            if page.count - first >= text.count,
                page[first..<(first + text.count)].elementsEqual(text)
            {
                return first
            }
            place = first + 1
        }
        return nil
    }

    private func value(_ name: [UInt8], of tag: ArraySlice<UInt8>) -> String? {
        let tag = Array(tag)
        guard let start = find(name, in: tag, from: 0) else { return nil }
        let value = tag[(start + name.count)...].prefix { $0 != UInt8(ascii: "\"") }
        return String(decoding: value, as: UTF8.self)
    }

    private func classAttribute(_ tag: ArraySlice<UInt8>) -> String {
        value(Self.cssClass, of: tag).map { " class=\"\($0)\"" } ?? ""
    }

    private func fate(_ tag: ArraySlice<UInt8>) -> Fate {
        guard let target = value(Self.target, of: tag), target.hasPrefix("/") else { return .stays }
        let path = target.prefix { $0 != "?" && $0 != "#" }
        let segments = path.split(separator: "/").map(String.init)
        guard case .found(let route, _) = request.application.router.match(.get, segments),
            let permission = route.permission, !request.may(permission)
        else { return .stays }
        let isButton =
            value(Self.cssClass, of: tag)?.split(separator: " ").contains("btn") ?? false
        return isButton || permission.isToDoSomething ? .goes : .becomesText
    }
}

extension Permission {
    /// Whether its pages are forms rather than records.
    fileprivate var isToDoSomething: Bool {
        !rawValue.hasPrefix("read")
    }
}
