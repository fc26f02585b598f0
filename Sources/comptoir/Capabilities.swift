import Core
import Sales

/// What Comptoir can do: each capability is a folder of its own, and its file of the same name begins
/// with its routes. Start reading at one of these.
let capabilities: [any Capability.Type] =
    Application.coreCapabilities + [
        Clients.self,
        Privacy.self,
        Catalogue.self,
        Quotes.self,
        Calculations.self,
        Orders.self,
        MyDay.self,
        Deposits.self,
        Invoicing.self,
        RecurringInvoices.self,
        EInvoices.self,
        Layouts.self,
        Sending.self,
        Sharing.self,
        MyDocuments.self,
        Payments.self,
        Receivables.self,
        ReceivedInvoices.self,
        Suppliers.self,
        Platforms.self,
        Statistics.self,
        Books.self,
        Imports.self,
        NumberIntegrity.self,
    ]
