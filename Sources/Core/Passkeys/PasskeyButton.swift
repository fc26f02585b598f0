import Basics
import Markup

/// How somebody signs in with a passkey: a button that only a script shows, where the browser knows them.
/// What it sends is in a form of its own, so that what was typed for a password does not travel along.
struct PasskeyButton {
    let next: String
    let request: Request

    private var say: Language { request.say }
    private var isOffered: Bool { RelyingParty(request) != nil }

    /// To stand in the form of the password.
    var button: HTML {
        guard isOffered else { return .empty }
        return """
            <button class="btn lg" form="passkey" data-passkey-offer hidden>\(request.icon("key-round"))\
            \(say("Se connecter avec une clé d’accès", "Sign in with a passkey"))</button>\
            <p class="err" role="alert" data-passkey-said hidden></p>
            """
    }

    /// To stand after it.
    var form: HTML {
        guard isOffered else { return .empty }
        return """
            <form id="passkey" method="post" action="/sign-in/passkey" hidden\
            \(PasskeyButton.script("/sign-in/passkey/challenge", say))>\(FormToken.input(for: request))\
            <input type="hidden" name="next" value="\(next)"></form>
            """
    }

    /// Where the script asks what is to be signed, and what it says when nothing was.
    static func script(_ challenge: String, _ say: Language) -> HTML {
        let cancelled = say(
            "Rien n’a été signé : la demande a été annulée, ou elle a trop duré. Recommencez quand vous voulez.",
            "Nothing was signed: the request was cancelled, or took too long. Try again when you like."
        )
        let known = say(
            "Cet appareil a déjà une clé d’accès pour votre compte.",
            "This device has a passkey for your account already.")
        let failed = say(
            "Le navigateur ou l’appareil n’a pas pu répondre. Rechargez la page, puis recommencez.",
            "The browser or the device could not answer. Reload the page and try again.")
        return """
             data-passkey="\(challenge)" data-cancelled="\(cancelled)" data-known="\(known)" data-failed="\(failed)"
            """
    }
}
