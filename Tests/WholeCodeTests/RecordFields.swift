import Basics
@testable import TestSupport

/// A field of a form in which ids of records stand.
struct RecordField: Hashable {
    var name: String
    /// Where the form goes.
    var action: String
}

extension Answer {
    /// The fields of the page's forms that hold an id of a record, in their value or in their name: ticked and
    /// chosen or not.
    var recordFields: Set<RecordField> {
        var found: Set<RecordField> = []
        var (action, select) = ("", "")
        var tags = TagReader(text)
        while let tag = tags.next() {
            switch tag.name {
            case "form": action = tag["action"] ?? ""
            case "select": select = tag["name"] ?? ""
            case "input", "button", "option", "textarea":
                let name = tag.name == "option" ? select : tag["name"] ?? ""
                let holdsID = UniqueID(tag["value"] ?? "") != nil || name.namesRecord
                if holdsID, !name.isEmpty { found.insert(RecordField(name: name, action: action)) }
            default: break
            }
        }
        return found
    }

    /// The names by which the page's links ask about records.
    var recordQuestions: Set<String> {
        Set(
            links.flatMap { link in
                link.split(separator: "?").dropFirst().joined().split(separator: "&")
            }.compactMap { part in
                let pair = part.split(separator: "=")
                return pair.count == 2 && UniqueID(String(pair[1])) != nil ? String(pair[0]) : nil
            })
    }
}

extension String {
    /// Whether an id stands among the parts of a field's name, as in `settle_…`.
    fileprivate var namesRecord: Bool {
        split { "_[]".contains($0) }.contains { UniqueID(String($0)) != nil }
    }
}
