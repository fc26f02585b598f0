import Basics
import Core

// How a line becomes a client: words are ours, and then the form's own draft checks it.

extension LineReader {
    private static let kinds: [String: String] = {
        let company = [
            "entreprise", "societe", "company", "business", "professionnel", "pro", "b2b",
            "association", "administration", "grand compte", "pme pmi", "tpe", "startup",
            "grossiste", "revendeur", "government", "charity", "partnership", "trust", "llc",
            "te admin", "te group", "te large", "te medium", "te small", "te startup", "te retail",
            "te wholesale", "te wholesaler",
        ]
        let person = [
            "particulier", "personne", "person", "individual", "individu prive", "private",
            "private person", "private individual", "te private", "b2c",
        ]
        // Dolibarr: a kind that nobody chose.
        let unsaid = ["autre", "other", "te other", "te unknown", "unknown", "inconnu"]
        return Dictionary(
            uniqueKeysWithValues: company.map { ($0, "company") } + person.map { ($0, "person") }
                + unsaid.map { ($0, "") })
    }()

    /// Dolibarr writes 1 for a client, 2 for a prospect, 3 for both, 0 for neither.
    private static let stages = [
        "client": "client", "customer": "client", "1": "client", "3": "client", "oui": "client",
        "actif": "client", "active": "client", "prospect client": "client",
        "prospect": "prospect", "2": "prospect", "lead": "prospect",
        "0": "neither", "fournisseur": "neither", "supplier": "neither", "non": "neither",
    ]
    private static let languages = [
        "fr": "fr", "francais": "fr", "french": "fr", "fr fr": "fr", "fr be": "fr", "fr ch": "fr",
        "fr ca": "fr", "en": "en", "anglais": "en", "english": "en", "en us": "en", "en gb": "en",
    ]
    private static let countries: [String: String] = Dictionary(
        Countries.all.flatMap { country in
            [country.code, country.name.french, country.name.english]
                .map { (PlainText.folded($0), country.code) }
        }, uniquingKeysWith: { first, _ in first })

    func clientLine(_ row: inout ImportRow) -> StagedLine {
        row.choose("stage", LineReader.stages)
        if row["stage"] == "neither" {
            var line = StagedLine(row)
            line.isSkipped = true
            return line
        }
        prepareClient(&row)
        var input = row.input()
        let draft = ClientDraft(&input, country: organisation.address.country)
        row.refuse(input.problems)
        let contact = contactDraft(&row, country: draft.address.country)
        let reference = PlainText.line(row["external_reference"])
        if reference.count > 60 {
            row.refuse("external_reference", Text("60 caractères au plus", "at most 60 characters"))
        }
        var line = StagedLine(row)
        line.take(draft, row, reference)
        line.contact = contact
        return line
    }

    private func prepareClient(_ row: inout ImportRow) {
        row.choose("kind", LineReader.kinds)
        row.choose("language", LineReader.languages)
        row.choose("country", LineReader.countries)
        let person = PlainText.line(row["first_name"] + " " + row["last_name"])
        if !row.has("name"), !person.isEmpty {
            row.set("name", person)
            let numbers = row["siren"] + row["siret"] + row["vat_number"]
            if !row.has("kind"), numbers.isEmpty { row.set("kind", "person") }
        }
        // Several in one cell: the first one.
        for field in ["email", "contact_email"] {
            let first = row[field].split { ",; ".contains($0) }.first
            row.set(field, first.map(String.init) ?? "")
        }
        if !row.has("email") { row.set("email", row["contact_email"]) }
        for field in ["phone", "contact_phone"] {
            row.set(field, firstNumber(row[field], row["country"]))
        }
        if row["siren"].filter(\.isNumber).count == 14, !row.has("siret") {
            row.set("siret", row["siren"])
            row.set("siren", "")
        }
        // Elsewhere companies have numbers of other kinds, which exports write into the same column.
        if row.has("country"), row["country"] != "FR", row["country"] != "MC" {
            for field in ["siren", "siret"]
            where !CompanyNumbers.isSIREN(
                String(CompanyNumbers.compact(row[field]).prefix(9)))
            {
                row.set(field, "")
            }
        }
        row.set("notes", LineReader.text(row["notes"]))
        prepareTerms(&row)
    }

    /// `30 jours fin de mois`, `Net 30`, `à réception`.
    private func prepareTerms(_ row: inout ImportRow) {
        guard row.has("payment_days") else { return }
        let text = PlainText.folded(row["payment_days"])
        let digits = text.drop { !$0.isNumber }.prefix { $0.isNumber }
        if text.contains("fin de mois") || text.contains("end of month")
            || text.contains("endmonth")
        {
            row.set("payment_end_of_month", "on")
        }
        if !digits.isEmpty {
            row.set("payment_days", String(digits))
        } else if text.contains("reception") || text.contains("receipt") || text.contains("recep") {
            row.set("payment_days", "0")
        } else {
            row.refuse("payment_days", Text("délai illisible", "unreadable terms"))
            row.set("payment_days", "")
        }
    }

    private func firstNumber(_ text: String, _ country: String) -> String {
        let place = country.isEmpty ? organisation.address.country : country
        if text.isEmpty || PhoneNumber.normalized(text, country: place) != nil { return text }
        let parts = text.split { "/;,".contains($0) }.map { PlainText.line(String($0)) }
        return parts.first { PhoneNumber.normalized($0, country: place) != nil } ?? text
    }

    /// Dolibarr writes line breaks as `\n`, and notes with tags.
    static func text(_ text: String) -> String {
        text.replacing("\\n", with: "\n").replacing("<br />", with: "\n").replacing(
            "<br>", with: "\n")
    }
}

extension StagedLine {
    fileprivate mutating func take(_ draft: ClientDraft, _ row: ImportRow, _ reference: String) {
        self.reference = reference
        (siren, siret, email, name) = (draft.siren, draft.siret, draft.email, draft.name)
        postalCode = draft.address.postalCode
        record = StagedLine.record(draft, row, reference)
        shown = [
            "name": draft.name, "first_name": draft.name, "last_name": draft.name,
            "phone": draft.phone, "email": draft.email, "siren": draft.siren,
            "siret": draft.siret, "vat_number": draft.vatNumber, "country": draft.address.country,
            "payment_days": draft.paymentDays.map(String.init) ?? "", "notes": draft.notes,
        ]
    }

    static func record(_ draft: ClientDraft, _ row: ImportRow, _ reference: String) -> JSON {
        let address = draft.address
        let isPerson = draft.kind == .person
        return [
            "external_reference": .given(reference), "name": .given(draft.name),
            "kind": row.has("kind") || isPerson ? .string(draft.kind.rawValue) : .null,
            "stage": row.has("stage") ? .string(draft.stage.rawValue) : .null,
            "email": .given(draft.email), "phone": .given(draft.phone),
            "website": .given(draft.website), "sector": .given(draft.sector),
            "siren": .given(draft.siren), "siret": .given(draft.siret),
            "vat_number": .given(draft.vatNumber), "street": .given(address.street),
            "street_more": .given(address.streetMore), "postal_code": .given(address.postalCode),
            "city": .given(address.city),
            "country": row.has("country") ? .string(address.country) : .null,
            "tags": draft.tags.isEmpty ? .null : .array(draft.tags.map(JSON.string)),
            "notes": .given(draft.notes), "payment_days": JSON(draft.paymentDays),
            "payment_end_of_month": row.has("payment_days")
                ? .bool(draft.paymentEndOfMonth) : .null,
            "language": row.has("language") ? .string(draft.language.rawValue) : .null,
        ]
    }
}
