import Basics
import Core
import Database

/// How far an e-invoice is, by the codes of the French reform (XP Z12-012, annex on life cycles).
public enum LifeCycleStatus: Int, Sendable, CaseIterable, Hashable {
    case filed = 200
    case issued = 201
    case received = 202
    case madeAvailable = 203
    case takenInCharge = 204
    case approved = 205
    case partlyApproved = 206
    case disputed = 207
    case suspended = 208
    case completed = 209
    case refused = 210
    case paymentSent = 211
    case cashed = 212
    case rejected = 213

    public var label: Text {
        switch self {
        case .filed: Text("Déposée", "Filed")
        case .issued: Text("Émise par la plateforme", "Issued by the platform")
        case .received: Text("Reçue", "Received")
        case .madeAvailable: Text("Mise à disposition", "Made available")
        case .takenInCharge: Text("Prise en charge", "Taken in charge")
        case .approved: Text("Approuvée", "Approved")
        case .partlyApproved: Text("Approuvée partiellement", "Partly approved")
        case .disputed: Text("En litige", "Disputed")
        case .suspended: Text("Suspendue", "Suspended")
        case .completed: Text("Complétée", "Completed")
        case .refused: Text("Refusée", "Refused")
        case .paymentSent: Text("Paiement transmis", "Payment sent")
        case .cashed: Text("Encaissée", "Cashed")
        case .rejected: Text("Rejetée", "Rejected")
        }
    }

    /// What may come next. The platform may leave out what is not mandatory (200, 210, 212 and 213
    /// are), so a status may be skipped; nothing follows a refusal or a rejection.
    public var successors: Set<LifeCycleStatus> {
        let treatment: Set<LifeCycleStatus> = [
            .takenInCharge, .approved, .partlyApproved, .disputed, .suspended, .refused,
        ]
        let payment: Set<LifeCycleStatus> = [.paymentSent, .cashed]
        return switch self {
        case .filed:
            treatment.union(payment).union([.issued, .received, .madeAvailable, .rejected])
        case .issued: treatment.union(payment).union([.received, .madeAvailable, .rejected])
        case .received: treatment.union(payment).union([.madeAvailable, .rejected])
        case .madeAvailable: treatment.union(payment).union([.rejected])
        case .takenInCharge: treatment.union(payment).subtracting([.takenInCharge])
        case .approved: payment.union([.disputed])
        case .partlyApproved: payment.union([.approved, .disputed, .refused])
        case .disputed:
            payment.union([.approved, .partlyApproved, .suspended, .refused])
        case .suspended: [.completed, .refused]
        case .completed: treatment.union(payment)
        case .paymentSent: [.cashed, .disputed]
        case .cashed: [.cashed]
        case .refused, .rejected: []
        }
    }

    /// Where a life begins: with its filing, or its receipt; or with a rejection.
    public static let first: Set<LifeCycleStatus> = [.filed, .received, .rejected]

    /// Everything that may come after it, sooner or later.
    var future: Set<LifeCycleStatus> {
        var found: Set<LifeCycleStatus> = []
        var open = successors
        while let next = open.popFirst() {
            guard found.insert(next).inserted else { continue }
            open.formUnion(next.successors.subtracting(found))
        }
        return found
    }

    /// What is made of a status that arrives.
    public enum Outcome: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        /// It is the present one now.
        case current
        /// True, but something later is known already.
        case late
        /// It cannot be so after what is known.
        case contradictory
    }

    public static func outcome(of next: LifeCycleStatus, after present: LifeCycleStatus?)
        -> Outcome
    {
        // What a platform reports first may be any status but one that takes back another.
        guard let present else { return next == .completed ? .contradictory : .current }
        if present.successors.contains(next) { return .current }
        return next == present || next.future.contains(present) ? .late : .contradictory
    }

    /// Those that the buyer of an invoice says.
    public static let ofBuyer: [LifeCycleStatus] = [
        .takenInCharge, .approved, .partlyApproved, .disputed, .suspended, .completed, .refused,
        .paymentSent,
    ]

    public var needsReason: Bool { !LifeCycleReason.all(for: self).isEmpty }
}

extension LifeCycleStatus: SQLBindable, SQLDecodable {
    public static var sqlType: SQLType { Int.sqlType }
    public var sqlValue: SQLValue { rawValue.sqlValue }
    public init(sqlText: UnsafeBufferPointer<UInt8>) throws {
        guard let status = LifeCycleStatus(rawValue: try Int(sqlText: sqlText)) else {
            throw DatabaseError.undecodable(LifeCycleStatus.self)
        }
        self = status
    }
}
