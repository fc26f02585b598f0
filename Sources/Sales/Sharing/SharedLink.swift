import Basics
import Core
import Database

/// What a client's link opens: one quote, one invoice or one deposit request.
struct SharedSubject: Hashable, Sendable {
    enum Kind: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case quote, invoice
        case depositRequest = "deposit_request"

        /// Days that a link opens.
        var lifetimeDays: Int {
            switch self {
            case .quote: 90
            case .invoice: 365
            case .depositRequest: 180
            }
        }
        var subjectKind: SubjectKind {
            switch self {
            case .quote: .quote
            case .invoice: .invoice
            case .depositRequest: .depositRequest
            }
        }
        /// The first byte of a link, which stays what it is.
        fileprivate var mark: UInt8 {
            switch self {
            case .quote: 0
            case .invoice: 1
            case .depositRequest: 2
            }
        }
    }

    var kind: Kind
    var id: UniqueID
}

/// A signed address that expires, by which a client reads a document without an account. Whoever has
/// it can open it; nobody can make one up, or change what it opens or how long.
struct SharedLink: Hashable, Sendable {
    private static let signatureBytes = 16
    private static let purpose = "shared link"

    var organisation: Organisation.ID
    var subject: SharedSubject
    var madeAt: Instant
    var expiresAt: Instant

    init(to subject: SharedSubject, of organisation: Organisation.ID, at now: Instant) {
        self.organisation = organisation
        self.subject = subject
        madeAt = Instant(seconds: now.seconds)
        expiresAt = madeAt.adding(seconds: subject.kind.lifetimeDays * 86_400)
    }

    /// Nil for what was not signed here.
    init?(code: String, _ application: Application) {
        guard let bytes = Base64URL.bytes(code), bytes.count == 41 + Self.signatureBytes else {
            return nil
        }
        let content = Array(bytes.prefix(41))
        guard
            Digest.equal(
                Array(bytes.dropFirst(41)), Self.signature(content, application)),
            let kind = SharedSubject.Kind.allCases.first(where: { $0.mark == content[0] })
        else { return nil }
        organisation = ID(UniqueID(bytes: content[1..<17]))
        subject = SharedSubject(kind: kind, id: UniqueID(bytes: content[17..<33]))
        madeAt = Instant(seconds: Self.number(content[33..<37]))
        expiresAt = Instant(seconds: Self.number(content[37..<41]))
    }

    /// What stands in the address.
    func code(_ application: Application) -> String {
        var content: [UInt8] = [subject.kind.mark]
        content += organisation.value.bytes + subject.id.bytes
        content += Self.bytes(madeAt.seconds) + Self.bytes(expiresAt.seconds)
        return Base64URL.text(content + Self.signature(content, application))
    }

    func path(_ application: Application) -> String { "/shared/" + code(application) }

    private static func signature(_ content: [UInt8], _ application: Application) -> [UInt8] {
        Array(application.signature(of: content, for: purpose).prefix(signatureBytes))
    }

    /// Seconds since 1970 in four bytes, which last until 2106.
    private static func bytes(_ seconds: Int) -> [UInt8] {
        stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: seconds >> $0) }
    }
    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reduce(0) { $0 << 8 | Int($1) }
    }
}

/// What is known of a document's links.
struct SharedDocument: Record, Sendable {
    var revokedBefore: Instant?
    var firstOpenedAt: Instant?
    var lastOpenedAt: Instant?

    init(row: Row) throws {
        revokedBefore = try row["revoked_before"]
        firstOpenedAt = try row["first_opened_at"]
        lastOpenedAt = try row["last_opened_at"]
    }
}

extension Transaction {
    func sharedDocument(_ subject: SharedSubject) throws -> SharedDocument? {
        try first(
            """
            SELECT revoked_before, first_opened_at, last_opened_at FROM shared_documents
            WHERE organisation_id = \(organisation) AND subject_kind = \(subject.kind)
                AND subject_id = \(subject.id)
            """)
    }

    /// Notes that the client has looked; the first time stands in the journal.
    func noteOpening(of subject: SharedSubject, label: String) throws {
        let isKnown = try sharedDocument(subject)?.firstOpenedAt != nil
        try run(
            """
            INSERT INTO shared_documents (organisation_id, subject_kind, subject_id,
                first_opened_at, last_opened_at)
            VALUES (\(organisation), \(subject.kind), \(subject.id), \(now), \(now))
            ON CONFLICT (organisation_id, subject_kind, subject_id) DO UPDATE
            SET first_opened_at = coalesce(shared_documents.first_opened_at, \(now)),
                last_opened_at = \(now)
            """)
        guard !isKnown else { return }
        try record(.sharedDocumentOpened, subject.kind.subjectKind, subject.id, label: label)
    }

    /// Every link made until now opens nothing any more.
    func revokeLinks(to subject: SharedSubject, label: String) throws {
        try run(
            """
            INSERT INTO shared_documents (organisation_id, subject_kind, subject_id,
                revoked_before)
            VALUES (\(organisation), \(subject.kind), \(subject.id), \(now))
            ON CONFLICT (organisation_id, subject_kind, subject_id)
            DO UPDATE SET revoked_before = \(now)
            """)
        try record(.sharedLinksRevoked, subject.kind.subjectKind, subject.id, label: label)
    }
}

extension Action {
    static let sharedDocumentOpened = Action(
        "shared_document.opened",
        Text("a ouvert le document en ligne", "opened the document online"),
        icon: "eye")
    static let sharedLinksRevoked = Action(
        "shared_document.revoked",
        Text("a retiré les liens du client", "withdrew the client’s links"),
        icon: "circle-x")
}
