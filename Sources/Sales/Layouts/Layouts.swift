import Basics
import Core
import HTTP

/// How documents look, decided by the organisation.
public enum Layouts: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get("settings/layout", .manageOrganisation, show)
        routes.post("settings/layout", .manageOrganisation, save)
        routes.post("settings/layout/preview", .manageOrganisation, preview)
    }

    public static let actions: [Action] = [.layoutChanged]

    static func show(_ request: Request) throws -> Reply {
        let saved = try request.read { try $0.savedLayout() }
        let values = LayoutDraft.values(saved, request.organisation)
        return try .page(LayoutPage(values, [], request).page())
    }

    /// Saves, or does what another button of the form says and shows the form as it then is.
    static func save(_ request: Request) throws -> Reply {
        var input = Input(try request.form().fields)
        let draft = LayoutDraft(&input, request.organisation)
        if let operation = LayoutOperation(input.typed["op"] ?? "") {
            let values = LayoutDraft.values(of: operation.applied(to: draft.layout))
            let typed = input.typed.filter { !$0.key.hasPrefix("show_") }
            return try .page(
                LayoutPage(
                    typed.merging(values) { $1 }, input.problems, isUnsaved: true, request
                ).page())
        }
        do {
            try input.check()
            try request.write { try $0.saveLayout(draft) }
            return .done(
                at: "/settings/layout", say: Text("Mise en page enregistrée.", "Layout saved."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            var values = input.typed
            if problem.status == 409 {
                // The person has been told of the other's change: the next save may pass.
                let saved = try request.read { try $0.savedLayout() }
                values["version"] = String(saved.version)
            }
            return try .page(
                LayoutPage(values, problem.fields, isUnsaved: true, request).page(),
                status: problem.status)
        }
    }

    /// The picture for what the form holds now, whatever is wrong in it.
    static func preview(_ request: Request) throws -> Reply {
        let typed = Input(try request.form().fields).typed
        return .fragment(try LayoutPage(typed, [], request).preview().html(request.say))
    }
}
