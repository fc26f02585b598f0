import Basics

/// A word that only the person who started the program can read, on its terminal. It opens the page
/// where the first account is made, so that nobody else on the network takes the program over.
public struct FirstStartCode: Sendable {
    /// Without letters and digits that look alike.
    private static let letters = Array("ABCDEFGHJKLMNPQRSTUVWXYZ23456789".utf8)
    private static let length = 12

    /// In groups of four: `H7KQ-2MWD-9XVB`.
    public let text: String

    public init() {
        // 32 letters: five bits of each byte, all equally likely.
        let drawn = Random.bytes(FirstStartCode.length).map { FirstStartCode.letters[Int($0 & 31)] }
        text = stride(from: 0, to: drawn.count, by: 4).map {
            String(decoding: drawn[$0..<$0 + 4], as: UTF8.self)
        }.joined(separator: "-")
    }

    /// However it is typed: with or without hyphens, in either case.
    func matches(_ typed: String) -> Bool {
        func plain(_ text: String) -> [UInt8] {
            Array(text.uppercased().utf8.filter { FirstStartCode.letters.contains($0) })
        }
        return Digest.equal(Digest.sha256(plain(typed)), Digest.sha256(plain(text)))
    }
}
