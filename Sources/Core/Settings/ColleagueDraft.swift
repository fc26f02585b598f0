import Basics

/// Somebody who is to have access.
struct ColleagueDraft: Sendable {
    var name: String
    var email: String
    var role: Role
    /// What they sign in with the first time.
    var password: String

    static let longestName = 100

    init(_ input: inout Input) {
        name = input.line("name", required: true, most: ColleagueDraft.longestName)
        email = input.email("email", required: true)
        role = input.choice("role", or: .agent)
        if input.typed["role", default: ""].isEmpty { input.refuse("role", Input.missing) }
        password = input.typed["password"] ?? ""
        if password.isEmpty {
            password = PasswordRule.initialPassword()
        } else if let problem = PasswordRule.problem(with: password, email: email) {
            input.refuse("password", problem)
        }
    }
}
