import Basics

/// Reads a plan of PostgreSQL (`EXPLAIN (VERBOSE, FORMAT JSON)`) and answers the tables in it whose rows
/// are not bound to one organisation.
///
/// The planner has already drawn every conclusion from the statement: from `a.organisation_id = $1` and
/// `b.organisation_id = a.organisation_id` it binds both. What is left to follow are equalities between
/// tables, in the direction in which a join passes them on.
struct PlanScope {
    /// Names of the columns of each table that belongs to an organisation, in the table's order.
    let columns: [String: [String]]
    /// Unique indexes that hold the organisation.
    let organisationIndexes: Set<String>
    /// Parameters from here on are those of the statement; below are the planner's own.
    let firstParameter: Int

    private var tables: [String: String] = [:]
    private var bound: Set<String> = []
    private var passes: [(from: String, to: String)] = []
    private var inserts: [(table: String, value: String)] = []
    private var faults: Set<String> = []

    init(columns: [String: [String]], organisationIndexes: Set<String>, firstParameter: Int) {
        self.columns = columns
        self.organisationIndexes = organisationIndexes
        self.firstParameter = firstParameter
    }

    /// What is wrong, a sentence each; empty when every table is bound.
    func faults(of plan: JSON) -> [String] {
        var reader = self
        reader.read(plan)
        reader.passOn()
        for (alias, table) in reader.tables where !reader.bound.contains(alias) {
            reader.faults.insert("\(table) \(alias) is read in every organisation")
        }
        for (table, value) in reader.inserts where !reader.isBound(value) {
            reader.faults.insert("\(table) takes its organisation from \(value)")
        }
        return reader.faults.sorted()
    }

    private mutating func read(_ node: JSON) {
        let kind = node["Node Type"]?.string ?? ""
        let alias = node["Alias"]?.string ?? ""
        if kind == "ModifyTable" {
            readChange(node)
        } else if let table = node["Relation Name"]?.string, columns[table] != nil {
            tables[alias] = table
        } else if ["CTE Scan", "Subquery Scan", "WorkTable Scan"].contains(kind) {
            // The tables under it are judged where they are read.
            bound.insert(alias)
        }
        // Conditions of parts of a bitmap may be alternatives; the heap scan repeats them all.
        if kind != "Bitmap Index Scan" { readConditions(node, alias) }
        for child in node["Plans"]?.array ?? [] { read(child) }
    }

    private mutating func readConditions(_ node: JSON, _ alias: String) {
        let ofScan = ["Index Cond", "Recheck Cond", "Filter", "TID Cond"]
        for (left, right) in equalities(node, ofScan) {
            if alias.isEmpty {
                passes += [(left, right), (right, left)]
            } else {
                // Only rows of this table are held back.
                if owner(left) == alias { passes.append((right, left)) }
                if owner(right) == alias { passes.append((left, right)) }
            }
        }
        let children = node["Plans"]?.array ?? []
        let type = node["Join Type"]?.string ?? "Inner"
        for (left, right) in equalities(node, ["Join Filter", "Hash Cond", "Merge Cond"]) {
            let outer = children.first.map(aliases) ?? []
            let isLeftOuter = owner(left).map { outer.contains($0) } ?? false
            let (outerTerm, innerTerm) = isLeftOuter ? (left, right) : (right, left)
            if type != "Full", type != "Right" { passes.append((outerTerm, innerTerm)) }
            if ["Inner", "Semi", "Right"].contains(type) { passes.append((innerTerm, outerTerm)) }
        }
    }

    private mutating func readChange(_ node: JSON) {
        guard node["Operation"]?.string == "Insert", let table = node["Relation Name"]?.string,
            let names = columns[table]
        else { return }
        // What is inserted is judged by its value, and so are the rows that come back.
        bound.insert(node["Alias"]?.string ?? table)
        let values = node["Plans"]?.array?.first?["Output"]?.array?.compactMap(\.string) ?? []
        let place = names.firstIndex(of: PlanScope.column(of: table)) ?? names.count
        inserts.append((table, place < values.count ? values[place] : "nothing"))
        let arbiters = node["Conflict Arbiter Indexes"]?.array?.compactMap(\.string) ?? []
        if node["Conflict Resolution"]?.string == "UPDATE",
            !arbiters.contains(where: organisationIndexes.contains)
        {
            faults.insert("\(table): what another organisation has may be overwritten")
        }
    }

    /// The column that says to which organisation a row belongs.
    static func column(of table: String) -> String {
        table == "organisations" ? "id" : "organisation_id"
    }

    private func aliases(_ node: JSON) -> Set<String> {
        (node["Plans"]?.array ?? []).reduce(into: [node["Alias"]?.string ?? ""]) {
            $0.formUnion(aliases($1))
        }
    }

    private mutating func passOn() {
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            for (from, to) in passes where isBound(from) {
                guard let alias = owner(to), isOrganisation(to), !bound.contains(alias) else {
                    continue
                }
                bound.insert(alias)
                isGrowing = true
            }
        }
    }

    /// Whether a term is one organisation: a value of the statement, or a column of a bound table.
    private func isBound(_ term: String) -> Bool {
        if term.hasPrefix("$"), let number = Int(term.dropFirst()) {
            return number >= firstParameter
        }
        guard let alias = owner(term) else { return false }
        return bound.contains(alias) && isOrganisation(term)
    }

    private func isOrganisation(_ term: String) -> Bool {
        guard let alias = owner(term) else { return false }
        let column = tables[alias].map(PlanScope.column) ?? "organisation_id"
        return term.hasSuffix("." + column)
    }

    private func owner(_ term: String) -> String? {
        guard let dot = term.lastIndex(of: ".") else { return nil }
        return String(term[..<dot]).filter { $0 != "\"" }
    }

    private func equalities(_ node: JSON, _ names: [String]) -> [(String, String)] {
        names.compactMap { node[$0]?.string }.flatMap(PlanCondition.all).compactMap { condition in
            let sides = condition.split(separator: " = ", omittingEmptySubsequences: false)
            guard sides.count == 2 else { return nil }
            return (String(sides[0]), String(sides[1]))
        }
    }
}

/// The conditions that all must hold, of a condition as PostgreSQL prints it: every part in parentheses.
enum PlanCondition {
    static func all(_ text: String) -> [String] {
        let inner = withoutParentheses(text)
        let parts = split(inner, at: " AND ")
        if parts.count > 1 { return parts.flatMap(all) }
        let choices = split(inner, at: " OR ")
        guard choices.count > 1 else { return [inner] }
        let alternatives = choices.map(all)
        let first = alternatives.first ?? []
        // What each of them asks for holds whichever it is.
        return first.filter { one in alternatives.allSatisfy { $0.contains(one) } }
    }

    private static func withoutParentheses(_ text: String) -> String {
        let depths = depths(text)
        // The first one must be closed by the last one, not before.
        guard text.hasPrefix("("), depths.dropLast().allSatisfy({ $0 > 0 }) else { return text }
        return String(text.dropFirst().dropLast())
    }

    private static func split(_ text: String, at word: String) -> [String] {
        let (bytes, depths, separator) = (Array(text.utf8), depths(text), Array(word.utf8))
        var parts: [ArraySlice<UInt8>] = []
        var start = 0
        for index in bytes.indices
        where depths[index] == 0 && bytes[index...].starts(with: separator) {
            parts.append(bytes[start..<index])
            start = index + separator.count
        }
        return (parts + [bytes[start...]]).map { String(decoding: $0, as: UTF8.self) }
    }

    /// How many parentheses are open behind each byte; those in quoted texts do not count.
    private static func depths(_ text: String) -> [Int] {
        var depth = 0
        var isQuoted = false
        return text.utf8.map { byte in
            if byte == UInt8(ascii: "'") { isQuoted.toggle() }
            if !isQuoted, byte == UInt8(ascii: "(") { depth += 1 }
            if !isQuoted, byte == UInt8(ascii: ")") { depth -= 1 }
            return isQuoted ? max(depth, 1) : depth
        }
    }
}
