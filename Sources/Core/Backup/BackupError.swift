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
        case .inUse(let folder): "another program uses \(folder): stop it first"
        }
    }
}
