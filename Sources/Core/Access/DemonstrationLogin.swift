/// How to try the product.
public struct DemonstrationLogin: Sendable {
    public var email: String
    public var password: String
    public var role: Role

    public init(email: String, password: String, role: Role) {
        self.email = email
        self.password = password
        self.role = role
    }
}
