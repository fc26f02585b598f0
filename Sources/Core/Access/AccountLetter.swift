import Basics

/// What mails to people with an account say.
struct AccountLetter {
    var subject: Text
    var body: Text

    static func invitation(to link: String, _ organisation: String, _ days: Int) -> AccountLetter {
        AccountLetter(
            subject: Text(
                "\(organisation) vous ouvre un accès", "\(organisation) gives you access"),
            body: Text(
                """
                Bonjour,

                \(organisation) vous invite à travailler dans Comptoir. Suivez ce lien pour commencer :

                \(link)

                Il sert une fois, pendant \(days) jours. Si vous n’attendiez pas cette invitation, ne faites rien.
                """,
                """
                Hello,

                \(organisation) invites you to work in Comptoir. Follow this link to begin:

                \(link)

                It works once, for \(days) days. If you did not expect this invitation, do nothing.
                """))
    }

    static func passwordReset(to link: String, _ minutes: Int) -> AccountLetter {
        AccountLetter(
            subject: Text("Votre nouveau mot de passe", "Your new password"),
            body: Text(
                """
                Bonjour,

                Quelqu’un, sans doute vous, a demandé un nouveau mot de passe. Choisissez-le ici :

                \(link)

                Ce lien sert une fois, pendant \(minutes) minutes. Si vous n’avez rien demandé, ne faites rien : \
                votre mot de passe reste le même.
                """,
                """
                Hello,

                Somebody, most likely you, asked for a new password. Choose it here:

                \(link)

                This link works once, for \(minutes) minutes. If you did not ask, do nothing: your password stays \
                as it is.
                """))
    }

    static func newDevice(_ details: JSON, _ organisation: Organisation, _ origin: String)
        -> AccountLetter
    {
        let moment = details["at"]?.string.flatMap(Instant.init) ?? Instant(seconds: 0)
        let local = organisation.local(moment)
        let address = details["address"]?.string ?? ""
        let device = UserAgent(details["user_agent"]?.string ?? "").label
        return AccountLetter(
            subject: Text("Connexion depuis un nouvel appareil", "Sign-in from a new device"),
            body: Text(
                """
                Bonjour,

                Votre compte vient d’être ouvert depuis un appareil que nous ne connaissions pas :

                - le \(Language.french.longDay(local.day)) à \(local.clock())
                - \(device.french)
                - adresse \(address)

                Si c’est vous, il n’y a rien à faire. Sinon, changez votre mot de passe et déconnectez cet appareil :

                \(origin)/account
                """,
                """
                Hello,

                Your account was just opened from a device that we did not know:

                - on \(Language.english.longDay(local.day)) at \(local.clock())
                - \(device.english)
                - address \(address)

                If that was you, there is nothing to do. Otherwise change your password and sign that device out:

                \(origin)/account
                """))
    }

    static func changed(_ what: String, _ origin: String) -> AccountLetter {
        let known: [String: Text] = [
            "password": Text("Votre mot de passe a changé.", "Your password was changed."),
            "second_factor_on": Text(
                "La double vérification est active sur votre compte.",
                "Two-step sign-in is on for your account."),
            "second_factor_off": Text(
                "La double vérification de votre compte est désactivée.",
                "Two-step sign-in is off for your account."),
            "passkey_added": Text(
                "Une clé d’accès ouvre maintenant votre compte, sans mot de passe.",
                "A passkey now opens your account, without a password."),
            "passkey_removed": Text(
                "Une clé d’accès de votre compte est retirée.",
                "A passkey of your account was removed."),
        ]
        let sentence =
            known[what] ?? Text("Votre compte a été modifié.", "Your account was changed.")
        return AccountLetter(
            subject: Text("Votre compte a changé", "Your account has changed"),
            body: Text(
                """
                Bonjour,

                \(sentence.french) Si ce n’est pas vous, prévenez sans attendre le propriétaire de votre espace :

                \(origin)/account
                """,
                """
                Hello,

                \(sentence.english) If that was not you, tell the owner of your workspace at once:

                \(origin)/account
                """))
    }
}
