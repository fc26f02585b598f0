extension VCard {
    /// One card of a file: what it says, or nil where it breaks off, with its text for whoever must
    /// mend it.
    public struct Entry: Sendable {
        /// The line it begins on, from 1.
        public let line: Int
        public let card: VCard?
        /// Its lines as they stood in the file, without pictures.
        public let text: String
    }

    /// Reads cards from pieces of a file: give it bytes as they come, it calls back once a card.
    /// Memory holds one card; pictures and sounds are passed over.
    public struct Reader {
        /// A card of more than this, pictures apart, is cut off and given as one that breaks off.
        public static let maximumCardBytes = 256 * 1024
        private static let passedOver: Set = ["PHOTO", "LOGO", "SOUND", "KEY"]

        private var line: [UInt8] = []
        private var lineNumber = 1
        private var lineIsTooLong = false
        /// The property that is being put together from folded lines.
        private var folded: [UInt8] = []
        private var properties: [VCardProperty] = []
        private var raw: [UInt8] = []
        private var start = 0
        /// How deep cards stand in cards: that of an agent, in 2.1.
        private var depth = 0
        private var isBroken = false
        private var isPassingOver = false

        public init() {}

        public mutating func read(
            _ bytes: ArraySlice<UInt8>, card: (Entry) throws -> Void
        ) throws {
            for byte in bytes {
                guard byte == UInt8(ascii: "\n") else {
                    // A line without end must not eat the memory.
                    if line.count < Reader.maximumCardBytes {
                        line.append(byte)
                    } else {
                        lineIsTooLong = true
                    }
                    continue
                }
                try endLine(card)
            }
        }

        public mutating func finish(card: (Entry) throws -> Void) throws {
            if !line.isEmpty { try endLine(card) }
            endProperty()
            if depth > 0 {
                isBroken = true
                try endCard(card)
            }
        }

        private mutating func endLine(_ card: (Entry) throws -> Void) throws {
            defer {
                line.removeAll(keepingCapacity: true)
                lineNumber += 1
                lineIsTooLong = false
            }
            while line.last == UInt8(ascii: "\r") { line.removeLast() }
            if lineIsTooLong, !isPassingOver, !startsPicture(line[...]) { isBroken = true }
            let isSoft = folded.last == UInt8(ascii: "=") && Reader.isQuotedPrintable(folded)
            let isContinued = line.first == 0x20 || line.first == 0x09
            guard isSoft || isContinued else { return try beginProperty(card) }
            if isPassingOver { return }
            keepRaw()
            if isSoft { folded.removeLast() }
            if folded.count < Reader.maximumCardBytes {
                folded += isSoft ? line[...] : line.dropFirst()
            }
        }

        private mutating func beginProperty(_ card: (Entry) throws -> Void) throws {
            endProperty()
            let word = String(decoding: line.prefix(20), as: UTF8.self).uppercased()
                .filter { $0 != " " }
            if word.hasPrefix("BEGIN:VCARD") {
                if depth == 0 { (start, isBroken) = (lineNumber, false) }
                depth += 1
            }
            guard depth > 0 else { return }
            // Base64 of 2.1 may go on in lines that are not indented: they are no properties.
            isPassingOver = startsPicture(line[...])
            if isPassingOver { return }
            keepRaw()
            if word.hasPrefix("END:VCARD") {
                depth -= 1
                if depth == 0 { try endCard(card) }
                return
            }
            if depth == 1 { folded = line }
        }

        private mutating func endProperty() {
            defer { folded.removeAll(keepingCapacity: true) }
            if let property = VCardProperty(folded[...]) { properties.append(property) }
        }

        private mutating func endCard(_ card: (Entry) throws -> Void) throws {
            let entry = Entry(
                line: start, card: isBroken ? nil : VCard(properties),
                text: VCardText.decoded(raw))
            (properties, raw, depth, isBroken) = ([], [], 0, false)
            try card(entry)
        }

        private mutating func keepRaw() {
            guard raw.count + line.count < Reader.maximumCardBytes else { return isBroken = true }
            raw += line
            raw.append(UInt8(ascii: "\n"))
        }

        private func startsPicture(_ line: ArraySlice<UInt8>) -> Bool {
            let name = line.prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: ";") }
            let word = String(decoding: name.prefix(40), as: UTF8.self).uppercased()
            return Reader.passedOver.contains(
                word.split(separator: ".").last.map(String.init) ?? "")
        }

        private static func isQuotedPrintable(_ line: [UInt8]) -> Bool {
            let head = line.prefix { $0 != UInt8(ascii: ":") }
            return String(decoding: head, as: UTF8.self).uppercased().contains("QUOTED-PRINTABLE")
        }
    }
}

/// The text of a card whatever it is written in.
enum VCardText {
    static func decoded(_ bytes: [UInt8]) -> String {
        var detector = TextEncoding.Detector()
        detector.read(bytes[...])
        return String(decoding: detector.encoding.utf8(bytes[...]), as: UTF8.self)
    }
}
