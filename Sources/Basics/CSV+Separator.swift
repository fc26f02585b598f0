extension CSV {
    /// What separates fields in files of our users, the most usual first.
    private static let separators = Array(";,\t|".utf8)

    /// The separator of a file by its first bytes, in UTF-8: the one that cuts its records into the
    /// most fields, alike in nearly all of them. A file of one column has any.
    public static func separator(of start: ArraySlice<UInt8>) -> UInt8 {
        var best = (separator: separators[0], score: 0)
        for separator in separators {
            let score = score(of: separator, in: start)
            if score > best.score { best = (separator, score) }
        }
        return best.separator
    }

    private static func score(of separator: UInt8, in start: ArraySlice<UInt8>) -> Int {
        var reader = Reader(separator: separator)
        var counts: [Int] = []
        // A record that is too long says that this is the wrong separator, or no CSV at all.
        try? reader.read(start) { counts.append($1.count) }
        if counts.count < 2 { try? reader.finish { counts.append($1.count) } }
        guard let columns = counts.first, columns > 1 else { return 0 }
        let alike = counts.count { $0 == columns }
        return columns * 100 * alike / counts.count
    }
}
