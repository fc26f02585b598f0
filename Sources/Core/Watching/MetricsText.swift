/// Measurements in the text format of Prometheus, version 0.0.4.
/// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
struct MetricsText {
    static let type = "text/plain; version=0.0.4; charset=utf-8"

    enum Kind: String {
        case counter, gauge, histogram
    }

    private(set) var text = ""
    private var named: Set<String> = []

    /// One family of samples, written together as the format asks. A name serves once.
    mutating func family(
        _ name: String, _ kind: Kind, _ help: String, _ samples: (inout Samples) -> Void
    ) {
        precondition(named.insert(name).inserted, "the metric \(name) stands there twice")
        var lines = Samples(name: name)
        samples(&lines)
        // A family without a sample says nothing.
        guard !lines.text.isEmpty else { return }
        text += "# HELP \(name) \(Self.helpText(help))\n# TYPE \(name) \(kind.rawValue)\n"
        text += lines.text
    }

    /// A family of one sample.
    mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        family(name, kind, help) { $0.add(value) }
    }

    mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: Int) {
        family(name, kind, help) { $0.add(value) }
    }

    /// The samples of one family.
    struct Samples {
        fileprivate let name: String
        fileprivate var text = ""

        mutating func add(_ value: Int, _ labels: KeyValuePairs<String, String> = [:]) {
            line("", labels, String(value))
        }

        mutating func add(_ value: Double, _ labels: KeyValuePairs<String, String> = [:]) {
            line("", labels, MetricsText.number(value))
        }

        /// The classes of a histogram: `counts` has one more than `bounds`, for what is above them all.
        mutating func histogram(
            bounds: [Double], counts: [Int], sum: Double, label: (name: String, value: String)
        ) {
            var total = 0
            for (place, count) in counts.enumerated() {
                total += count
                let bound = place < bounds.count ? MetricsText.number(bounds[place]) : "+Inf"
                line("_bucket", [label.name: label.value, "le": bound], String(total))
            }
            line("_sum", [label.name: label.value], MetricsText.number(sum))
            line("_count", [label.name: label.value], String(total))
        }

        private mutating func line(
            _ suffix: String, _ labels: KeyValuePairs<String, String>, _ value: String
        ) {
            text += name
            text += suffix
            if !labels.isEmpty {
                text += "{"
                for (place, label) in labels.enumerated() {
                    if place > 0 { text += "," }
                    text += "\(label.key)=\"\(MetricsText.labelText(label.value))\""
                }
                text += "}"
            }
            text += " \(value)\n"
        }
    }

    /// Whole numbers without a fraction.
    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }

    private static func helpText(_ text: String) -> String { escaped(text, quotes: false) }
    private static func labelText(_ text: String) -> String { escaped(text, quotes: true) }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\"" where quotes: out += "\\\""
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
