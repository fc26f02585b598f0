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
}
