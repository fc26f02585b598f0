import Basics

/// Why a backup could not be written or restored. Each description says what a person can do.
public enum BackupError: Error, Sendable, CustomStringConvertible, Equatable {
    case exists(path: String)
    case file(path: String, reason: String)
    case program(String, String)
    case noBackupRole
    case passwordInKeywords
    case notABackup(path: String)
    case damaged(file: String)
    case newer(version: String)
    case notEmpty(folder: String)
    case inUse(folder: String)
    case keyNeeded(path: String)
    /// An encrypted file: another key, or not what was written.
    case notOpened(path: String, reason: String)
    /// What was restored is not what was counted when it was backed up.
    case differs([String])
    case noSpace(folder: String, needed: Int, free: Int)
    /// The folder of backups is not there.
    case placeMissing(path: String)
    case noCredentials
    case noneStored(place: String)
    case noTable(name: String)
    /// The log is to be laid down, and PostgreSQL was not started anew since.
    case notArchiving
    case notLaidDown(piece: String, folder: String)
    /// No copy of the cluster is old enough.
    case noCopy(folder: String)
    /// The log does not lead to the moment: where it ends, and which piece is missing there.
    case logEnds(folder: String, at: Instant?, missing: String?)
    /// Another program makes a backup of this installation at the moment.
    case underWay
    /// The program ends, and the backup with it.
    case stopped

    public var description: String {
        switch self {
        case .exists(let path): "\(path) exists already: choose another name"
        case .file(let path, let reason): "\(path): \(reason)"
        case .program(let name, let complaint): "\(name) failed: \(complaint)"
        case .noBackupRole:
            "a backup needs a role that reads past row-level security: name it in "
                + "COMPTOIR_BACKUP_DATABASE_URL"
        case .passwordInKeywords:
            "put the password of COMPTOIR_BACKUP_DATABASE_URL into PGPASSWORD or ~/.pgpass"
        case .notABackup(let path): "\(path) is no backup of Comptoir"
        case .damaged(let file):
            "\(file) is not what was backed up (its checksum differs): use another copy"
        case .newer(let version):
            "this backup was written by Comptoir \(version), which is newer: install that first"
        case .notEmpty(let folder):
            "\(folder) holds records already: name another folder with --data, or say --replace"
        case .keyNeeded(let path):
            "\(path) is encrypted: name the file of the private key with --key"
        case .notOpened(let path, let reason): "\(path): \(reason)"
        case .differs(let found):
            "what was restored is not what was backed up: " + found.joined(separator: "; ")
        case .noSpace(let folder, let needed, let free):
            "\(folder) has \(megabytes(free)) MB free, and this needs \(megabytes(needed)) MB"
        case .placeMissing(let path):
            "the folder \(path) is not there: is the disk mounted?"
        case .noCredentials:
            "name the file with the keys of the object store (--credentials), or set "
                + "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        case .noneStored(let place): "there is no backup in \(place)"
        case .notArchiving:
            "the database does not lay down its log yet: stop every program that uses it and start "
                + "again"
        case .notLaidDown(let piece, let folder):
            "the piece \(piece) of the log cannot be laid down in \(folder): see postgres.log; "
                + "until it can, the database keeps all of its log"
        case .noCopy(let folder): "\(folder) holds no copy that was made before that moment"
        case .logEnds(let folder, let end, let missing):
            "the log in \(folder) does not reach that moment: "
                + (end.map { "the last that it holds is of \($0.rfc3339)" } ?? "it holds nothing")
                + (missing.map { ", the piece \($0) is missing" } ?? "")
        case .noTable(let name): "there is no table \(name)"
        case .underWay: "another backup is under way"
        case .stopped: "stopped before it was complete; nothing is left of it"
        case .inUse(let folder): "another program uses \(folder): stop it first"
        }
    }
}

/// Rounded up, for people.
func megabytes(_ bytes: Int) -> Int { (bytes + 999_999) / 1_000_000 }
