import Basics

/// The dated name of a backup among others in one place, in UTC: `comptoir_20261129_030000.backup`, or
/// `.tar` when it is not encrypted. Whatever else lies there is left alone.
public struct BackupName: Hashable, Sendable, Comparable {
    private static let start = "comptoir_"
    private static let encryptedEnd = ".backup"
    private static let plainEnd = ".tar"

    /// Whole seconds.
    public let createdAt: Instant
    public let isEncrypted: Bool

    public init(_ createdAt: Instant, isEncrypted: Bool) {
        self.createdAt = Instant(seconds: createdAt.seconds)
        self.isEncrypted = isEncrypted
    }

    /// Nil for what is no such name.
    public init?(_ text: String) {
        isEncrypted = text.hasSuffix(BackupName.encryptedEnd)
        let end = isEncrypted ? BackupName.encryptedEnd : BackupName.plainEnd
        guard text.hasPrefix(BackupName.start), text.hasSuffix(end) else { return nil }
        let middle = Array(
            text.utf8.dropFirst(BackupName.start.utf8.count).dropLast(end.utf8.count))
        guard middle.count == 15, middle[8] == UInt8(ascii: "_") else { return nil }
        func number(_ from: Int, _ count: Int) -> String {
            String(decoding: middle[from..<from + count], as: UTF8.self)
        }
        let moment =
            "\(number(0, 4))-\(number(4, 2))-\(number(6, 2))T"
            + "\(number(9, 2)):\(number(11, 2)):\(number(13, 2))Z"
        guard let instant = Instant(rfc3339: moment) else { return nil }
        createdAt = instant
    }

    public var text: String {
        let local = LocalTime(createdAt, offsetSeconds: 0)
        let day = local.day.iso.filter { $0 != "-" }
        let clock = local.clock(seconds: true).filter { $0 != ":" }
        return BackupName.start + day + "_" + clock
            + (isEncrypted ? BackupName.encryptedEnd : BackupName.plainEnd)
    }

    public static func < (left: BackupName, right: BackupName) -> Bool {
        (left.createdAt, left.text) < (right.createdAt, right.text)
    }
}
