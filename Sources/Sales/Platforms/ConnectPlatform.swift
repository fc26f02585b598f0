import Basics
import Core
import Database
import WebClient

/// The form of the platform.
struct PlatformDraft: Sendable {
    static let longestSecret = 4000

    var flowURL: String
    var tokenURL: String
    var clientID: String
    /// Empty: the one that is kept.
    var secret: String
    var scope: String
    var isActive: Bool
    var since: Day

    init(_ input: inout Input, _ request: Request, isNew: Bool) {
        flowURL = Self.address("flow_url", &input, request)
        tokenURL = Self.address("token_url", &input, request)
        clientID = input.line("client_id", required: true)
        scope = input.line("scope")
        isActive = input.flag("is_active")
        since = input.day("since", required: true) ?? request.today
        // As it was typed: spaces belong to a secret.
        secret = input.typed["client_secret"] ?? ""
        if secret.isEmpty, isNew { input.refuse("client_secret", Input.missing) }
        if secret.utf8.count > Self.longestSecret
            || secret.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
        {
            input.refuse(
                "client_secret",
                Text("Ce secret ne convient pas.", "This secret cannot be used."))
        }
    }

    private static func address(_ field: String, _ input: inout Input, _ request: Request)
        -> String
    {
        let text = input.line(field, required: true, most: WebAddress.maximumLength)
        guard !text.isEmpty else { return text }
        guard let address = WebAddress(text), !text.contains("?") else {
            input.refuse(
                field,
                Text(
                    "Adresse attendue, comme https://api.exemple.fr/flow-service.",
                    "An address such as https://api.example.com/flow-service."))
            return text
        }
        if !request.application.webClient.allows(address) {
            input.refuse(
                field,
                Text(
                    "L’adresse commence par https:// et mène à l’internet public.",
                    "The address begins with https:// and leads to the public internet."))
        }
        return text
    }
}

extension Transaction {
    /// Says how the platform is reached. What was issued since the day that is named and nobody handed
    /// over yet waits for it from now on.
    func connectPlatform(_ draft: PlatformDraft, version: Int?, _ keys: KeyRing) throws {
        guard CompanyNumbers.isSIREN(scope.organisation.siren) else {
            throw Problem.conflict(
                Text(
                    "Une plateforme connaît votre entreprise par son SIREN : indiquez-le d’abord dans "
                        + "Réglages › Entreprise.",
                    "A platform knows your company by its SIREN: enter it first in Settings › Company."
                ))
        }
        let before = try platformConnection()
        let place = PlatformConnection.place(organisation)
        let secret =
            draft.secret.isEmpty
            ? before?.sealedSecret ?? [] : try keys.seal(Array(draft.secret.utf8), for: place)
        if let before {
            guard version == nil || version == before.version else {
                throw Problem.changedMeanwhile
            }
        }
        try run(
            """
            INSERT INTO platform_connections (organisation_id, flow_url, token_url, client_id,
                client_secret, scope, is_active, since, collected_until, created_at)
            VALUES (\(organisation), \(draft.flowURL), \(draft.tokenURL), \(draft.clientID),
                \(secret), \(draft.scope), \(draft.isActive), \(draft.since),
                \(draft.since)::timestamp AT TIME ZONE 'UTC', \(now))
            ON CONFLICT (organisation_id) DO UPDATE SET flow_url = excluded.flow_url,
                token_url = excluded.token_url, client_id = excluded.client_id,
                client_secret = excluded.client_secret, scope = excluded.scope,
                is_active = excluded.is_active, since = excluded.since, problem = NULL,
                collected_until = CASE WHEN excluded.flow_url = platform_connections.flow_url
                    THEN platform_connections.collected_until ELSE excluded.collected_until END,
                failing_since = NULL, version = platform_connections.version + 1
            """)
        try record(
            before == nil ? .platformConnected : .platformChanged, .organisation,
            organisation.value, label: scope.organisation.name,
            details: ["note": .string(WebAddress(draft.flowURL)?.host ?? "")])
        guard draft.isActive else { return }
        try awaitFlows(since: draft.since)
        try awaitExchange(at: now)
    }

    /// E-invoices between companies that nobody filed.
    private func awaitFlows(since: Day) throws {
        try run(
            """
            INSERT INTO platform_flows (organisation_id, id, direction, tracking_id, invoice_id,
                state, created_at, changed_at)
            SELECT l.organisation_id, gen_random_uuid(), 'out', gen_random_uuid(), l.invoice_id,
                'waiting', \(now), \(now)
            FROM sent_life_cycles l
            JOIN invoices i ON i.organisation_id = \(organisation) AND i.id = l.invoice_id
            WHERE l.organisation_id = \(organisation) AND l.marking = 'B2B'
                AND i.issued_on >= \(since) AND NOT EXISTS (
                    SELECT FROM life_cycle_entries e
                    WHERE e.organisation_id = \(organisation) AND e.invoice_id = l.invoice_id
                        AND e.status = ANY (\([200, 213])))
            ON CONFLICT DO NOTHING
            """)
        // What was said of them meanwhile.
        try run(
            """
            INSERT INTO platform_flows (organisation_id, id, direction, tracking_id, invoice_id,
                entry_id, state, created_at, changed_at)
            SELECT e.organisation_id, gen_random_uuid(), 'out', gen_random_uuid(), e.invoice_id, e.id,
                'waiting', \(now), \(now)
            FROM life_cycle_entries e
            JOIN platform_flows f ON f.organisation_id = \(organisation)
                AND f.invoice_id = e.invoice_id AND f.direction = 'out' AND f.entry_id IS NULL
            WHERE e.organisation_id = \(organisation) AND e.message IS NULL
                AND e.status = ANY (\([209, 212]))
            ON CONFLICT DO NOTHING
            """)
    }
}

extension Action {
    static let platformConnected = Action(
        "platform.connected", Text("a raccordé la plateforme de", "connected the platform of"),
        icon: "link", severity: .high)
    static let platformChanged = Action(
        "platform.changed", Text("a modifié la plateforme de", "changed the platform of"),
        icon: "link", severity: .high)
}
