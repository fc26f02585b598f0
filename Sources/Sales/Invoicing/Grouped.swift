/// Long numbers with spaces, as people read them.
enum Grouped {
    /// `732 829 320`
    static func siren(_ text: String) -> String { inGroups(text, [3, 3, 3]) }
    /// `732 829 320 00074`
    static func siret(_ text: String) -> String { inGroups(text, [3, 3, 3, 5]) }
    /// `FR 44 732829320`
    static func vatNumber(_ text: String) -> String {
        text.hasPrefix("FR") && text.utf8.count == 13 ? inGroups(text, [2, 2, 9]) : text
    }
    /// `FR76 3000 6000 …`
    static func iban(_ text: String) -> String {
        // Where there is no room for all of it, a line ends between two groups.
        inGroups(text, Array(repeating: 4, count: (text.count + 3) / 4), between: " ")
    }

    private static func inGroups(
        _ text: String, _ sizes: [Int], between separator: String = "\u{A0}"
    ) -> String {
        var rest = Substring(text)
        var groups: [Substring] = []
        for size in sizes where !rest.isEmpty {
            groups.append(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        if !rest.isEmpty { groups.append(rest) }
        return groups.joined(separator: separator)
    }
}
