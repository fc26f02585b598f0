import Basics
import Core

// How a card becomes a contact of its company, and how a line of a client brings one along.

extension LineReader {
    /// The fields of a contact as a card or a client’s line calls them, by the name they have in the
    /// form of contacts.
    private static let names = [
        "contact_name": "name", "contact_position": "position", "contact_email": "email",
        "contact_phone": "phone",
    ]

    /// Nil when the line names nobody.
    func contactDraft(_ row: inout ImportRow, country: String) -> JSON? {
        let person = PlainText.line(row["contact_first_name"] + " " + row["contact_last_name"])
        if !row.has("contact_name") { row.set("contact_name", person) }
        guard row.has("contact_name") else { return nil }
        var input = row.input(LineReader.names, only: Array(LineReader.names.keys))
        let draft = ContactDraft(&input, country: country)
        row.refuse(input.problems, LineReader.names)
        return [
            "name": .string(draft.name), "position": .string(draft.position),
            "email": .string(draft.email), "phone": .string(draft.phone),
        ]
    }

    /// A card without a company is a private person, who is also the contact.
    func contactLine(_ row: inout ImportRow) -> StagedLine {
        if !row.has("contact_name") { row.set("contact_name", row["name"]) }
        if !row.has("name") {
            row.set("name", row["contact_name"])
            row.set("kind", "person")
            row.set("email", row["contact_email"])
            row.set("phone", row["contact_phone"])
        }
        guard row.has("name") else {
            row.refuse(LineProblem.emptyCard)
            return StagedLine(row)
        }
        prepareCard(&row)
        var input = row.input(only: [
            "name", "kind", "email", "phone", "street", "street_more", "postal_code", "city",
            "country", "website", "notes",
        ])
        let draft = ClientDraft(&input, country: organisation.address.country)
        // What a person's card has wrong is said of the contact.
        row.refuse(input.problems.filter { !["email", "phone"].contains($0.field) })
        let contact = contactDraft(&row, country: draft.address.country)
        var line = StagedLine(row)
        line.name = draft.name
        line.email = draft.email
        line.record = StagedLine.record(draft, row, "")
        line.contact = contact
        line.shown = [
            "name": draft.name, "country": draft.address.country,
            "contact_name": contact?["name"]?.string ?? "",
            "contact_phone": contact?["phone"]?.string ?? "",
            "contact_email": contact?["email"]?.string ?? "",
        ]
        return line
    }

    /// Books write countries in every way; one that is unknown is that of the organisation.
    private func prepareCard(_ row: inout ImportRow) {
        let wanted = PlainText.folded(row["country"])
        let known = Countries.all.first { country in
            [country.code, country.name.french, country.name.english]
                .contains { PlainText.folded($0) == wanted }
        }
        row.set("country", known?.code ?? "")
    }
}

extension VCard {
    /// By the names of our fields.
    var values: [String: String] {
        [
            "name": organisation, "contact_name": name, "contact_position": position,
            "contact_email": email, "contact_phone": phone, "street": street,
            "street_more": streetMore, "postal_code": postalCode, "city": city,
            "country": country, "website": website, "notes": note,
        ]
    }
}
