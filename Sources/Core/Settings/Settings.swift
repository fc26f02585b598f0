import Basics
import HTTP

/// What an owner decides for the whole organisation: who it is, how it invoices, how its documents
/// look and are numbered, how its mail leaves, and who works in it.
public enum Settings: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get("settings/company", .manageOrganisation, company)
        routes.post(
            "settings/company", .manageOrganisation, saveCompany)
        routes.get("settings/invoicing", .manageOrganisation, invoicing)
        routes.post(
            "settings/invoicing", .manageOrganisation, saveInvoicing)
        routes.get("settings/logo", .manageOrganisation, look)
        routes.post(
            "settings/logo", .manageOrganisation, mostBytes: Logo.mostUploadedBytes, uploadLogo)
        routes.post("settings/logo/delete", .manageOrganisation, deleteLogo)
        routes.post("settings/logo/color", .manageOrganisation, saveColor)
        routes.get("logo", .manageSelf, logo)
        routes.get("settings/numbering", .manageOrganisation, numbering)
        routes.post(
            "settings/numbering", .manageOrganisation, saveNumbering)
        routes.post("settings/numbering/preview", .manageOrganisation, previewNumbers)
        routes.get("settings/colleagues", .manageColleagues, colleagues)
        routes.get("settings/colleagues/new", .manageColleagues, newColleague)
        routes.post(
            "settings/colleagues", .manageColleagues, invite)
        routes.get("settings/colleagues/invitations/:id", .manageColleagues, invitation)
        routes.post(
            "settings/colleagues/invitations/:id/link", .manageColleagues, showInvitationLink)
        routes.post("settings/colleagues/invitations/:id/send", .manageColleagues, mailInvitation)
        routes.post(
            "settings/colleagues/invitations/:id/delete", .manageColleagues, withdrawInvitation)
        routes.get("settings/colleagues/:id", .manageColleagues, colleague)
        routes.post("settings/colleagues/:id", .manageColleagues, changeRole)
        routes.post(
            "settings/colleagues/:id/second-factor/delete", .manageColleagues, removeSecondFactor)
        routes.post(
            "settings/colleagues/:id/password-reset", .manageColleagues, mailPasswordReset)
        routes.get("settings/security", .manageOrganisation, security)
        routes.post("settings/security", .manageOrganisation, saveSecurity)
        routes.post("settings/colleagues/:id/archive", .manageColleagues, archiveColleague)
        routes.post("settings/colleagues/:id/restore", .manageColleagues, restoreColleague)
    }

    public static let actions: [Action] = [
        .organisationUpdated, .logoChanged, .logoDeleted, .numberingChanged, .invitationAccepted,
        .invitationLinkShown,
        .colleagueRoleChanged, .colleagueArchived, .colleagueRestored, .colleagueInvited,
        .invitationWithdrawn,
    ]

    static func company(_ request: Request) throws -> Reply {
        .page(CompanyPage(request.organisation.formValues(request.say), [], request).page)
    }

    static func saveCompany(_ request: Request) throws -> Reply {
        try save(CompanyDraft.self, from: "/settings/company", request) {
            CompanyPage($0, $1, request).page
        }
    }

    static func invoicing(_ request: Request) throws -> Reply {
        let isFixed = try request.read { try $0.currencyIsFixed() }
        let values = request.organisation.formValues(request.say)
        return .page(InvoicingPage(values, [], currencyIsFixed: isFixed, request).page)
    }

    static func saveInvoicing(_ request: Request) throws -> Reply {
        let isFixed = try request.read { try $0.currencyIsFixed() }
        return try save(InvoicingDraft.self, from: "/settings/invoicing", request) {
            InvoicingPage($0, $1, currencyIsFixed: isFixed, request).page
        }
    }

    /// Reads a draft from the form and writes it; a refused form is shown again as it was typed.
    static func save<Draft: OrganisationDraft>(
        _: Draft.Type, from path: String, to next: String? = nil, _ request: Request,
        page: ([String: String], [FieldProblem]) -> Page
    ) throws -> Reply {
        var input = Input(try request.form().fields)
        let draft = Draft(&input, request.organisation)
        let version = input.whole("version", in: 1...Int(Int32.max))
        do {
            try input.check()
            try request.write { _ = try $0.updateOrganisation(draft, version: version) }
            return .done(
                at: next ?? path, say: Text("Réglages enregistrés.", "Settings saved."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return .page(page(input.typed, problem.fields), status: problem.status)
        }
    }
}

extension Action {
    static let organisationUpdated = Action(
        "organisation.updated", Text("a modifié les réglages", "changed the settings"),
        icon: "settings", severity: .high)
    static let logoChanged = Action(
        "organisation.logo_changed", Text("a changé le logo", "changed the logo"),
        icon: "image-plus")
    static let logoDeleted = Action(
        "organisation.logo_deleted", Text("a supprimé le logo", "deleted the logo"),
        icon: "trash-2")
    static let numberingChanged = Action(
        "organisation.numbering_changed",
        Text("a modifié la numérotation", "changed the numbering"), icon: "hash", severity: .high)
    static let colleagueRoleChanged = Action(
        "colleague.role_changed", Text("a changé le rôle de", "changed the role of"),
        icon: "shield-check", severity: .high)
    static let colleagueArchived = Action(
        "colleague.archived", Text("a retiré l’accès de", "removed the access of"),
        icon: "archive", severity: .high)
    static let colleagueRestored = Action(
        "colleague.restored", Text("a rétabli l’accès de", "restored the access of"),
        icon: "undo-2", severity: .high)
}
