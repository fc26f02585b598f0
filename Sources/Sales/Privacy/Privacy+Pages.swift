import Basics
import Core
import HTTP

// What is held of one client, their consents, and the register.

extension Privacy {
    /// A page in which everything of a person stands is noted as reading, like a file that leaves.
    static func personalData(_ request: Request) throws -> Reply {
        let id: Client.ID = try request.id()
        let page = try request.write { transaction in
            let data = try transaction.personalData(of: id)
            try transaction.record(
                .personalDataRead, .client, id.value, label: data.client.name)
            return PersonalDataPage(data, request).page
        }
        return .page(page)
    }

    static func exportPersonalData(_ request: Request) throws -> Reply {
        let id: Client.ID = try request.id()
        let data = try request.read { try $0.personalData(of: id) }
        return .file(
            data.json(request).bytes, name: "\(data.client.number).json", type: "application/json",
            inline: false)
    }

    static func consents(_ request: Request) throws -> Reply {
        .page(try consentPage(request, ["decided_on": request.today.iso], []))
    }

    private static func consentPage(
        _ request: Request, _ values: [String: String], _ problems: [FieldProblem]
    ) throws -> Page {
        let id: Client.ID = try request.id()
        return try request.read { transaction in
            ConsentCard(
                try transaction.client(id), try transaction.consents(of: id), request,
                contacts: try transaction.contacts(of: id), values: values, problems: problems
            ).page
        }
    }

    static func noteConsent(_ request: Request) throws -> Reply {
        let id: Client.ID = try request.id()
        let client = try request.read { try $0.client(id) }
        var input = Input(try request.form().fields)
        do {
            let draft = try ConsentDraft(&input, today: request.today)
            let path = try request.once {
                try $0.noteConsent(of: id, draft)
                return client.path + "/consents"
            }
            return .done(at: path, say: Text("Réponse notée.", "Answer noted."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return .page(
                try consentPage(request, input.typed, problem.fields), status: problem.status)
        }
    }

    static func register(_ request: Request) throws -> Reply {
        let (rules, pastTerm) = try request.read {
            (try $0.retentionRules(), try $0.documentsPastTerm())
        }
        return .page(RegisterPage(rules, documentsPastTerm: pastTerm, nil, [], request).page)
    }

    static func saveRetention(_ request: Request) throws -> Reply {
        var input = Input(try request.form().fields)
        for category in RetentionCategory.allCases
        where (input.typed["months_" + category.rawValue] ?? "").isEmpty {
            input.refuse("months_" + category.rawValue, Input.missing)
        }
        let rules = RetentionCategory.allCases.map { category in
            RetentionRule(
                category: category,
                months: input.whole("months_" + category.rawValue, in: 1...RetentionRule.mostMonths)
                    ?? category.usualMonths,
                erases: input.flag("erases_" + category.rawValue))
        }
        do {
            try input.check()
            try request.write { try $0.saveRetention(rules) }
            return .done(
                at: "/settings/privacy", say: Text("Durées enregistrées.", "Terms saved."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            let pastTerm = try request.read { try $0.documentsPastTerm() }
            return .page(
                RegisterPage(
                    rules, documentsPastTerm: pastTerm, input.typed, problem.fields, request
                ).page, status: problem.status)
        }
    }
}
