/// One command: what it is called, what it takes, and what it does.
struct Command: Sendable {
    /// `user add` has two.
    let words: [String]
    let summary: String
    /// What a person should know beyond the summary.
    var details: String = ""
    var operands: [Operand] = []
    var options: [any CommandOption] = []
    /// Answers the exit code.
    let run: @Sendable (Arguments) throws -> Int32
}

/// A word without a name, by its place.
struct Operand: Sendable {
    let name: String
    let help: String
    var isRequired = true
}

/// An option as the parser and the help see it, whatever its value.
protocol CommandOption: Sendable {
    /// With its hyphens: `--port`.
    var name: String { get }
    /// What its value is called; nil for one that has none.
    var placeholder: String? { get }
    var help: String { get }
    /// Where its value comes from when it is not on the command line.
    var environment: String? { get }
    /// Throws `UsageError` when the text is not a value of it.
    func check(_ text: String) throws
}

/// An option with a value of a type.
struct Option<Value: Sendable>: CommandOption {
    let name: String
    private let valueName: String
    let help: String
    let environment: String?
    /// What the text should have been.
    private let expected: String
    private let parse: @Sendable (String) -> Value?

    init(
        _ name: String, _ valueName: String, _ help: String, environment: String? = nil,
        expected: String, parse: @escaping @Sendable (String) -> Value?
    ) {
        self.name = name
        self.valueName = valueName
        self.help = help
        self.environment = environment
        self.expected = expected
        self.parse = parse
    }

    var placeholder: String? { valueName }

    func value(_ text: String) throws -> Value {
        guard let value = parse(text) else {
            throw UsageError("\(name): expected \(expected), not “\(text)”")
        }
        return value
    }

    func check(_ text: String) throws { _ = try value(text) }
}

extension Option where Value == String {
    init(_ name: String, _ valueName: String, _ help: String, environment: String? = nil) {
        self.init(
            name, valueName, help, environment: environment, expected: "a text",
            parse: { $0.isEmpty ? nil : $0 })
    }
}

/// An option without a value: there or not.
struct Flag: CommandOption {
    let name: String
    let help: String
    var placeholder: String? { nil }
    var environment: String? { nil }

    init(_ name: String, _ help: String) {
        self.name = name
        self.help = help
    }

    func check(_ text: String) {}
}
