import Basics

/// How documents are numbered from now on.
struct NumberingDraft: Sendable {
    struct Series: Sendable {
        var series: NumberSeries
        var pattern: NumberPattern
        var next: Int
        /// What the form showed: a number that somebody took since is no wish of the person.
        var shownPattern: String
        var shownNext: Int?

        var isUntouched: Bool { pattern.text == shownPattern && next == shownNext }
    }

    var series: [Series] = []

    /// The counters' columns and `NumberPattern` hold nine digits.
    static let highestNumber = 999_999_999

    init(_ input: inout Input, _ all: [NumberSeries] = NumberSeries.allCases) {
        for each in all {
            let text = input.line("pattern_\(each.rawValue)", required: true, most: 40)
            let next = input.whole("next_\(each.rawValue)", in: 1...NumberingDraft.highestNumber)
            guard let pattern = NumberPattern(text) else {
                input.refuse("pattern_\(each.rawValue)", NumberingDraft.badPattern)
                continue
            }
            let shown = input.typed["shown_\(each.rawValue)"]?.split(separator: " ") ?? []
            guard let next else {
                input.refuse("next_\(each.rawValue)", Input.missing)
                continue
            }
            series.append(
                Series(
                    series: each, pattern: pattern, next: next,
                    shownPattern: shown.first.map(String.init) ?? "",
                    shownNext: shown.last.flatMap { Int($0) }))
        }
        let invoices = series.first { $0.series == .invoice }?.pattern
        if let invoices,
            series.contains(where: { $0.series == .creditNote && $0.pattern == invoices })
        {
            input.refuse(
                "pattern_credit_note",
                Text(
                    "Les avoirs ne peuvent pas porter les mêmes numéros que les factures.",
                    "Credit notes cannot bear the numbers of invoices."))
        }
    }

    private static let badPattern = Text(
        "Modèle attendu, comme FACT-{YYYY}-{NNN} : lettres, chiffres, tirets, et un seul compteur. "
            + "Avec {MM}, il faut aussi {YYYY} ; avec {DD}, {MM}.",
        "A pattern such as FACT-{YYYY}-{NNN} is expected: letters, digits, hyphens, one counter. "
            + "{MM} needs {YYYY} too, and {DD} needs {MM}.")
}

/// One series as it stands.
struct SeriesState: Sendable {
    var series: NumberSeries
    var pattern: NumberPattern
    var next: Int

    var shown: String { "\(pattern.text) \(next)" }
}

extension Transaction {
    func seriesStates(_ series: [NumberSeries] = NumberSeries.allCases) throws -> [SeriesState] {
        try series.map {
            SeriesState(
                series: $0, pattern: try numberPattern($0),
                next: try upcomingCounter($0, on: today))
        }
    }

    /// Lets each series go on as the person wrote. Every series that cannot is named.
    func changeNumbering(_ draft: NumberingDraft) throws {
        var problems: [FieldProblem] = []
        var changes: [JSON] = []
        for series in draft.series where !series.isUntouched {
            let before = try seriesStates([series.series])[0]
            do {
                try continueSeries(
                    series.series, pattern: series.pattern, next: series.next, on: today)
            } catch Problem.invalid(let found) {
                problems += found
            }
            if before.pattern != series.pattern || before.next != series.next {
                changes.append([
                    "field": .string("number_\(series.series.rawValue)"),
                    "before": .string(before.pattern.number(before.next, on: today)),
                    "after": .string(series.pattern.number(series.next, on: today)),
                ])
            }
        }
        if !problems.isEmpty { throw Problem.invalid(problems) }
        if !changes.isEmpty {
            try record(
                .numberingChanged, .organisation, organisation.value,
                details: ["changes": .array(changes)])
        }
    }
}
