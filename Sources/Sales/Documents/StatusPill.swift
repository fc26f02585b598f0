import Basics
import Core
import Markup

/// The status of a quote or an order as a coloured word with its sign.
struct StatusPill {
    let say: Language
    let icon: Icon

    init(_ request: Request) {
        say = request.say
        icon = request.icon
    }

    func quote(_ status: Quote.Status) -> HTML {
        switch status {
        case .draft: pill("", "pencil", status.label)
        case .sent: pill("info", "send", status.label)
        case .accepted: pill("ok", "check", status.label)
        case .refused: pill("bad", "x", status.label)
        case .expired: pill("warn", "hourglass", status.label)
        }
    }

    func order(_ status: OrderStatus) -> HTML {
        switch status {
        case .draft: pill("", "pencil", status.label)
        case .confirmed: pill("info", "check", status.label)
        case .inProgress: pill("info", "play", status.label)
        case .suspended: pill("warn", "pause", status.label)
        case .completed: pill("ok", "circle-check", status.label)
        case .cancelled: pill("", "x", status.label)
        }
    }

    /// Nothing for orders that are in time.
    func late(_ order: Order, on today: Day) -> HTML {
        guard let due = order.dueOn, order.isLate(on: today) else { return .empty }
        let days = today - due
        return pill("bad", "clock-alert", Text("En retard de \(days) j", "\(days) d late"))
    }

    func priority(_ priority: Order.Priority) -> HTML {
        switch priority {
        case .low, .normal: .empty
        case .high: pill("warn", "arrow-up", priority.label)
        case .urgent: pill("bad", "triangle-alert", priority.label)
        }
    }

    func pill(_ tone: StaticString, _ name: StaticString, _ label: Text) -> HTML {
        let cssClass = tone.description.isEmpty ? "pill" : "pill " + tone.description
        return "<span class=\"\(cssClass)\">\(icon(name))\(say(label))</span>"
    }
}
