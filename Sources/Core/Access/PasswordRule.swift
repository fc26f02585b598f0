import Basics

/// What a password must be. Length is what counts: rules on kinds of characters only annoy.
public enum PasswordRule {
    /// Why a password is not accepted; nil when it is.
    public static func problem(with password: String, email: String) -> Text? {
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
