import Basics
import Database
import Mailer

/// The mail server of an organisation. Its password stays sealed until a message is sent.
public struct SMTPConfiguration: Record, Sendable {
    public enum Security: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case none, starttls, tls

        var usualPort: Int {
            switch self {
            case .none: 25
            case .starttls: 587
            case .tls: 465
            }
        }
    }

    /// Empty while there is none: mails wait.
    public var host: String
    public var port: Int
    public var security: Security
    public var username: String
    var sealedPassword: [UInt8]?
    /// The address that mails come from.
    public var from: String
    /// Of the organisation's row.
    public var version: Int

    public init(row: Row) throws {
        host = try row["smtp_host"]
        port = try row["smtp_port"]
        security = try row["smtp_security"]
        username = try row["smtp_username"]
        sealedPassword = try row["smtp_password"]
        from = try row["mail_from"]
        version = try row["version"]
    }

    static let columns: SQL = """
        smtp_host, smtp_port, smtp_security, smtp_username, smtp_password, mail_from, version
        """

    public var isSetUp: Bool { !host.isEmpty }
    public var hasPassword: Bool { sealedPassword != nil }

    /// How the message's carrier reaches the server. Throws a `DeliveryFailure` when the password was
    /// sealed with another key, as after a restore without the old one.
    func settings(
        _ keys: KeyRing, for organisation: Organisation.ID, timeoutSeconds: Int
    ) throws -> SMTPSettings {
        var password: String?
        if let sealedPassword {
            let place = SMTPConfiguration.place(organisation)
            guard let bytes = try? keys.open(sealedPassword, for: place) else {
                throw DeliveryFailure(
                    .authentication, "the password kept here can no longer be read")
            }
            password = String(decoding: bytes, as: UTF8.self)
        }
        return SMTPSettings(
            host: host, port: port, security: security.settings,
            username: username.isEmpty ? nil : username, password: password,
            timeoutSeconds: timeoutSeconds)
    }

    /// What a sealed password is bound to: in another organisation's row it opens nothing.
    static func place(_ organisation: Organisation.ID) -> [UInt8] {
        Array("smtp:\(organisation)".utf8)
    }
}

extension SMTPConfiguration.Security {
    var settings: SMTPSettings.Security {
        switch self {
        case .none: .none
        case .starttls: .startTLS
        case .tls: .tls
        }
    }
}

extension Transaction {
    public func smtpConfiguration() throws -> SMTPConfiguration {
        try one(
            """
            SELECT \(SMTPConfiguration.columns) FROM organisations WHERE id = \(organisation)
            """)
    }
}

extension Application {
    /// Seals what a browser carries for a while. It once sealed secrets of the database too.
    var secretBox: SecretBox { vault.former }
}

extension Mails {
    public static let sealedColumns = [
        SealedColumn(
            "organisations.smtp_password",
            select: {
                """
                SELECT id::text AS key, smtp_password AS sealed FROM organisations
                WHERE id = \($0) AND smtp_password IS NOT NULL
                """
            },
            place: { organisation, _ in SMTPConfiguration.place(organisation) },
            update: { organisation, _, before, after in
                """
                UPDATE organisations SET smtp_password = \(after)
                WHERE id = \(organisation) AND smtp_password = \(before)
                """
            })
    ]
}
