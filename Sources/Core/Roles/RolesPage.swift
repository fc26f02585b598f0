import Basics
import Markup

/// Every role beside every permission.
struct RolesPage {
    let custom: [CustomRole]
    let request: Request

    init(_ custom: [CustomRole], _ request: Request) {
        self.custom = custom
        self.request = request
    }

    private var say: Language { request.say }
    private var roles: [Role] { Role.builtIn + custom.map(\.role) }

    var page: Page {
        var page = SettingsFrame(tab: .colleagues, request: request).page(
            """
            <div class="form"><p class="note">\(request.icon("shield-check"))<span>\(say(
                "Une coche : ce rôle le permet. Les rôles de Comptoir ne changent pas ; copiez-en un pour en faire un autre.",
                "A tick: this role allows it. Comptoir’s roles do not change; copy one to make another."))</span></p>\
            \(own)\(table)</div>
            """,
            actions: """
                <a class="btn p" href="/settings/roles/new">\(request.icon("plus"))\(say("Nouveau rôle", "New role"))</a>
                """, frame: .wide)
        page.path = [(title: say("Collègues", "Colleagues"), address: "/settings/colleagues")]
        page.title = say("Rôles et permissions", "Roles and permissions")
        return page
    }

    private var own: HTML {
        guard !custom.isEmpty else { return .empty }
        return FieldCard.card(
            say("Vos rôles", "Your roles"), class: "body",
            """
            <ul class="people">\(custom, { role in
                """
                <li><span class="av c1" aria-hidden="true">\(Comptoir.initials(role.name))</span>\
                <span><b class="nm"><a href="\(role.address)">\(role.name)</a></b>\
                <small>\(say.count(role.permissions.count, Text("permission", "permission"), Text("permissions", "permissions")))</small></span>\
                <span class="sp"><a class="btn g sm sq" href="\(role.address)" aria-label="\(say("Modifier", "Edit")) \(role.name)">\
                \(request.icon("pencil"))</a></span></li>
                """
            })</ul>
            """)
    }

    private var table: HTML {
        """
        <section class="card"><div class="scroll" tabindex="0" role="region" aria-label="\(say("Rôles et permissions", "Roles and permissions"))">\
        <table class="tbl matrix"><thead><tr><th scope="col">\(say("Permission", "Permission"))</th>\
        \(roles, { "<th scope=\"col\">\(say($0.label))\(copy($0))</th>" })</tr></thead>\
        \(Permission.Area.allCases, area)</table></div></section>
        """
    }

    private func copy(_ role: Role) -> HTML {
        guard role.customID == nil, role != .client else { return .empty }
        let label = say(
            "Copier le rôle \(role.label.french)", "Copy the role \(role.label.english)")
        return """
            <a class="btn g sm sq" href="/settings/roles/new?from=\(role.code)" aria-label="\(label)">\
            \(request.icon("copy", .small))</a>
            """
    }

    private func area(_ area: Permission.Area) -> HTML {
        """
        <tbody><tr class="sub"><th scope="rowgroup" colspan="\(roles.count + 1)">\(say(area.label))</th></tr>\
        \(area.permissions, { permission in
            """
            <tr><th scope="row">\(say(permission.label))</th>\(roles, { cell($0.allows(permission)) })</tr>
            """
        })</tbody>
        """
    }

    private func cell(_ isAllowed: Bool) -> HTML {
        isAllowed
            ? """
            <td class="yes">\(request.icon("check"))<span class="sr">\(say("oui", "yes"))</span></td>
            """
            : "<td><span class=\"mut\" aria-hidden=\"true\">·</span><span class=\"sr\">\(say("non", "no"))</span></td>"
    }
}
