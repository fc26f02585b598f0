import Basics
import Core
import Markup

extension EditorForm {
    /// Answers the form of an editor: shows it again after a button that only changes it or where
    /// something is wrong, else stores it.
    ///
    /// - Parameters:
    ///   - draft: reads the fields around the lines, which are read already.
    ///   - page: the editor; with problems the record may have changed meanwhile and is to be read anew.
    ///   - store: stores what was read; the button that was pressed, and the version that the person saw.
    mutating func answer<Draft>(
        _ request: Request, draft: (inout Input, [DocumentLine]) -> Draft,
        page: (EditorForm, EditorSurroundings, [FieldProblem]) throws -> Page,
        store: (Draft, _ button: String, _ version: Int?) throws -> Reply
    ) throws -> Reply {
        var form = self
        func shown(_ problems: [FieldProblem]) throws -> Page {
            let around = try request.read { try $0.surroundings(of: &form, request) }
            return try page(form, around, problems)
        }
        guard case .finish(let button) = button else {
            defer { self = form }
            return .page(try shown([]))
        }
        // What is stored shows nothing: only what the button does to the form is read.
        try request.read { _ = try $0.change(&form, request) }
        self = form
        var input = self.input
        let checked = lines.checked(rules)
        let draft = draft(&input, checked.lines)
        let version = input.whole("version", in: 1...Int(Int32.max))
        if let typed = values["prices"], !typed.isEmpty, Self.pricesIncludeVAT(typed) == nil {
            input.refuse("prices", Text("Hors taxes ou TTC.", "With VAT or without."))
        }
        for problem in checked.problems { input.refuse(problem) }
        do {
            try input.check()
            return try store(draft, button, version)
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return .page(try shown(problem.fields), status: problem.status)
        }
    }
}
