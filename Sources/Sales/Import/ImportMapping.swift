import Basics
import Core
import FoundationEssentials

/// Which heading of a file is which field. Ready ones for the exports of other programs are data in
/// `Resources/mappings`; those that people made and kept stand in the database.
public struct ImportMapping: Sendable {
    public var name: String
    public var kind: ImportKind
    public var label: Text
    /// By field, the headings that it may have, folded.
    var columns: [String: [String]]

    /// How many headings of a file it knows.
    func score(_ headings: [String]) -> Int { fields(of: headings).count { !$0.isEmpty } }

    /// The field of each heading, empty where it knows none. A field is taken once, by the first of
    /// the names that the mapping has for it.
    func fields(of headings: [String]) -> [String] {
        let folded = headings.map(PlainText.folded)
        var fields = Array(repeating: "", count: headings.count)
        for field in kind.fields {
            for wanted in columns[field.name] ?? [] {
                guard let index = folded.firstIndex(of: wanted), fields[index].isEmpty else {
                    continue
                }
                fields[index] = field.name
                break
            }
        }
        return fields
    }
}

extension ImportMapping {
    /// Nil when it is of another kind than ours: the folder holds mappings of sales as well.
    init?(json: JSON) {
        guard let name = json["name"]?.string, let columns = json["columns"]?.members,
            let kind = json["kind"]?.string.flatMap(ImportKind.init)
        else { return nil }
        self.name = name
        self.kind = kind
        label = Text(
            json["label"]?["fr"]?.string ?? name, json["label"]?["en"]?.string ?? name)
        self.columns = Dictionary(
            columns.map { field, headings in
                (field, (headings.array ?? []).compactMap { $0.string.map(PlainText.folded) })
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The ready mappings of a folder, by name.
    public static func ready(in folder: String) -> [ImportMapping] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
            FileManager.default.contents(atPath: folder + "/" + name)
                .flatMap { JSON(parsing: Array($0)) }.flatMap { ImportMapping(json: $0) }
        }
    }

    /// By the headings that people use, without any mapping.
    static func usual(_ kind: ImportKind) -> ImportMapping {
        ImportMapping(
            name: "", kind: kind, label: Text("Intitulés usuels", "Usual headings"),
            columns: Dictionary(
                uniqueKeysWithValues: kind.fields.map { ($0.name, $0.headings.sorted()) }))
    }
}

/// What a file seems to be.
struct RecognisedColumns: Sendable {
    /// Empty when no mapping fits better than the usual headings.
    var mapping = ""
    var fields: [String]

    /// The mapping that knows the most headings, at least three and more than are usual; what it leaves
    /// out is recognised by the usual headings.
    init(_ headings: [String], _ kind: ImportKind, among mappings: [ImportMapping]) {
        let usual = ImportMapping.usual(kind)
        var best = (mapping: usual, score: max(2, usual.score(headings)))
        for mapping in mappings where mapping.kind == kind {
            let score = mapping.score(headings)
            if score > best.score || score == best.score && best.mapping.name.isEmpty && score > 3 {
                best = (mapping, score)
            }
        }
        self.init(headings, best.mapping)
    }

    init(_ headings: [String], _ mapping: ImportMapping) {
        self.mapping = mapping.name
        fields = mapping.fields(of: headings)
        let usual = ImportMapping.usual(mapping.kind).fields(of: headings)
        for (index, field) in usual.enumerated()
        where fields[index].isEmpty && !field.isEmpty && !fields.contains(field) {
            fields[index] = field
        }
    }
}
