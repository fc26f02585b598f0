import Core
import Sales

/// What Comptoir can do: each capability is a folder of its own, and its file of the same name begins
/// with its routes. Start reading at one of these.
let capabilities: [any Capability.Type] = [
    // Core
    FirstStart.self,
    SignIn.self,
    Setup.self,
    MyAccount.self,
    Settings.self,
    HomePages.self,
    Jobs.self,
    Journal.self,
    Search.self,
    Integrity.self,
    // Sales
    Clients.self,
    Catalogue.self,
    Quotes.self,
    Orders.self,
    Invoicing.self,
]
