import Basics

/// What a Flow Service answers, by the names of its description (XP Z12-013, annex A). What it says
/// beyond that is passed over.
enum FlowAnswer {
    struct Token: Decodable {
        let accessToken: String

        enum CodingKeys: String, CodingKey { case accessToken = "access_token" }
    }

    struct Taken: Decodable {
        let flowId: String
    }

    struct Refusal: Decodable {
        let errorCode: String?
        let errorMessage: String?
    }

    struct Page: Decodable {
        let results: [Flow]
    }

    struct Flow: Decodable {
        struct Acknowledgement: Decodable {
            struct Detail: Decodable {
                let level: String?
                let reasonCode: String?
                let reasonMessage: String?
            }

            let status: String
            let details: [Detail]?
        }

        let flowId: String?
        let trackingId: String?
        let flowType: String?
        let flowDirection: String?
        let submittedAt: String?
        let updatedAt: String?
        let acknowledgement: Acknowledgement?
    }

    private static let longestID = 100

    static func isID(_ text: String) -> Bool { (1...longestID).contains(text.utf8.count) }
}

extension FlowAnswer.Flow {
    /// Nil for a flow that is told without what is needed.
    var state: PlatformFlowState? {
        guard let flowId, FlowAnswer.isID(flowId),
            let moment = (updatedAt ?? submittedAt).flatMap({ Instant(rfc3339: $0) })
        else { return nil }
        return PlatformFlowState(
            id: flowId, isIncoming: flowDirection == "In",
            type: String((flowType ?? "").prefix(60)), acknowledgement: outcome, updatedAt: moment)
    }

    private var outcome: PlatformFlowState.Acknowledgement {
        switch acknowledgement?.status {
        case "Ok": return .accepted
        case "Error":
            let cause = acknowledgement?.details?.first { $0.level != "Warning" }
            return .refused(
                code: String((cause?.reasonCode ?? "").prefix(40)),
                reason: String(PlainText.line(cause?.reasonMessage ?? "").prefix(500)))
        default: return .pending
        }
    }
}
