import Basics
import FoundationEssentials
import Glibc

extension DataFolder {
    /// The keys above those of the database, by their names in a backup: there once one was replaced.
    var masterKeyFiles: [(name: String, path: String)] {
        [
            (BackupManifest.masterKey, masterKeyFile),
            (BackupManifest.nextMasterKey, nextMasterKeyFile),
            (BackupManifest.formerMasterKey, formerMasterKeyFile),
        ]
    }

    /// Of a master key that is kept elsewhere: no backup holds them, for it holds the keys.
    var sealedMasterKeyFiles: [(name: String, path: String)] {
        [
            ("master.key.next.sealed", sealedNextMasterKeyFile),
            ("master.key.former.sealed", sealedFormerMasterKeyFile),
        ]
    }

    /// The files beside database and secret key that a backup holds, by their names in it.
    var configuration: [(name: String, path: String)] {
        [
            (BackupManifest.demonstration, demonstrationFile),
            (BackupManifest.recipient, recipientFile),
            (BackupManifest.settings, backupSettingsFile),
        ]
    }

    /// Whom backups are encrypted for; nil when nobody was named. Throws `RecipientKeyError` when the
    /// file was damaged: then no backup may be written in clear by mistake.
    public func recipient() throws -> RecipientKey? {
        guard let pem = readWholeFile(recipientFile, limit: RecipientKey.mostBytes) else {
            guard access(recipientFile, F_OK) != 0 else {
                throw BackupError.file(path: recipientFile, reason: "cannot be read")
            }
            return nil
        }
        do {
            return try RecipientKey(pem: String(decoding: pem, as: UTF8.self))
        } catch {
            throw BackupError.file(path: recipientFile, reason: error.description)
        }
    }

    public func set(recipient key: RecipientKey) throws {
        try replace(recipientFile, with: Array(key.pem.utf8))
    }

    /// Writes a file so that a reader sees the old one or the new one.
    func replace(_ file: String, with bytes: [UInt8]) throws {
        let draft = file + ".\(getpid()).new"
        try DataFolder.write(bytes, to: draft)
        guard rename(draft, file) == 0 else {
            throw BackupError.file(path: file, reason: String(cString: strerror(errno)))
        }
    }

    /// Bytes that can still be written where this folder is, or will be.
    var freeBytes: Int {
        var folder = path[...]
        while !folder.isEmpty {
            var status = statvfs()
            if statvfs(String(folder), &status) == 0 {
                return Int(status.f_bavail) * Int(status.f_frsize)
            }
            folder = folder.lastIndex(of: "/").map { folder[..<$0] } ?? ""
        }
        return Int.max
    }
}
