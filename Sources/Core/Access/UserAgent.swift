import Basics

/// Which browser and which system, in words: "Firefox, Linux".
struct UserAgent {
    /// The longest text that is kept of it.
    static let longest = 300

    let text: String

    init(_ text: String) { self.text = String(PlainText.line(text).prefix(UserAgent.longest)) }

    var label: Text {
        let parts = [browser, system].compactMap(\.self)
        guard !parts.isEmpty else { return Text("appareil inconnu", "unknown device") }
        return Text(parts.joined(separator: ", "), parts.joined(separator: ", "))
    }

    private var browser: String? { name(UserAgent.browsers) }
    private var system: String? { name(UserAgent.systems) }

    /// The first whose sign stands in it: many name their ancestors too.
    private func name(_ known: [(sign: String, name: String)]) -> String? {
        known.first { text.contains($0.sign) }?.name
    }

    private static let browsers = [
        (sign: "Edg/", name: "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"),
    ]
    private static let systems = [
        (sign: "Android", name: "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
        ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    ]
}
