import Basics
import FoundationEssentials
import Glibc

/// Keys that do not lie in the data folder: the environment or the service manager hands them over.
public struct HandedKeys: Sendable, Equatable {
    /// What systemd calls them (`LoadCredential=`): files of 32 bytes.
    public static let secretCredential = "comptoir-secret-key"
    public static let masterCredential = "comptoir-master-key"
    /// What the environment calls them: 32 bytes in base64 or as 64 hexadecimal digits.
    public static let secretVariable = "COMPTOIR_SECRET_KEY"
    public static let masterVariable = "COMPTOIR_MASTER_KEY"

    /// The key of the installation.
    public let secret: [UInt8]?
    /// The key above those of the database, where that is another.
    public let master: [UInt8]?

    /// - Parameters:
    ///   - credentials: the folder of what the service manager hands over.
    ///   - secret: the text of the variable.
    public init(credentials: String? = nil, secret: String? = nil, master: String? = nil) throws {
        self.secret = try Self.key(
            secret, Self.secretVariable, credentials.map { $0 + "/" + Self.secretCredential })
        self.master = try Self.key(
            master, Self.masterVariable, credentials.map { $0 + "/" + Self.masterCredential })
    }

    /// The master key, if it does not lie in the data folder.
    var outermost: [UInt8]? { master ?? secret }

    private static func key(_ text: String?, _ variable: String, _ file: String?) throws
        -> [UInt8]?
    {
        let typed = try text.map { text in
            guard let found = bytes(hexadecimal: text) ?? Base64.bytes(text),
                found.count == DataFolder.secretKeyBytes
            else { throw InstallationError.keyUnreadable(variable: variable) }
            return found
        }
        guard let file, access(file, F_OK) == 0 else { return typed }
        // Read by this user alone, although its mode, under an access list, may look otherwise.
        guard let kept = FileManager.default.contents(atPath: file),
            kept.count == DataFolder.secretKeyBytes
        else { throw InstallationError.secretKeyDamaged(path: file) }
        guard typed == nil || typed == Array(kept) else {
            throw InstallationError.keyHandedTwice(variable: variable)
        }
        return Array(kept)
    }
}
