import Basics

/// What a person typed into a search field as a full-text query: every word must begin a word of the
/// record. Nil when nothing of it can be searched.
public struct SearchQuery: Sendable {
    static let maximumWords = 8
    static let maximumWordLength = 60

    /// PostgreSQL's tsquery: `'dup':* & 'lyon':*`. Folded words hold letters and digits only, so nothing
    /// in them needs escaping.
    public let text: String

    public init?(_ typed: String) {
        let words = PlainText.folded(typed).split(separator: " ").prefix(SearchQuery.maximumWords)
            .map { String($0.unicodeScalars.prefix(SearchQuery.maximumWordLength)) }
        guard !words.isEmpty else { return nil }
        let each = words.map { "'\($0)':*" }.joined(separator: " & ")
        // A phone number typed with spaces is also looked for in one piece.
        let isNumber = words.count > 1 && words.allSatisfy { $0.allSatisfy(\.isNumber) }
        text = isNumber ? "(\(each)) | '\(words.joined())':*" : each
    }
}
