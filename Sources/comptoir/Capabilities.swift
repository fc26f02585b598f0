import Core
import Sales

/// What Comptoir can do: each capability is a folder of its own, and its file of the same name begins
/// with its routes. Start reading at one of these.
let capabilities: [any Capability.Type] = [
    // Core
    FirstStart.self,
    SignIn.self,
    Jobs.self,
    Integrity.self,
    // Sales
    Clients.self,
]
