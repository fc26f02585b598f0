import Basics
import Core
import EInvoice

extension SupplierDraft {
    /// The seller of an invoice, as far as what it states can be kept: numbers that are wrong, and the
    /// account to pay, are left for a person.
    init(seller invoice: EInvoice, _ received: ReceivedInvoice) {
        let seller = invoice.seller
        func line(_ text: String?, most: Int = 200) -> String {
            String(PlainText.line(text ?? "").unicodeScalars.prefix(most))
        }
        let name = line(seller?.name ?? seller?.tradingName)
        self.init(name: name.isEmpty ? received.fileName : name)
        siren = received.sellerSIREN
        let number = received.sellerVATNumber
        vatNumber = CompanyNumbers.isVATNumber(number) ? number : ""
        let stated = seller?.address
        let country = line(stated?.country, most: 2)
        address = PostalAddress(
            street: line(stated?.line), streetMore: line(stated?.lineMore),
            postalCode: line(stated?.postalCode, most: 20), city: line(stated?.city, most: 100),
            country: Countries.all.contains { $0.code == country } ? country : "FR")
        email = EmailAddress.normalized(line(seller?.contact?.email, most: 254)) ?? ""
    }
}
