import Basics
import Database

/// The steps of the guided first start, in their order.
enum SetupStep: Int, CaseIterable, Sendable {
    case company = 1
    case vat, bank, look, numbering

    /// Whom and how to tax: nothing can be invoiced without these two.
    static let lastNecessary = SetupStep.vat

    /// The series that a company may have begun in another program.
    static let series: [NumberSeries] = [.quote, .order, .invoice, .creditNote]

    var label: Text {
        switch self {
        case .company: Text("Votre entreprise", "Your company")
        case .vat: Text("TVA et devise", "VAT and currency")
        case .bank: Text("Banque et délais", "Bank and terms")
        case .look: Text("Logo et couleur", "Logo and colour")
        case .numbering: Text("Numérotation", "Numbering")
        }
    }

    var explanation: Text {
        switch self {
        case .company:
            Text(
                "Ces lignes paraîtront en tête de vos devis et factures.",
                "These lines will stand at the head of your quotes and invoices.")
        case .vat:
            Text(
                "Choisissez le régime indiqué par votre comptable ; il fixe les taux proposés.",
                "Choose the scheme that your accountant names; it sets the rates offered.")
        case .bank:
            Text(
                "Vos clients verront cet IBAN sur chaque facture.",
                "Your clients will see this IBAN on each invoice.")
        case .look:
            Text(
                "L’aperçu de la facture change quand vous enregistrez.",
                "The preview of the invoice changes when you save.")
        case .numbering:
            Text(
                "Comptoir compte à partir de là, sans jamais réutiliser un numéro.",
                "Comptoir counts from there and never uses a number twice.")
        }
    }

    var address: String {
        switch self {
        case .company: "/setup/company"
        case .vat: "/setup/vat"
        case .bank: "/setup/bank"
        case .look: "/setup/look"
        case .numbering: "/setup/numbering"
        }
    }

    var next: SetupStep? { SetupStep(rawValue: rawValue + 1) }
}

/// How far the first start has come, with what its pages show beside their form.
struct SetupState: Sendable {
    /// Steps saved so far.
    var saved: Int
    var logoHash: String?
    var series: [SeriesState]
    var currencyIsFixed: Bool

    func isDone(_ step: SetupStep) -> Bool { step.rawValue <= saved }
    /// Where a person who comes back goes on.
    var current: SetupStep { SetupStep(rawValue: saved + 1) ?? .numbering }
    var isUsable: Bool { isDone(.lastNecessary) }
}

extension Transaction {
    func setupState() throws -> SetupState {
        SetupState(
            saved: try value(
                "SELECT setup_step FROM organisations WHERE id = \(organisation)") ?? 0,
            logoHash: try logoHash(), series: try seriesStates(SetupStep.series),
            currencyIsFixed: try currencyIsFixed())
    }

    /// Notes that a step was saved; one that comes back to an earlier step loses nothing.
    func noteSetupStep(_ step: SetupStep) throws {
        try run(
            """
            UPDATE organisations SET setup_step = greatest(setup_step, \(step.rawValue))
            WHERE id = \(organisation)
            """)
    }

    /// Opens the program to everyone in the organisation.
    func finishSetup() throws {
        let current = try lockedOrganisation(version: nil)
        guard !current.isSetUp else { return }
        guard try setupState().isUsable else {
            throw Problem.conflict(
                Text(
                    "Enregistrez d’abord votre entreprise et votre TVA.",
                    "Save your company and your VAT first."))
        }
        try run(
            """
            UPDATE organisations SET is_set_up = true, version = version + 1
            WHERE id = \(organisation)
            """)
        try record(
            .organisationSetUp, .organisation, organisation.value, label: current.name)
    }
}

extension Action {
    static let organisationSetUp = Action(
        "organisation.set_up", Text("a préparé Comptoir pour", "set up Comptoir for"),
        icon: "building-2")
}
