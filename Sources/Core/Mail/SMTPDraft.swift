import Basics
import Mailer

/// The form of the mail server.
struct SMTPDraft: Sendable {
    enum PasswordChange: Sendable, Equatable {
        case keep
        case remove
        case replace(String)
    }

    static let longestPassword = 500

    var host: String
    var port: Int
    var security: SMTPConfiguration.Security
    var username: String
    var password: PasswordChange
    var from: String

    init(_ input: inout Input) {
        host = input.line("smtp_host", most: 253).lowercased()
        security = input.choice("smtp_security", or: .starttls)
        port = input.whole("smtp_port", in: 1...65_535) ?? security.usualPort
        username = input.line("smtp_username")
        from = input.email("mail_from", required: false)
        // As it was typed: spaces belong to a password. Empty keeps the one that is there.
        let typed = input.typed["smtp_password"] ?? ""
        password = username.isEmpty ? .remove : typed.isEmpty ? .keep : .replace(typed)
        if MailDraft.hasControlCharacters(typed) || typed.utf8.count > SMTPDraft.longestPassword {
            input.refuse(
                "smtp_password",
                Text("Ce mot de passe ne convient pas.", "This password cannot be used."))
        }
        // Left empty it removes the server; left out it does not.
        if !input.has("smtp_host") { input.refuse("smtp_host", Input.missing) }
        if host.isEmpty { removeServer() } else { check(&input) }
    }

    /// Without a server nothing of it is kept.
    private mutating func removeServer() {
        security = .starttls
        port = security.usualPort
        username = ""
        password = .remove
    }

    private func check(_ input: inout Input) {
        if !SMTPDraft.isHost(host) {
            input.refuse(
                "smtp_host",
                Text(
                    "Nom de serveur attendu, comme smtp.exemple.fr.",
                    "A server name such as smtp.example.com."))
        }
        if from.isEmpty {
            input.refuse("mail_from", Input.missing)
        } else if !MailDraft.canReceive(from) {
            input.refuse("mail_from", MailDraft.addressExpected)
        }
        let settings = SMTPSettings(host: host, port: port, security: security.settings)
        if security == .none, !username.isEmpty, !settings.isLoopback {
            input.refuse(
                "smtp_security",
                Text(
                    "Sans chiffrement, le mot de passe se lirait en chemin : choisissez "
                        + "STARTTLS ou TLS.",
                    "Without encryption the password could be read on its way: choose STARTTLS "
                        + "or TLS."))
        }
    }

    /// A name, an IPv4 or an IPv6 address; never a whole URL.
    private static func isHost(_ text: String) -> Bool {
        let isAddress =
            text.contains(":") && text.utf8.allSatisfy { "0123456789abcdef:.".utf8.contains($0) }
        let isName = text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
            (1...63).contains($0.utf8.count) && $0.first != "-" && $0.last != "-"
                && $0.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789-".utf8.contains($0) }
        }
        return isAddress || isName
    }
}
