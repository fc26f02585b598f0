import Basics
import Core
import EInvoice

// Seller and buyer: names, numbers and addresses.
extension ElectronicInvoice {
    private enum Scheme {
        /// SIREN, of ISO 6523.
        static let siren = "0002"
        static let siret = "0009"
        /// Addresses in the directory of the French reform.
        static let directory = "0225"
        static let email = "EM"
    }

    /// Outside the scope of VAT an invoice may state no VAT number (BR-O-02).
    private var isOutsideVAT: Bool { print.vatRows.contains { $0.rate.category == .outside } }

    var sellerParty: EInvoice.Party {
        let seller = print.seller
        var out = EInvoice.Party(seller.name)
        out.legalInformation = print.mentions.footer.isEmpty ? nil : print.mentions.footer
        addNumbers(siren: seller.siren, siret: seller.siret, isFrench: form.isFrench, to: &out)
        if out.legalID == nil, !seller.tradeRegister.isEmpty {
            out.legalID = EInvoice.Identifier(seller.tradeRegister)
        }
        if isOutsideVAT || seller.vatNumber.isEmpty {
            // The tax office knows a company without a VAT number by its SIREN.
            let number = seller.vatNumber.isEmpty ? seller.siren : seller.vatNumber
            out.taxID = number.isEmpty ? nil : number
        } else {
            out.vatID = seller.vatNumber
        }
        out.electronicAddress =
            form.isFrench && !seller.siren.isEmpty
            ? EInvoice.Identifier(seller.siren, scheme: Scheme.directory) : mail(seller.email)
        out.address = EInvoice.Address(seller.address)
        if !seller.email.isEmpty || !seller.phone.isEmpty {
            var contact = EInvoice.Contact()
            contact.name = seller.name
            contact.phone = seller.phone.isEmpty ? nil : seller.phone
            contact.email = seller.email.isEmpty ? nil : seller.email
            out.contact = contact
        }
        return out
    }

    var buyerParty: EInvoice.Party {
        let buyer = print.buyer
        var out = EInvoice.Party(buyer.name)
        addNumbers(
            siren: buyer.siren, siret: buyer.siret, isFrench: buyer.address.isFrench, to: &out)
        if !isOutsideVAT, !buyer.vatNumber.isEmpty { out.vatID = buyer.vatNumber }
        out.electronicAddress =
            buyer.isFrenchCompany
            ? EInvoice.Identifier(buyer.siren, scheme: Scheme.directory) : mail(buyer.email)
        out.address = EInvoice.Address(buyer.address)
        if !buyer.contact.isEmpty {
            var contact = EInvoice.Contact()
            contact.name = buyer.contact
            out.contact = contact
        }
        return out
    }

    private func addNumbers(
        siren: String, siret: String, isFrench: Bool, to party: inout EInvoice.Party
    ) {
        if !siren.isEmpty {
            party.legalID = EInvoice.Identifier(siren, scheme: isFrench ? Scheme.siren : nil)
        }
        if isFrench, !siren.isEmpty, siret.hasPrefix(siren) {
            party.identifiers = [EInvoice.Identifier(siret, scheme: Scheme.siret)]
        }
    }

    private func mail(_ address: String) -> EInvoice.Identifier? {
        address.isEmpty ? nil : EInvoice.Identifier(address, scheme: Scheme.email)
    }
}

extension Buyer {
    /// Whether it is in the directory of the French reform.
    var isFrenchCompany: Bool { kind == .company && address.isFrench && !siren.isEmpty }

    /// What kind of sale it is for the French reform: within France between companies it is an e-invoice,
    /// everything else is reported. Nil where it cannot be told.
    var treatment: String? {
        switch (kind, address.isFrench) {
        case (.company, true): siren.isEmpty ? nil : "B2B"
        case (.company, false): "B2BINT"
        case (.person, true): "B2C"
        case (.person, false): "B2CINT"
        }
    }
}

extension PostalAddress {
    var isFrench: Bool { country == "FR" || country == "MC" }
}

extension EInvoice.Address {
    init(_ address: PostalAddress) {
        self.init()
        func given(_ text: String) -> String? { text.isEmpty ? nil : text }
        line = given(address.street)
        lineMore = given(address.streetMore)
        postalCode = given(address.postalCode)
        city = given(address.city)
        country = given(address.country)
    }
}
