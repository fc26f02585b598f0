import Basics
import Core
import Database

/// `comptoir slow-queries`: which statements take the time.
enum SlowQueriesCommand {
    private static let order = Option<SlowStatement.Order>(
        "--by", "ORDER", "total, mean or calls. Default: total",
        expected: "total, mean or calls", parse: { SlowStatement.Order(rawValue: $0) })
    private static let most = Option<Int>(
        "--most", "N", "So many statements. Default: 20", expected: "a number from 1 to 1000",
        parse: { text in Int(text).flatMap { (1...1000).contains($0) ? $0 : nil } })

    static let command = Command(
        words: ["slow-queries"], summary: "Print the statements that take the most time",
        details: """
            From pg_stat_statements, since the server was started or its numbers were reset: calls, mean
            and total milliseconds, rows, and the statement with $1 in place of each value. The private
            database counts by itself; one of your own needs the extension.

            \(Surroundings.languageExplanation)
            """,
        options: InstallationOptions.all + [order, most, InstallationOptions.json], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let (counting, statements) = try arguments.withInstallation { _, pool in
            try pool.withConnection { connection in
                let counting = try connection.statementCounting()
                let statements =
                    counting == .on
                    ? try connection.slowStatements(
                        by: arguments[order] ?? .total, most: arguments[most] ?? 20) : []
                return (counting, statements)
            }
        }
        guard counting == .on else {
            throw Failure(Surroundings.language(counting.explanation))
        }
        if arguments[InstallationOptions.json] {
            Output.line(JSON.array(statements.map(json)).text)
            return 0
        }
        let say = Surroundings.language
        Output.line(
            [
                say("appels", "calls"), say("moyenne ms", "mean ms"), "total ms",
                say("lignes", "rows"), say("requête", "statement"),
            ].joined(separator: "\t"))
        for statement in statements {
            Output.line(
                [
                    String(statement.calls), milliseconds(statement.meanMilliseconds),
                    milliseconds(statement.totalMilliseconds), String(statement.rows),
                    statement.text,
                ].joined(separator: "\t"))
        }
        return 0
    }

    private static func json(_ statement: SlowStatement) -> JSON {
        [
            "calls": .int(statement.calls),
            "mean_microseconds": .int(Int((statement.meanMilliseconds * 1000).rounded())),
            "total_microseconds": .int(Int((statement.totalMilliseconds * 1000).rounded())),
            "rows": .int(statement.rows), "statement": .string(statement.text),
        ]
    }

    private static func milliseconds(_ value: Double) -> String {
        ScaledDecimal.plain(Int((value * 100).rounded()), decimals: 2, point: ".")
    }
}
