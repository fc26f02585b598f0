import Basics
import Database

/// How a person is named and wants to read.
struct ProfileDraft: Sendable {
    var name: String
    var language: Language
    var theme: User.Theme

    init(_ input: inout Input, _ user: User) {
        name = input.line("name", required: true, most: InvitationDraft.longestName)
        language = input.choice("language", or: user.language)
        theme = input.choice("theme", or: user.theme)
    }
}

/// An organisation in which a person works.
struct Place: Record, Sendable {
    var organisation: Organisation.ID
    var name: String
    var role: Role

    init(row: Row) throws {
        organisation = try row["id"]
        name = try row["name"]
        role = try Role(row: row)
    }
}

extension User {
    var formValues: [String: String] {
        ["name": name, "language": language.rawValue, "theme": theme.rawValue]
    }
}

extension Transaction {
    func updateProfile(_ draft: ProfileDraft) throws {
        guard let user = scope.user else { throw Problem.forbidden }
        try run(
            """
            UPDATE users SET name = \(draft.name), language = \(draft.language),
                theme = \(draft.theme)
            WHERE id = \(user.id)
            """)
        let changes = FieldChanges(
            before: user.formValues,
            after: [
                "name": draft.name, "language": draft.language.rawValue,
                "theme": draft.theme.rawValue,
            ])
        if !changes.isEmpty {
            try record(.profileUpdated, .user, user.id.value, details: changes.json)
        }
    }

    /// Everywhere else where this person is signed in, they must sign in again.
    func changePassword(_ hash: String, keeping token: String) throws {
        guard let user = scope.user else { throw Problem.forbidden }
        try run(
            """
            UPDATE users SET password_hash = \(hash), password_changed_at = \(now)
            WHERE id = \(user.id)
            """)
        try run("DELETE FROM password_resets WHERE user_id = \(user.id)")
        try connection.endOtherSessions(of: user.id, except: token)
        try record(.passwordChanged, .user, user.id.value)
        try mailAccount(.changed, to: user.id, details: ["what": "password"])
    }
}

extension Connection {
    /// Where a person may work, by name. The person's own rows of several organisations.
    func places(of user: User.ID) throws -> [Place] {
        try all(
            """
            SELECT o.id, o.name, \(Role.columns()) FROM memberships m
            \(Role.join())
            JOIN organisations o ON o.id = m.organisation_id
            WHERE m.user_id = \(user) AND m.archived_at IS NULL
            ORDER BY folded(o.name), o.id
            """)
    }
}
