import Basics

/// Somebody who is to have access.
struct ColleagueDraft: Sendable {
    var name: String
    var email: String
    var role: Role
    /// What they sign in with the first time.
    var password: String

    static let longestName = 100

    init(_ input: inout Input) {
        name = input.line("name", required: true, most: ColleagueDraft.longestName)
        email = input.email("email", required: true)
        role = input.choice("role", or: .agent)
        if input.typed["role", default: ""].isEmpty { input.refuse("role", Input.missing) }
        password = input.typed["password"] ?? ""
        if password.isEmpty {
            password = PasswordRule.initialPassword()
        } else if let problem = PasswordRule.problem(with: password, email: email) {
            input.refuse("password", problem)
        }
    }
}

/// What a password must be. Length is what counts: rules on kinds of characters only annoy.
enum PasswordRule {
    static func problem(with password: String, email: String) -> Text? {
        if password.unicodeScalars.count < PasswordHasher.minimumLength {
            return Text(
                "\(PasswordHasher.minimumLength) caractères au moins : une phrase convient très bien.",
                "At least \(PasswordHasher.minimumLength) characters: a sentence does very well.")
        }
        if password.utf8.count > PasswordHasher.maximumBytes {
            return Text("Ce mot de passe est trop long.", "This password is too long.")
        }
        if !email.isEmpty, password.lowercased().contains(email.lowercased()) {
            return Text(
                "Le mot de passe ne doit pas contenir l’adresse e-mail.",
                "The password must not contain the e-mail address.")
        }
        return nil
    }

    /// Four groups of four letters and digits that are not mistaken for one another: 77 bits.
    static func initialPassword() -> String {
        let letters = Array("abcdefghjkmnpqrstuvwxyz2345678")
        var system = SystemRandomNumberGenerator()
        let groups = (0..<4).map { _ in
            String((0..<4).map { _ in letters[Int.random(in: 0..<letters.count, using: &system)] })
        }
        return groups.joined(separator: "-")
    }
}
