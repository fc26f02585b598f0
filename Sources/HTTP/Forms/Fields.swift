/// Decoded name and value pairs of a query or a form, in the order sent. Names may repeat.
public struct Fields: Sendable, Equatable {
    /// One pair.
    public struct Field: Sendable, Equatable {
        /// The decoded name, possibly empty.
        public let name: String
        /// The decoded value: UTF-8 without NUL.
        public let value: String

        /// - Parameters:
        ///   - name: the decoded name.
        ///   - value: the decoded value.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// More pairs than this in one query or form are refused. Documents of 500 lines need 6,500.
    public static let standardLimit = 8_000
    /// Up to this many pairs are searched one after the other; an index would cost more.
    private static let scanLimit = 16

    /// The pairs in order.
    public let pairs: [Field]
    private let positions: [String: [Int]]

    /// - Parameter pairs: names and values already decoded.
    public init(_ pairs: [Field] = []) {
        self.pairs = pairs
        positions = pairs.count > Self.scanLimit ? positionsByName(pairs) : [:]
    }

    /// Decodes `application/x-www-form-urlencoded` text: a query without its `?`, or a body.
    ///
    /// - Parameters:
    ///   - urlencoded: the text; `+` is a space, pairs without `=` have an empty value.
    ///   - limit: the highest number of pairs.
    /// - Throws: 400 for a malformed escape, for text that is not UTF-8 or that holds NUL; 413 when
    ///   there are more pairs than the limit.
    public init(
        parsing urlencoded: some Collection<UInt8>, limit: Int = Fields.standardLimit
    ) throws(HTTPError) {
        var pairs: [Field] = []
        for pair in urlencoded.split(separator: UInt8(ascii: "&")) {
            guard pairs.count < limit else { throw .tooLarge("There are too many fields.") }
            let parts = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = percentDecoded(parts[0], plusIsSpace: true),
                let value = parts.count < 2 ? "" : percentDecoded(parts[1], plusIsSpace: true)
            else { throw .badRequest("A field is not valid percent-encoded UTF-8.") }
            pairs.append(Field(name: name, value: value))
        }
        self.init(pairs)
    }

    /// Decodes `application/x-www-form-urlencoded` text; see the initialiser over bytes.
    public init(parsing urlencoded: String) throws(HTTPError) {
        try self.init(parsing: urlencoded.utf8)
    }

    /// The first value under a name, nil when the name is absent.
    public subscript(name: String) -> String? {
        guard positions.isEmpty else { return positions[name].map { pairs[$0[0]].value } }
        return pairs.first { $0.name == name }?.value
    }

    /// Every value under a name, in order.
    public func all(_ name: String) -> [String] {
        guard positions.isEmpty else { return (positions[name] ?? []).map { pairs[$0].value } }
        return pairs.filter { $0.name == name }.map(\.value)
    }

    /// The distinct names in the order in which they first appear.
    public var names: [String] {
        var seen: Set<String> = []
        return pairs.map(\.name).filter { seen.insert($0).inserted }
    }

    /// Whether the name is there, even with an empty value.
    public func contains(_ name: String) -> Bool {
        self[name] != nil
    }
}

private func positionsByName(_ pairs: [Fields.Field]) -> [String: [Int]] {
    var positions: [String: [Int]] = [:]
    for (position, pair) in pairs.enumerated() {
        positions[pair.name, default: []].append(position)
    }
    return positions
}
