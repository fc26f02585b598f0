import Basics
import HTTP

/// What is said of an event: its type, when it happened, and the record that it is about.
struct WebhookBody {
    let delivery: WebhookDelivery

    init(_ delivery: WebhookDelivery) { self.delivery = delivery }

    func json(_ application: Application, _ transaction: Transaction) throws -> JSON {
        [
            "type": .string(delivery.event), "timestamp": .string(delivery.occurredAt.rfc3339),
            "data": try record(application, transaction) ?? subject,
        ]
    }

    /// As the API answers it now; nil where it has no operation that reads it, or it is gone.
    private func record(_ application: Application, _ transaction: Transaction) throws -> JSON? {
        guard let address = delivery.subjectID.flatMap(delivery.subjectKind.address),
            delivery.event != WebhookDelivery.testEvent
        else { return nil }
        let http = try HTTPRequest(target: Application.apiPath + address)
        let segments = Array(http.segments.dropFirst(2))
        guard case .found(let found, let parameters) = application.apiRouter.match(.get, segments)
        else { return nil }
        var request = Request(
            http: http, parameters: parameters, application: application, now: transaction.now,
            signedIn: Session(
                ofProgram: "Comptoir", in: transaction.scope.organisation,
                lastSeenAt: transaction.now))
        request.isAPI = true
        request.ambient = transaction
        // Nobody knows who reads what is sent. Who may asks for the record itself, with a token.
        try transaction.run("SELECT set_config('app.hidden', 'notes bank', true)")
        do {
            return try application.record(at: found.pattern, parameters, request)
        } catch Problem.notFound {
            return nil
        }
    }

    private var subject: JSON {
        [
            "kind": .string(delivery.subjectKind.rawValue),
            "id": JSON(delivery.subjectID?.description), "label": .string(delivery.subjectLabel),
        ]
    }
}
