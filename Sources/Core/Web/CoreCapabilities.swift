extension Application {
    /// What every program built on Core has.
    public static let coreCapabilities: [any Capability.Type] = [
        HomePages.self, FirstStart.self, SignIn.self, Setup.self, PasswordReset.self,
        CompanySignIn.self, MyAccount.self, SecondFactorPages.self, Passkeys.self,
        Settings.self, Roles.self, Invitations.self, Search.self, Journal.self, Mails.self,
        Jobs.self,
        Integrity.self,
        Backups.self, Encryption.self, API.self, TokenExchange.self, Webhooks.self, Live.self,
        Watching.self, Administration.self, DataBrowser.self,
    ]

    /// How often each access token may ask, unless the start says otherwise.
    public static let standardRequestsPerMinute = RateLimit.standardRequests
    /// How often an address may ask for pages without being signed in.
    public static let standardVisitorRequestsPerMinute = RateLimit.standardVisitorRequests
}
