import Basics

extension Problem {
    /// Problems that a form shows again with what was typed, rather than a page of their own.
    public var isShownInForm: Bool {
        switch self {
        case .invalid, .conflict: true
        default: false
        }
    }
    /// The fields to point at; a conflict points at the form as a whole.
    public var fields: [FieldProblem] {
        switch self {
        case .invalid(let problems): problems
        case .conflict(let text): [FieldProblem("form", text)]
        default: []
        }
    }

    /// Somebody else saved the record after this form was opened.
    public static let changedMeanwhile = Problem.conflict(
        Text(
            "Quelqu’un a modifié cette fiche entre-temps. Vos saisies sont là : "
                + "comparez-les avec la fiche actuelle, puis enregistrez.",
            "Someone changed this record meanwhile. Your entries are kept: "
                + "compare them with the current record, then save."))
}
