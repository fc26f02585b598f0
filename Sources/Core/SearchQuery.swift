import Basics

/// What a person typed into a search field as a full-text query: every word must begin a word of the
/// record; an amount finds the documents that state it. Nil when nothing of it can be searched.
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
        var choices = isNumber ? ["(\(each))", "'\(words.joined())':*"] : ["(\(each))"]
        if let amount = SearchQuery.amount(typed) { choices.append("'=\(amount)'") }
        text = choices.count == 1 ? each : choices.joined(separator: " | ")
    }

    /// `1 234,50 €` as the index keeps it: `1234.5`. Nil when it is no amount.
    private static func amount(_ typed: String) -> String? {
        var text = PlainText.line(typed)
        let names = Currency.all.flatMap { [$0.symbol, $0.code] }.sorted { $0.count > $1.count }
        if let name = names.first(where: { text.hasSuffix($0) }) { text.removeLast(name.count) }
        let decimals = 3
        guard let amount = try? ScaledDecimal.parse(text, decimals: decimals) else { return nil }
        return ScaledDecimal.plain(abs(amount), decimals: decimals, minimumDecimals: 0)
    }
}
