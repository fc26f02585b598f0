/// Why the program cannot work in this place. Each description says what a person can do.
public enum InstallationError: Error, Sendable, CustomStringConvertible, Equatable {
    case folder(path: String, reason: String)
    case secretKeyDamaged(path: String)
    case secretKeyReadable(path: String)
    /// There are data, so there was a key.
    case secretKeyMissing(path: String)
    /// One was handed over, and the folder holds another.
    case secretKeysDiffer(path: String)
    /// What the environment hands over is no key.
    case keyUnreadable(variable: String)
    /// The environment and the service manager hand over different ones.
    case keyHandedTwice(variable: String)
    /// The new master key of a place that keeps it elsewhere would lie beside what it opens.
    case keyBesideData(path: String)
    /// A rotation that was broken off had begun with another key.
    case otherKeyBegun(path: String)
    /// A restore was cut off: half of a database lies there.
    case restoreCutOff(path: String)
    case programFilesMissing(name: String, searchedFrom: String)
    /// Row-level security does not bind such a role, so one organisation could see another's rows.
    case roleIsTooPowerful(role: String)
    case extensionMissing(name: String, reason: String)

    public var description: String {
        switch self {
        case .folder(let path, let reason): "\(path): \(reason)"
        case .secretKeyDamaged(let path):
            "\(path) does not hold 32 bytes: put back the one of your last backup"
        case .secretKeyReadable(let path):
            "\(path) can be read by other users of this machine: chmod 600 it"
        case .secretKeyMissing(let path):
            "\(path) is missing: put back the one of your last backup, or hand it over as the "
                + "credential \(HandedKeys.secretCredential) or in \(HandedKeys.secretVariable)"
        case .secretKeysDiffer(let path):
            "\(path) is not the credential \(HandedKeys.secretCredential) or the "
                + "\(HandedKeys.secretVariable) that was handed over: take away the one that is wrong"
        case .keyUnreadable(let variable):
            "\(variable) is not 32 bytes in base64 or 64 hexadecimal digits"
        case .keyHandedTwice(let variable):
            "\(variable) is not the credential that was handed over with it: take away the wrong one"
        case .keyBesideData(let path):
            "\(path) is in the data folder, beside what the key opens: name another place"
        case .otherKeyBegun(let path):
            "\(path) holds another key than the one that a rotation was begun with: name a file "
                + "that is not there yet, and that key is written to it"
        case .restoreCutOff(let path):
            "a restore into \(path) was cut off: restore again with --replace; what was there before "
                + "is in \(path)/replaced-…"
        case .programFilesMissing(let name, let start):
            "no folder above \(start) holds \(name): set COMPTOIR_HOME to the program's folder"
        case .roleIsTooPowerful(let role):
            "the database role \(role) is a superuser or bypasses row-level security: run the "
                + "program as an ordinary role"
        case .extensionMissing(let name, let reason):
            "the database lacks the extension \(name) (\(reason)): have its administrator run "
                + "CREATE EXTENSION \(name)"
        }
    }
}
