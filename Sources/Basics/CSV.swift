/// Comma-separated values (RFC 4180), with any one-byte separator.
public enum CSV {
    /// Reads records from pieces of a file: give it bytes as they come, it calls back once a record.
    /// Memory holds one record. Quotes may enclose separators, line breaks and doubled quotes.
    public struct Reader {
        /// A record longer than this is refused, so that a missing quote cannot eat the memory.
        public static let maximumRecordBytes = 1 << 20

        public enum Fault: Error, Equatable {
            /// A quote was opened in the record that starts on this line and never closed.
            case unclosedQuote(line: Int)
            case recordTooLong(line: Int)
        }

        private let separator: UInt8
        private var fields: [String] = []
        private var field: [UInt8] = []
        private var inQuotes = false
        private var afterQuote = false
        private var sawReturn = false
        private var recordBytes = 0
        private var line = 1
        private var recordLine = 1
        private var atStart = true

        public init(separator: UInt8 = UInt8(ascii: ",")) { self.separator = separator }

        /// `record` receives the number of the line it starts on, from 1, and its fields.
        public mutating func read(
            _ bytes: some Sequence<UInt8>, record: (Int, [String]) throws -> Void
        ) throws {
            for byte in bytes { try take(byte, record) }
        }

        /// Ends the file: the last record may lack its line break.
        public mutating func finish(record: (Int, [String]) throws -> Void) throws {
            if inQuotes { throw Fault.unclosedQuote(line: recordLine) }
            if !fields.isEmpty || !field.isEmpty || afterQuote { try endRecord(record) }
        }

        private mutating func take(_ byte: UInt8, _ record: (Int, [String]) throws -> Void) throws {
            recordBytes += 1
            if recordBytes > Reader.maximumRecordBytes {
                throw Fault.recordTooLong(line: recordLine)
            }
            if byte == UInt8(ascii: "\n") { line += 1 }
            defer { sawReturn = byte == UInt8(ascii: "\r") }
            if inQuotes {
                if byte == UInt8(ascii: "\"") {
                    inQuotes = false
                    afterQuote = true
                } else {
                    field.append(byte)
                }
                return
            }
            switch byte {
            case UInt8(ascii: "\""):
                if afterQuote { field.append(byte) }
                if afterQuote || field.isEmpty { inQuotes = true } else { field.append(byte) }
                afterQuote = false
            case separator:
                endField()
            case UInt8(ascii: "\n"):
                if !sawReturn { try endRecord(record) } else { recordLine = line }
            case UInt8(ascii: "\r"):
                try endRecord(record)
            default:
                field.append(byte)
            }
        }

        private mutating func endField() {
            if atStart, field.starts(with: [0xEF, 0xBB, 0xBF]) { field.removeFirst(3) }
            atStart = false
            fields.append(String(decoding: field, as: UTF8.self))
            field.removeAll(keepingCapacity: true)
            afterQuote = false
        }

        private mutating func endRecord(_ record: (Int, [String]) throws -> Void) throws {
            endField()
            if fields.count > 1 || !fields[0].isEmpty { try record(recordLine, fields) }
            fields.removeAll(keepingCapacity: true)
            recordBytes = 0
            recordLine = line
        }
    }

    /// What a spreadsheet may take for the beginning of a formula, by the list of OWASP ("CSV
    /// Injection"): signs, blanks that hide one, and signs of double width.
    private static let formulaSigns: Set<Unicode.Scalar> = [
        "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠",
    ]

    /// One record with its line break, fields quoted when they need it.
    ///
    /// A text that a spreadsheet would run as a formula gets an apostrophe in front, as OWASP advises;
    /// a number keeps its sign. What another program reads back is written as it is, with
    /// `guardingFormulas: false`.
    public static func line(
        _ fields: [String], separator: Character = ";", guardingFormulas: Bool = true
    ) -> String {
        fields.map { field in
            var field = field
            if guardingFormulas, let first = field.unicodeScalars.first,
                formulaSigns.contains(first),
                (try? ScaledDecimal.parse(field, decimals: 12)) == nil
            {
                field = "'" + field
            }
            let special = field.utf8.contains {
                $0 == separator.asciiValue || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\n")
                    || $0 == UInt8(ascii: "\r")
            }
            guard special else { return field }
            return "\""
                + field.split(separator: "\"", omittingEmptySubsequences: false)
                .joined(separator: "\"\"") + "\""
        }.joined(separator: String(separator)) + "\r\n"
    }
}
