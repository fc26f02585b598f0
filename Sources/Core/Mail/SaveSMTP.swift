import Basics
import Database

extension Transaction {
    /// Keeps how mail leaves. The password is sealed before it reaches the database.
    func saveSMTP(_ draft: SMTPDraft, version: Int?, _ keys: KeyRing) throws {
        _ = try lockedOrganisation(version: version)
        let before = try smtpConfiguration()
        try checkPassword(draft, before)
        let sealed = try self.sealed(draft.password, before, keys)
        try run(
            """
            UPDATE organisations SET smtp_host = \(draft.host), smtp_port = \(draft.port),
                smtp_security = \(draft.security), smtp_username = \(draft.username),
                smtp_password = \(sealed), mail_from = \(draft.from), version = version + 1
            WHERE id = \(organisation)
            """)
        let after = try smtpConfiguration()
        let changes = FieldChanges(before: before.formValues, after: after.formValues)
        let isReplaced = draft.password != .keep && before.sealedPassword != sealed
        guard !changes.isEmpty || isReplaced else { return }
        try record(
            .mailSettingsChanged, .organisation, organisation.value, details: changes.json)
    }

    /// A password is typed again for another server or user: otherwise whoever sits at an open session
    /// could have it sent to a server of their own.
    private func checkPassword(_ draft: SMTPDraft, _ before: SMTPConfiguration) throws {
        guard draft.password == .keep else { return }
        guard before.hasPassword else { throw Problem.invalid("smtp_password", Input.missing) }
        let isSame =
            draft.host == before.host && draft.username == before.username
            && (draft.security == before.security || draft.security != .none)
        guard isSame else {
            throw Problem.invalid(
                "smtp_password",
                Text(
                    "Le serveur ou l’identifiant a changé : saisissez de nouveau le mot de passe.",
                    "The server or the user name changed: type the password again."))
        }
    }

    private func sealed(
        _ password: SMTPDraft.PasswordChange, _ before: SMTPConfiguration, _ keys: KeyRing
    ) throws -> [UInt8]? {
        switch password {
        case .keep: before.sealedPassword
        case .remove: nil
        case .replace(let text):
            try keys.seal(Array(text.utf8), for: SMTPConfiguration.place(organisation))
        }
    }
}

extension SMTPConfiguration {
    /// What the form shows: everything but the password.
    var formValues: [String: String] {
        [
            "smtp_host": host, "smtp_port": String(port), "smtp_security": security.rawValue,
            "smtp_username": username, "mail_from": from, "version": String(version),
        ]
    }
}

extension Action {
    static let mailSettingsChanged = Action(
        "organisation.mail_changed",
        Text("a modifié l’envoi des courriels", "changed how mail is sent"), icon: "mail",
        severity: .high)
}
