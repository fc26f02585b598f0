import Basics
import Core
import Database

/// What somebody said about one use of their data. The last word holds.
struct Consent: Record, Sendable {
    enum Purpose: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case letters, reviews, photos, reference

        var label: Text {
            switch self {
            case .letters: Text("Recevoir des lettres d’information", "Receive newsletters")
            case .reviews: Text("Être sollicité pour un avis", "Be asked for a review")
            case .photos: Text("Publier des photos du travail", "Publish photos of the work")
            case .reference: Text("Être cité comme référence", "Be named as a reference")
            }
        }
    }

    /// How it was said.
    enum Channel: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case paper, mail, phone, inPerson = "in_person", online

        var label: Text {
            switch self {
            case .paper: Text("par écrit, sur papier", "in writing, on paper")
            case .mail: Text("par courriel", "by mail")
            case .phone: Text("par téléphone", "by phone")
            case .inPerson: Text("de vive voix", "in person")
            case .online: Text("en ligne", "online")
            }
        }
    }

    var contact: Contact.ID?
    /// Of the contact, while there is one.
    var contactName: String?
    var purpose: Purpose
    var isGiven: Bool
    var decidedOn: Day
    var channel: Channel
    var notedBy: String

    init(row: Row) throws {
        contact = try row["contact_id"]
        contactName = try row["contact_name"]
        purpose = try row["purpose"]
        isGiven = try row["is_given"]
        decidedOn = try row["decided_on"]
        channel = try row["channel"]
        notedBy = try row["noted_by_name"]
    }
}

struct ConsentDraft: Sendable {
    var contact: Contact.ID?
    var purpose: Consent.Purpose
    var isGiven: Bool
    var decidedOn: Day
    var channel: Consent.Channel

    private enum Answer: String { case yes, no }

    /// Throws `Problem.invalid` by field.
    init(_ input: inout Input, today: Day) throws {
        contact = (input.typed["contact"] ?? "").isEmpty ? nil : input.id("contact")
        purpose = input.choice("purpose", or: .letters)
        isGiven = input.choice("answer", of: Answer.self, or: .no) == .yes
        decidedOn = input.day("decided_on") ?? today
        if decidedOn > today {
            input.refuse(
                "decided_on", Text("Cette date est dans l’avenir.", "This date is in the future."))
        }
        channel = input.choice("channel", or: .paper)
        // A word of somebody is noted as it was said, or not at all.
        for field in ["purpose", "answer", "decided_on", "channel"]
        where (input.typed[field] ?? "").isEmpty {
            input.refuse(field, Input.missing)
        }
        try input.check()
    }
}

extension Transaction {
    /// Newest first.
    func consents(of client: Client.ID) throws -> [Consent] {
        try all(
            """
            SELECT s.contact_id, c.name AS contact_name, s.purpose, s.is_given, s.decided_on,
                s.channel, s.noted_by_name
            FROM consents s
            LEFT JOIN contacts c ON c.organisation_id = \(organisation) AND c.id = s.contact_id
            WHERE s.organisation_id = \(organisation) AND s.client_id = \(client)
            ORDER BY s.decided_on DESC, s.noted_at DESC, s.id DESC
            """)
    }

    /// Notes what somebody agreed to or took back.
    func noteConsent(of id: Client.ID, _ draft: ConsentDraft) throws {
        let client = try client(id)
        try client.refuseErased()
        if let contact = draft.contact { _ = try self.contact(contact, of: id) }
        let consent: ID<Consent> = newID()
        try run(
            """
            INSERT INTO consents (organisation_id, id, client_id, contact_id, purpose, is_given,
                decided_on, channel, noted_at, noted_by, noted_by_name)
            VALUES (\(organisation), \(consent), \(id), \(draft.contact), \(draft.purpose),
                \(draft.isGiven), \(draft.decidedOn), \(draft.channel), \(now), \(scope.user?.id),
                \(scope.actorName))
            """)
        try record(
            draft.isGiven ? .consentGiven : .consentWithdrawn, .client, id.value,
            label: client.name,
            details: [
                "purpose": .string(draft.purpose.rawValue),
                "channel": .string(draft.channel.rawValue),
            ])
    }
}

extension Action {
    static let consentGiven = Action(
        "consent.given", Text("a noté un consentement de", "noted a consent of"), icon: "check")
    static let consentWithdrawn = Action(
        "consent.withdrawn",
        Text("a noté le retrait d’un consentement de", "noted a withdrawn consent of"),
        icon: "x")
}
