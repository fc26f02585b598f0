import Basics

extension PostalAddress {
    /// What the number under which VAT is paid is called where this is.
    public var taxNumberName: Text {
        switch country {
        case "CI": Text("N° de compte contribuable (NCC)", "Tax account number (NCC)")
        case "SN": Text("NINEA", "NINEA")
        case "BJ", "BF": Text("N° IFU", "IFU")
        case "ML", "TG", "NE": Text("NIF", "NIF")
        default: Text("N° de TVA", "VAT number")
        }
    }

    /// The same before the number on a document.
    public var shortTaxNumberName: Text {
        switch country {
        case "CI": Text("NCC", "NCC")
        case "BJ", "BF": Text("IFU", "IFU")
        case "SN", "ML", "TG", "NE": taxNumberName
        default: Text("TVA", "VAT")
        }
    }

    /// Not every country has postal codes.
    var hasPostalCodes: Bool { usualCurrency == nil }

    /// The currency of the West African Economic and Monetary Union, where this is in it.
    var usualCurrency: Currency? {
        ["CI", "SN", "BJ", "BF", "ML", "TG", "NE"].contains(country) ? .westAfricanFranc : nil
    }
}
