import Basics

extension Session {
    /// A program that is nobody's own, or this one itself: it may read and do what an owner may, within
    /// the scopes of its token.
    init(ofProgram name: String, in organisation: Organisation, lastSeenAt: Instant) {
        user = User(program: name, speaking: organisation.language)
        self.organisation = organisation
        role = .owner
        self.lastSeenAt = lastSeenAt
    }
}

extension User {
    /// Stands where a person is expected, and in no table.
    fileprivate init(program name: String, speaking language: Language) {
        id = ID(UniqueID(high: 0, low: 0))
        email = ""
        self.name = name
        self.language = language
        theme = .auto
        hasSecondFactor = false
        hasPasskey = false
    }
}
