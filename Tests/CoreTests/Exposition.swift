/// Reads the text format of Prometheus, version 0.0.4, and refuses whatever its rules forbid.
struct Exposition {
    struct Sample: Hashable {
        var name: String
        var labels: [String: String]
    }

    struct Fault: Error {
        var line: String
        var reason: String
    }

    private(set) var types: [String: String] = [:]
    private(set) var samples: [Sample: Double] = [:]

    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        samples[Sample(name: name, labels: labels)]
    }

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else {
            throw Fault(line: "", reason: "no line break at the end")
        }
        var finished: Set<String> = []
        var current = ""
        for line in text.split(separator: "\n") {
            if line.hasPrefix("#") {
                let words = line.split(separator: " ", maxSplits: 3).map(String.init)
                guard words.count >= 3, ["HELP", "TYPE"].contains(words[1]) else { continue }
                guard Self.isName(words[2]) else { throw Fault(line: "\(line)", reason: "name") }
                if words[2] != current {
                    finished.insert(current)
                    current = words[2]
                    guard !finished.contains(current) else {
                        throw Fault(line: "\(line)", reason: "the family comes a second time")
                    }
                }
                if words[1] == "TYPE" {
                    guard types[current] == nil, words.count == 4,
                        ["counter", "gauge", "histogram", "summary", "untyped"].contains(words[3])
                    else { throw Fault(line: "\(line)", reason: "type") }
                    types[current] = words[3]
                }
                continue
            }
            let (sample, value) = try Self.read(line)
            let family = try family(of: sample.name, line)
            guard family == current else {
                throw Fault(line: "\(line)", reason: "the sample stands outside its family")
            }
            guard samples.updateValue(value, forKey: sample) == nil else {
                throw Fault(line: "\(line)", reason: "twice")
            }
        }
        try checkHistograms()
    }

    private func family(of name: String, _ line: Substring) throws -> String {
        if types[name] != nil { return name }
        for suffix in ["_bucket", "_sum", "_count"] where name.hasSuffix(suffix) {
            let base = String(name.dropLast(suffix.count))
            if types[base] == "histogram" { return base }
        }
        throw Fault(line: "\(line)", reason: "no type")
    }

    private static func read(_ line: Substring) throws -> (Sample, Double) {
        var rest = line
        let name = String(rest.prefix { $0 != "{" && $0 != " " })
        guard isName(name) else { throw Fault(line: "\(line)", reason: "name") }
        rest = rest.dropFirst(name.count)
        var labels: [String: String] = [:]
        if rest.first == "{" {
            rest = rest.dropFirst()
            while rest.first != "}" {
                let label = String(rest.prefix { $0 != "=" })
                guard isName(label), !label.contains(":"),
                    rest.dropFirst(label.count + 1).first == "\""
                else { throw Fault(line: "\(line)", reason: "label") }
                rest = rest.dropFirst(label.count + 2)
                var value = ""
                while let character = rest.popFirst(), character != "\"" {
                    guard character == "\\" else {
                        value.append(character)
                        continue
                    }
                    switch rest.popFirst() {
                    case "n": value.append("\n")
                    case "\\": value.append("\\")
                    case "\"": value.append("\"")
                    default: throw Fault(line: "\(line)", reason: "escape")
                    }
                }
                guard labels.updateValue(value, forKey: label) == nil else {
                    throw Fault(line: "\(line)", reason: "label twice")
                }
                guard let next = rest.first, next == "," || next == "}" else {
                    throw Fault(line: "\(line)", reason: "end of label")
                }
                if next == "," { rest = rest.dropFirst() }
            }
            rest = rest.dropFirst()
        }
        guard rest.first == " " else { throw Fault(line: "\(line)", reason: "no value") }
        let text = rest.dropFirst()
        guard let value = text == "+Inf" ? .infinity : Double(text) else {
            throw Fault(line: "\(line)", reason: "value")
        }
        return (Sample(name: name, labels: labels), value)
    }

    /// Classes only grow, the last is everything, and the count says so too.
    private func checkHistograms() throws {
        for (family, type) in types where type == "histogram" {
            let buckets = samples.filter { $0.key.name == family + "_bucket" }
            let groups = Dictionary(grouping: buckets) { sample in
                sample.key.labels.filter { $0.key != "le" }
            }
            for (labels, classes) in groups {
                let sorted = classes.map { entry in
                    (
                        bound: Double(
                            entry.key.labels["le"] == "+Inf" ? "inf" : entry.key.labels["le"]!)!,
                        count: entry.value
                    )
                }.sorted { $0.bound < $1.bound }
                let counts = sorted.map(\.count)
                guard sorted.last?.bound == .infinity, counts == counts.sorted(),
                    counts.last == value(family + "_count", labels),
                    value(family + "_sum", labels) != nil
                else { throw Fault(line: family, reason: "histogram") }
            }
        }
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, !("0"..."9").contains(first) else {
            return false
        }
        return text.unicodeScalars.allSatisfy {
            ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                || $0 == "_" || $0 == ":"
        }
    }
}
