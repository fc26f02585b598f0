import Basics
import Database

/// Something that must hold, and that `comptoir doctor` proves.
public struct Check: Sendable {
    enum Subject: Sendable {
        case installation(@Sendable (InstallationUnderCheck) throws -> [Finding])
        case organisation(@Sendable (Transaction) throws -> [Finding])
    }

    /// What it is about, in one word or two: `journal.seals`.
    public let name: String
    let subject: Subject
    /// What can be done about what it finds.
    var remedy = Remedy.usual

    /// Proved for each organisation, in a transaction of its own that changes nothing.
    public static func organisation(
        _ name: String, _ run: @escaping @Sendable (Transaction) throws -> [Finding]
    ) -> Check {
        Check(name: name, subject: .organisation(run))
    }

    /// Proved once, about the database itself.
    public static func installation(
        _ name: String, _ run: @escaping @Sendable (InstallationUnderCheck) throws -> [Finding]
    ) -> Check {
        Check(name: name, subject: .installation(run))
    }
}

/// Something that does not hold.
public struct Finding: Sendable, Equatable {
    /// What is wrong and where, without a client's data: numbers and identifiers only.
    public let message: String
    public init(_ message: String) { self.message = message }
}

/// What a check of the whole installation may look at.
public struct InstallationUnderCheck {
    /// As the owner of the tables.
    public let owner: Connection
    /// As the role that runs the program.
    public let runtime: Connection
    public let migrations: [Migration]
}
