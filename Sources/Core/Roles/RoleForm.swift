import Basics
import Markup

/// A role of one's own: its name, and a box for each permission.
struct RoleForm {
    let fields: FormFields
    let ticked: Set<Permission>
    let existing: CustomRole?
    let request: Request

    init(
        _ values: [String: String], _ ticked: Set<Permission>, _ problems: [FieldProblem],
        existing: CustomRole?, _ request: Request
    ) {
        self.ticked = ticked
        fields = FormFields(values, problems, request)
        self.existing = existing
        self.request = request
    }

    private var say: Language { request.say }

    var page: Page {
        let target = existing?.address ?? "/settings/roles"
        let version: HTML =
            existing.map { VersionField(fields, current: $0.version).input } ?? .empty
        var page = SettingsFrame(tab: .colleagues, request: request).page(
            """
            <form class="form" method="post" action="\(target)" data-guard data-main>\
            \(FormToken.input(for: request))\(if: existing == nil, Submission.input(for: request))\(version)\(fields.summary)\
            \(FieldCard.card(
                say("Le rôle", "The role"),
                fields.input(
                    "name", Text("Nom", "Name"), width: .half, required: true,
                    maximum: CustomRole.longestName, focus: existing == nil)))\
            <div id="\(fields.id("permission"))" class="form">\(Permission.Area.allCases, area)\(fields.errorLine("permission"))</div>
            <div class="bar"><div class="acts2"><a class="btn" href="/settings/roles">\(say("Annuler", "Cancel"))</a>\
            <button class="btn p">\(request.icon("save"))\(say("Enregistrer", "Save"))</button></div></div></form>\(deletion)
            """)
        page.path = [
            (title: say("Collègues", "Colleagues"), address: "/settings/colleagues"),
            (title: say("Rôles", "Roles"), address: "/settings/roles"),
        ]
        page.title = existing?.name ?? say("Nouveau rôle", "New role")
        return page
    }

    /// What goes beyond the role of whoever looks is not offered.
    private func area(_ area: Permission.Area) -> HTML {
        let offered = area.permissions.filter {
            $0.isForCustomRoles && request.session.role.allows($0)
        }
        guard !offered.isEmpty else { return .empty }
        return FieldCard.card(
            say(area.label), class: "body checks",
            offered.map { permission in
                let needs = permission.implied.map { say($0.label) }.sorted()
                let hint =
                    needs.isEmpty ? "" : say("Avec : ", "With: ") + needs.joined(separator: ", ")
                return """
                    <label class="check"><input class="ck" type="checkbox" name="permission" value="\(permission.rawValue)"\
                    \(attribute: "checked", if: ticked.contains(permission))>\
                    <span><b>\(say(permission.label))</b>\(if: !hint.isEmpty, "<small>\(hint)</small>")</span></label>
                    """
            }.joined())
    }

    private var deletion: HTML {
        guard let existing else { return .empty }
        return """
            <form class="form" method="post" action="\(existing.address)/delete">\(FormToken.input(for: request))\
            <button class="btn danger" data-confirm="\(say("Supprimer le rôle \(existing.name) ?", "Delete the role \(existing.name)?"))">\
            \(request.icon("trash-2"))\(say("Supprimer le rôle", "Delete the role"))</button></form>
            """
    }
}
