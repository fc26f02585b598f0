import Core

/// What `--help` prints.
enum Help {
    static func program(_ commands: [Command]) -> String {
        """
        Comptoir \(Comptoir.version): clients, quotes, orders, invoices and payments, on your own machine.

        Usage: comptoir COMMAND [OPTIONS]

        Commands:
        \(list(commands))

        comptoir COMMAND --help explains one. Exit codes: 0 done, 1 failed, 2 wrong usage.
        """
    }

    static func list(_ commands: [Command]) -> String {
        table(commands.map { ($0.words.joined(separator: " "), $0.summary) })
    }

    static func command(_ command: Command) -> String {
        var usage = ["comptoir"] + command.words
        usage += command.operands.map { $0.isRequired ? $0.name : "[\($0.name)]" }
        if !command.options.isEmpty { usage.append("[OPTIONS]") }
        var parts = ["Usage: " + usage.joined(separator: " "), command.summary + "."]
        if !command.details.isEmpty { parts.append(command.details) }
        if !command.operands.isEmpty {
            parts.append(table(command.operands.map { ($0.name, $0.help) }))
        }
        let options = command.options.map { option in
            (
                [option.name, option.placeholder].compactMap(\.self).joined(separator: " "),
                option.help + (option.environment.map { " [\($0)]" } ?? "")
            )
        }
        parts.append("Options:\n" + table(options + [("--help", "This explanation.")]))
        return parts.joined(separator: "\n\n")
    }

    private static func table(_ rows: [(String, String)]) -> String {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { name, text in
            "  " + name + String(repeating: " ", count: width - name.count + 2) + text
        }.joined(separator: "\n")
    }
}
