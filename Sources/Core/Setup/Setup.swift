import Basics
import HTTP

/// The guided first start: while an organisation is not set up, its owner sees these pages only. Each
/// step saves by itself, so the person can go back, leave, and come back another day.
public enum Setup: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get("setup", .manageOrganisation, resume)
        routes.get("setup/company", .manageOrganisation) { try show(.company, $0) }
        routes.get("setup/vat", .manageOrganisation) { try show(.vat, $0) }
        routes.get("setup/bank", .manageOrganisation) { try show(.bank, $0) }
        routes.get("setup/look", .manageOrganisation) { try show(.look, $0) }
        routes.get("setup/numbering", .manageOrganisation) { try show(.numbering, $0) }
        routes.post("setup/company", .manageOrganisation) {
            try save(CompanyDraft.self, .company, $0)
        }
        routes.post("setup/vat", .manageOrganisation) {
            try save(VATDraft.self, .vat, $0)
        }
        routes.post("setup/bank", .manageOrganisation) {
            try save(TermsDraft.self, .bank, $0)
        }
        routes.post(
            "setup/look", .manageOrganisation, mostBytes: Logo.mostUploadedBytes, saveLook)
        routes.post(
            "setup/numbering", .manageOrganisation, saveNumbering)
        routes.post("setup/finish", .manageOrganisation, finish)
    }

    public static let actions: [Action] = [.organisationSetUp]

    /// What an owner may still reach before the set-up is finished.
    static func isOpenBefore(_ route: Routes.Route) -> Bool {
        route.pattern.hasPrefix("setup")
            || [
                "sign-out", "logo", "account/organisation", "settings/numbering/preview",
            ].contains(route.pattern)
    }

    private static func resume(_ request: Request) throws -> Reply {
        throw Redirection(path: try state(request).current.address)
    }

    private static func show(_ step: SetupStep, _ request: Request) throws -> Reply {
        let state = try state(request)
        var values = request.organisation.formValues(request.say)
        values.merge(NumberingTable.values(state.series)) { _, series in series }
        if step == .vat, !state.isDone(.vat) { propose(&values, request) }
        return .page(SetupPage(step, state, values, [], request).page)
    }

    /// The rate and the currency of the country that was just chosen.
    private static func propose(_ values: inout [String: String], _ request: Request) {
        let address = request.organisation.address
        if let currency = address.usualCurrency { values["currency"] = currency.code }
        let usual = request.organisation.defaultVATRate
        guard VATTable.objection(to: usual, from: address.country, on: request.today) != nil,
            let first = VATTable.offered(at: address, on: request.today).first
        else { return }
        values["default_vat_rate"] = request.say.decimal(
            first.hundredths, decimals: Percentage.decimals)
    }

    /// Whoever comes here when all is done is led to where they belong.
    private static func state(_ request: Request) throws -> SetupState {
        if request.organisation.isSetUp { throw Redirection(path: "/") }
        return try request.read { try $0.setupState() }
    }

    private static func save<Draft: OrganisationDraft>(
        _: Draft.Type, _ step: SetupStep, _ request: Request
    ) throws -> Reply {
        try answer(step, request) { input in
            let draft = Draft(&input, request.organisation)
            let version = input.whole("version", in: 1...Int(Int32.max))
            try input.check()
            try request.write { transaction in
                try transaction.updateOrganisation(draft, version: version)
                try transaction.noteSetupStep(step)
            }
        }
    }

    private static func saveLook(_ request: Request) throws -> Reply {
        try answer(.look, request) { input in
            let draft = ColorDraft(&input, request.organisation)
            let version = input.whole("version", in: 1...Int(Int32.max))
            let logo = try request.upload("logo").map(Logo.init(uploaded:))
            try input.check()
            try request.write { transaction in
                try transaction.updateOrganisation(draft, version: version)
                if let logo { try transaction.saveLogo(logo) }
                try transaction.noteSetupStep(.look)
            }
        }
    }

    private static func saveNumbering(_ request: Request) throws -> Reply {
        try answer(.numbering, request) { input in
            let draft = NumberingDraft(&input, SetupStep.series)
            try input.check()
            try request.write { transaction in
                try transaction.changeNumbering(draft)
                try transaction.noteSetupStep(.numbering)
                if try transaction.setupState().isUsable { try transaction.finishSetup() }
            }
        }
    }

    private static func finish(_ request: Request) throws -> Reply {
        try request.write { try $0.finishSetup() }
        return .done(at: "/", say: welcome)
    }

    /// Carries a step out and leads to the next; a refused form is shown again as it was typed.
    private static func answer(
        _ step: SetupStep, _ request: Request, _ body: (inout Input) throws -> Void
    ) throws -> Reply {
        let state = try state(request)
        var input = Input(try request.form().fields)
        do {
            try body(&input)
            guard let next = step.next else {
                return .done(at: "/", say: state.isUsable ? welcome : nil)
            }
            return .done(at: next.address)
        } catch Problem.tooLarge(let text) where !request.isAPI {
            let problems = [FieldProblem("logo", text)]
            return .page(
                SetupPage(step, state, input.typed, problems, request).page, status: 413)
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return .page(
                SetupPage(step, state, input.typed, problem.fields, request).page,
                status: problem.status)
        }
    }

    private static let welcome = Text(
        "Tout est prêt. Bienvenue dans Comptoir !", "All is ready. Welcome to Comptoir!")
}
