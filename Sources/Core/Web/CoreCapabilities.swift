extension Application {
    /// What every program built on Core has.
    public static let coreCapabilities: [any Capability.Type] = [
        HomePages.self, FirstStart.self, SignIn.self, Setup.self, PasswordReset.self,
        CompanySignIn.self, MyAccount.self, SecondFactorPages.self, Settings.self,
        Roles.self, Invitations.self, Search.self, Journal.self, Mails.self, Jobs.self,
        Integrity.self,
        Backups.self, Encryption.self, API.self, TokenExchange.self, Webhooks.self, Live.self,
        Watching.self, Administration.self, DataBrowser.self,
    ]
}
