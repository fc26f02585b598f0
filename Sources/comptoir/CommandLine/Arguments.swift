import Core
import Glibc

/// What stands on the command line behind the command, sorted and checked.
struct Arguments: Sendable {
    private var values: [String: [String]] = [:]
    private var flags: Set<String> = []
    private var operands: [String] = []

    init() {}

    /// Throws `UsageError`, which names the option or the word that is wrong.
    init(_ words: [String], for command: Command) throws {
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--" {
                operands += rest
                break
            }
            guard word.hasPrefix("-"), word != "-" else {
                operands.append(word)
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard let option = command.options.first(where: { $0.name == name }) else {
                throw UsageError("there is no option \(name)")
            }
            guard let placeholder = option.placeholder else {
                guard parts.count == 1 else { throw UsageError("\(name) takes no value") }
                flags.insert(name)
                continue
            }
            guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
                throw UsageError("\(name) needs a value: \(name) \(placeholder)")
            }
            try option.check(value)
            values[name, default: []].append(value)
        }
        try checkOperands(command)
        try readEnvironment(command)
    }

    private func checkOperands(_ command: Command) throws {
        let required = command.operands.count { $0.isRequired }
        if operands.count < required {
            throw UsageError("\(command.operands[operands.count].name) is missing")
        }
        if operands.count > command.operands.count {
            throw UsageError("“\(operands[command.operands.count])” is one word too many")
        }
    }

    private mutating func readEnvironment(_ command: Command) throws {
        for option in command.options where values[option.name] == nil {
            guard let variable = option.environment,
                let value = Surroundings.variable(variable)
            else { continue }
            do {
                try option.check(value)
            } catch let error as UsageError {
                throw UsageError("\(variable): \(error.message)")
            }
            values[option.name] = [value]
        }
    }

    subscript(_ flag: Flag) -> Bool { flags.contains(flag.name) }

    /// The last value given, since a later option overrides an earlier one.
    subscript<Value>(_ option: Option<Value>) -> Value? {
        values[option.name]?.last.flatMap { try? option.value($0) }
    }

    /// Every value of an option that may be repeated.
    func all<Value>(_ option: Option<Value>) -> [Value] {
        (values[option.name] ?? []).compactMap { try? option.value($0) }
    }

    func required<Value>(_ option: Option<Value>) throws -> Value {
        guard let value = self[option] else {
            throw UsageError("\(option.name) \(option.placeholder ?? "") is missing")
        }
        return value
    }

    func operand(_ index: Int) -> String? { index < operands.count ? operands[index] : nil }
}

/// What the program is started in.
enum Surroundings {
    /// A variable of the environment; an empty one counts as not set.
    static func variable(_ name: String) -> String? {
        guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else {
            return nil
        }
        return value
    }

    // Read once, by whoever asks first.
    static let secretKey = taken(HandedKeys.secretVariable)
    static let masterKey = taken(HandedKeys.masterVariable)

    /// A variable that is gone afterwards: no child inherits it, and `/proc` does not show it any more.
    private static func taken(_ name: String) -> String? {
        guard let place = getenv(name) else { return nil }
        let value = String(cString: place)
        memset(place, 0, strlen(place))
        unsetenv(name)
        return value.isEmpty ? nil : value
    }
}
