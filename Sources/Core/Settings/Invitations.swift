import Basics
import Database
import HTTP
import Markup

/// Where somebody who was invited comes in.
public enum Invitations: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get("invitation", nil, show)
        routes.post("invitation", nil, accept)
    }

    static func show(_ request: Request) throws -> Reply {
        let query = request.http.query
        let link = InvitationLink(query["organisation"], query["token"])
        guard let offer = try offer(link, request) else { return over(request) }
        return try InvitationPage.reply(offer, link, ["name": offer.invitation.name], [], request)
    }

    static func accept(_ request: Request) throws -> Reply {
        try FormToken.check(request)
        let fields = try request.form().fields
        let link = InvitationLink(fields["organisation"], fields["token"])
        guard let offer = try offer(link, request) else { return over(request) }
        var input = Input(fields)
        do {
            let account =
                try offer.hasAccount
                ? join(offer, link, request) : register(offer, link, &input, request)
            guard let account else {
                let message = Text(
                    "Ce n’est pas le mot de passe de ce compte.",
                    "This is not the password of this account.")
                throw Problem.invalid("password", message)
            }
            // Whoever has a second factor proves it too before anything opens.
            return try SignIn.afterPassword(account, next: "/", request)
        } catch let problem as Problem where problem.isShownInForm {
            // Read again: an account may have come to be meanwhile.
            guard let offer = try self.offer(link, request) else { return over(request) }
            return try InvitationPage.reply(offer, link, input.typed, problem.fields, request)
        } catch Problem.notFound {
            return over(request)
        }
    }

    /// A new account with the password that was chosen.
    private static func register(
        _ offer: InvitationOffer, _ link: InvitationLink, _ input: inout Input, _ request: Request
    ) throws -> Account? {
        let name = input.line("name", required: true, most: InvitationDraft.longestName)
        let password = input.typed["password"] ?? ""
        let email = offer.invitation.email
        if let problem = PasswordRule.problem(with: password, email: email, request) {
            input.refuse("password", problem)
        }
        try input.check()
        let hash = request.application.passwords.hash(password)
        return try joined(offer, link, name: name, password: hash, request)
    }

    /// An account that there is already: its password proves that the link came to the right person.
    private static func join(
        _ offer: InvitationOffer, _ link: InvitationLink, _ request: Request
    ) throws -> Account? {
        let password = try request.form().fields["password"] ?? ""
        guard
            try SignIn.proves(password, offer.invitation.email, request)
        else { return nil }
        return try joined(offer, link, name: offer.invitation.name, password: nil, request)
    }

    private static func joined(
        _ offer: InvitationOffer, _ link: InvitationLink, name: String, password: String?,
        _ request: Request
    ) throws -> Account? {
        _ = try request.visit(offer.organisation.id, as: name) {
            try $0.accept(token: link.token, name: name, password: password)
        }
        var account = try request.application.pool.withConnection {
            try $0.account(email: offer.invitation.email)
        }
        // The first session begins where the person was just invited to.
        account?.organisation = offer.organisation.id
        return account
    }

    private static func offer(_ link: InvitationLink, _ request: Request) throws
        -> InvitationOffer?
    {
        guard let id = link.organisation else { return nil }
        return try request.visit(id, as: "", readOnly: true) { transaction in
            guard let invitation = try transaction.invitation(token: link.token) else {
                return nil
            }
            let isKnown: Bool? = try transaction.value(
                "SELECT EXISTS (SELECT FROM users WHERE email = \(invitation.email))")
            return InvitationOffer(
                organisation: transaction.scope.organisation, invitation: invitation,
                hasAccount: isKnown ?? false)
        } ?? nil
    }

    private static func over(_ request: Request) -> Reply {
        let page = EntrancePage(
            Text("Cette invitation ne sert plus", "This invitation is over"),
            Text(
                "Elle a déjà servi, une plus récente la remplace, ou elle est trop ancienne. Demandez-en une autre.",
                "It was used, a later one replaces it, or it is too old. Ask for another one."),
            request
        ).page(
            """
            <form class="form"><a class="btn p lg" href="/sign-in">\(request.say("Se connecter", "Sign in"))</a></form>
            """)
        return .page(page, status: 410)
    }
}

/// What the address in an invitation names.
struct InvitationLink: Sendable {
    var organisation: Organisation.ID?
    var token: String

    init(_ organisation: String?, _ token: String?) {
        self.organisation = organisation.flatMap { Organisation.ID($0) }
        self.token = token ?? ""
    }
}

/// An invitation as its person sees it.
struct InvitationOffer: Sendable {
    var organisation: Organisation
    var invitation: Invitation
    /// Shown to whoever holds the link, which only the person's mailbox or the owner had.
    var hasAccount: Bool
}

enum InvitationPage {
    static func reply(
        _ offer: InvitationOffer, _ link: InvitationLink, _ values: [String: String],
        _ problems: [FieldProblem], _ request: Request
    ) throws -> Reply {
        try VisitorForm.reply(request, status: problems.isEmpty ? 200 : 422) { request in
            let (say, fields) = (request.say, FormFields(values, problems, request))
            let role = offer.invitation.role.label
            return EntrancePage(
                Text(
                    "Bienvenue chez \(offer.organisation.name)",
                    "Welcome to \(offer.organisation.name)"),
                Text(
                    "Vous y entrez comme \(role.french.lowercased()), avec l’adresse \(offer.invitation.email).",
                    "You come in as \(role.english.lowercased()), with the address \(offer.invitation.email)."
                ),
                request
            ).page(
                """
                \(fields.summary)<form class="form" method="post" action="/invitation">\(FormToken.input(for: request))
                <input type="hidden" name="organisation" value="\(offer.organisation.id)">\
                <input type="hidden" name="token" value="\(link.token)">\
                <input type="hidden" name="username" autocomplete="username" value="\(offer.invitation.email)">
                \(offer.hasAccount ? known(fields) : new(fields))
                <button class="btn p lg">\(say("Entrer", "Come in"))</button></form>
                """)
        }
    }

    private static func known(_ fields: FormFields) -> HTML {
        fields.password(
            "password", Text("Mot de passe de votre compte", "Password of your account"),
            autocomplete: "current-password",
            hint: Text(
                "Vous avez déjà un compte avec cette adresse.",
                "You have an account with this address already."))
    }

    private static func new(_ fields: FormFields) -> HTML {
        """
        \(fields.input("name", Text("Prénom et nom", "Name"), required: true, autocomplete: "name", maximum: InvitationDraft.longestName))
        \(fields.password("password", Text("Votre mot de passe", "Your password"), autocomplete: "new-password", hint: PasswordRule.hint))
        """
    }
}
