import Basics

/// What a password must be. Length is what counts: rules on kinds of characters only annoy.
public enum PasswordRule {
    /// So many different characters at least: "aaaaaaaaaaaa" is long and worth nothing.
    private static let fewestCharacters = 5

    public static let hint = Text(
        "Douze caractères au moins. Une phrase facile à retenir convient très bien.",
        "At least twelve characters. A sentence easy to remember does very well.")

    /// Why a password is not accepted; nil when it is.
    public static func problem(
        with password: String, email: String, among common: CommonPasswords
    ) -> Text? {
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
        if Set(password).count < fewestCharacters || common.holds(password) {
            return Text(
                "Ce mot de passe est trop répandu : on l’essaierait en premier. Choisissez une phrase à vous.",
                "This password is too common: it would be tried first. Choose a sentence of your own."
            )
        }
        return nil
    }

    static func problem(with password: String, email: String, _ request: Request) -> Text? {
        problem(
            with: password, email: email, among: request.application.assets.commonPasswords)
    }
}
