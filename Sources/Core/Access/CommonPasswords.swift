import Basics

/// Passwords that many people chose, and that are therefore tried first: staged by `bin/assets` from the
/// lists of a library that keeps them.
public struct CommonPasswords: Sendable {
    private let all: Set<String>

    /// One password a line, in small letters. A file that is not there holds none.
    init(file: String) {
        let bytes = readWholeFile(file, limit: 8 << 20) ?? []
        all = Set(String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init))
    }

    /// Whether the password is one of them, or one with digits and signs around it, or one repeated.
    func holds(_ password: String) -> Bool {
        let plain = password.lowercased()
        let core = String(
            plain.trimming { !$0.isLetter }.filter { !$0.isWhitespace })
        let unit = CommonPasswords.repeatedUnit(of: plain)
        return [plain, core, unit].contains { all.contains($0) }
    }

    /// `abcabcabc` is `abc` three times; what repeats nothing is its own unit.
    private static func repeatedUnit(of text: String) -> String {
        let letters = Array(text)
        for length in 1..<max(2, letters.count / 2 + 1) where letters.count % length == 0 {
            let unit = letters.prefix(length)
            let isRepeated = letters.indices.allSatisfy { letters[$0] == unit[$0 % length] }
            if isRepeated { return String(unit) }
        }
        return text
    }
}

extension String {
    /// Without the characters at both ends that `isOutside` holds for.
    fileprivate func trimming(_ isOutside: (Character) -> Bool) -> Substring {
        let start = firstIndex { !isOutside($0) } ?? endIndex
        guard let last = lastIndex(where: { !isOutside($0) }) else { return self[start..<start] }
        return self[start...last]
    }
}
