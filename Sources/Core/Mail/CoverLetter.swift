import Basics

/// The words that go with a document, in the language of the client, to be changed at will in
/// `MailForm`.
public struct CoverLetter: Sendable {
    public var subject: String
    public var body: String

    /// - Parameters:
    ///   - document: what is attached, as it stands in a sentence:
    ///     `Text("la facture F-2026-0012", "invoice F-2026-0012")`.
    ///   - facts: lines such as the amount and the due date.
    ///   - name: the person written to, empty when nobody in particular is.
    ///   - signature: the person who writes.
    public init(
        _ document: Text, title: Text, facts: [Text] = [], to name: String = "",
        in language: Language, from organisation: Organisation, signature: String
    ) {
        subject = "\(language(title)) — \(organisation.name)"
        let greeting =
            name.isEmpty
            ? language("Bonjour,", "Hello,") : "\(language("Bonjour", "Hello")) \(name),"
        let opening = language(
            "Veuillez trouver ci-joint \(document.french).",
            "Please find attached \(document.english).")
        let closing = language(
            "Nous restons à votre disposition pour toute question.",
            "Please do not hesitate to contact us with any question.")
        let regards = language("Cordialement,", "Kind regards,")
        let lines = facts.map { language($0) }.joined(separator: "\n")
        let signed = [
            signature, organisation.name,
            organisation.phone.isEmpty ? "" : PhoneNumber.shown(organisation.phone),
        ]
        .filter { !$0.isEmpty }.joined(separator: "\n")
        body = [greeting, opening, lines, closing, regards + "\n" + signed]
            .filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}
