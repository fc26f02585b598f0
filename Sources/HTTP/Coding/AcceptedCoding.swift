/// What a client says of content codings in `Accept-Encoding` (RFC 9110, section 12.5.3).
struct AcceptedCoding: Equatable {
    /// Whether it takes gzip, and not less gladly than the content as it is.
    let wantsGzip: Bool
    /// Whether it refuses the content as it is.
    let refusesIdentity: Bool

    /// Without the header, or with one that is malformed, only the content as it is.
    init(_ headers: HTTPHeaders) {
        var weights: [String: Int] = [:]
        for value in headers.all(named: "Accept-Encoding") {
            for element in Array(value.utf8).split(separator: UInt8(ascii: ",")) {
                guard let (coding, weight) = Self.element(element) else { continue }
                // The first of a repeated coding counts.
                if weights[coding] == nil { weights[coding] = weight }
            }
        }
        let gzip = weights["gzip"] ?? weights["x-gzip"] ?? weights["*"] ?? 0
        // Listed, it competes; unlisted, it is only there for those who take nothing else.
        let identity = weights["identity"] ?? 0
        wantsGzip = gzip > 0 && gzip >= identity
        refusesIdentity = (weights["identity"] ?? weights["*"]) == 0
    }

    /// A coding and its weight in thousandths; nil when malformed.
    private static func element(_ bytes: ArraySlice<UInt8>) -> (String, Int)? {
        let parts = bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        guard let name = parts.first.map(trimmed), isToken(name), parts.count <= 2 else {
            return nil
        }
        let coding = String(decoding: name.map(lowercased), as: UTF8.self)
        guard parts.count == 2 else { return (coding, 1_000) }
        let weight = trimmed(parts[1]).map(lowercased)
        guard weight.starts(with: "q=".utf8) else { return nil }
        return thousandths(weight.dropFirst(2)).map { (coding, $0) }
    }

    /// `0.5` is 500: a digit, at most three after the point.
    private static func thousandths(_ digits: ArraySlice<UInt8>) -> Int? {
        let (zero, nine) = (UInt8(ascii: "0"), UInt8(ascii: "9"))
        guard let first = digits.first, first == zero || first == zero + 1 else { return nil }
        var rest = digits.dropFirst()
        var value = Int(first - zero) * 1_000
        guard !rest.isEmpty else { return value }
        guard rest.removeFirst() == UInt8(ascii: "."), rest.count <= 3 else { return nil }
        var place = 100
        for digit in rest {
            guard digit >= zero, digit <= nine else { return nil }
            value += Int(digit - zero) * place
            place /= 10
        }
        return value <= 1_000 ? value : nil
    }
}
