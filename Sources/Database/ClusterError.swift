/// Why the private cluster could not be made, started or stopped; each description says what a
/// person can do.
public enum ClusterError: Error, Sendable, CustomStringConvertible, Equatable {
    case programMissing(name: String)
    case userMissing(name: String)
    case userUnnamed(id: UInt32)
    /// The cluster's user cannot enter a folder on the way to the data.
    case outOfReach(folder: String, user: String)
    case belongsToAnother(folder: String, user: String)
    case versionDiffers(data: String, programs: String)
    case file(path: String, reason: String)
    case busy(folder: String)
    case failed(program: String, log: String)
    case doesNotStop(processID: Int32)

    public var description: String {
        switch self {
        case .programMissing(let name): "\(name) was not found: install postgresql-15"
        case .userMissing(let name):
            "started by root, but there is no user \(name): install postgresql-15"
        case .userUnnamed(let id): "the current user \(id) has no name in /etc/passwd"
        case .outOfReach(let folder, let user):
            "the user \(user) cannot enter \(folder): choose a data folder elsewhere, such as "
                + "/var/lib/comptoir, or start the program as an ordinary user"
        case .belongsToAnother(let folder, let user):
            "\(folder) belongs to \(user): start the program as \(user) or as root"
        case .versionDiffers(let data, let programs):
            "the data were written by PostgreSQL \(data), but \(programs) is installed"
        case .file(let path, let reason): "\(path): \(reason)"
        case .busy(let folder): "another program is starting or stopping the database in \(folder)"
        case .failed(let program, let log): "\(program) failed: \(log)"
        case .doesNotStop(let processID): "PostgreSQL (process \(processID)) does not stop"
        }
    }
}
