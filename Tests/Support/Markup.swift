/// What is wrong with the tags of a page: unclosed, unopened, or nested where HTML forbids it. Empty when
/// they balance.
public func faultsOfMarkup(_ page: String) -> [String] {
    let void: Set = [
        "meta", "link", "input", "br", "hr", "img", "!doctype", "source", "col", "wbr",
    ]
    var open: [String] = []
    var faults: [String] = []
    var tags = TagReader(page)
    while let tag = tags.next() {
        if tag.name.hasPrefix("!") || void.contains(tag.name) { continue }
        // HTML closes an option with the next one and with its list.
        if ["option", "/option", "/datalist", "/select"].contains(tag.name), open.last == "option" {
            open.removeLast()
            if tag.name == "/option" { continue }
        }
        if tag.name.hasPrefix("/") {
            let name = String(tag.name.dropFirst())
            if open.last == name {
                open.removeLast()
            } else {
                faults.append("</\(name)> inside <\(open.last ?? "nothing")>")
                if let index = open.lastIndex(of: name) { open.removeSubrange(index...) }
            }
        } else if tag.attributes.last?.name != "/" {
            if tag.name == "form", open.contains("form") { faults.append("a form inside a form") }
            if tag.name == "a", open.contains("a") { faults.append("a link inside a link") }
            open.append(tag.name)
        }
        let names = tag.attributes.map(\.name)
        if Set(names).count < names.count { faults.append("<\(tag.name)> repeats an attribute") }
        for name in names where name == "style" || name.hasPrefix("on") {
            faults.append("<\(tag.name) \(name)=…> is refused by the content policy")
        }
    }
    return faults + open.map { "<\($0)> is never closed" }
}
