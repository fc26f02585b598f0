import Basics
import Core
import Markup

/// The statuses of an e-invoice, the newest on top.
struct LifeCycleTimeline {
    let entries: [LifeCycleEntry]
    let currency: Currency
    let request: Request

    private var say: Language { request.say }

    var html: HTML { "<ol class=\"tl\">\(entries, item)</ol>" }

    private func item(_ entry: LifeCycleEntry) -> HTML {
        let motive = entry.motive(in: say)
        return """
            <li><span class="m\(tone(entry))">\(request.icon(LifeCyclePill.icon(entry.status)))</span><div>\
            <p><b>\(say(entry.status.label))</b> <span class="mut num">\(entry.status.rawValue)</span> · \(entry.actor)</p>\
            \(if: !motive.isEmpty, "<blockquote>\(motive)</blockquote>")\(amounts(entry))\(remark(entry))\
            <time datetime="\(entry.occurredAt.rfc3339)">\(Timeline(request).moment(entry.occurredAt))</time></div></li>
            """
    }

    private func tone(_ entry: LifeCycleEntry) -> String {
        entry.outcome == .contradictory ? "" : " " + LifeCyclePill.tone(entry.status)
    }

    private func remark(_ entry: LifeCycleEntry) -> HTML {
        switch entry.outcome {
        case .current: .empty
        case .late:
            "<p class=\"change\">\(say("Arrivé après un statut plus récent.", "Arrived after a later status."))</p>"
        case .contradictory:
            """
            <p class="change">\(say(
                "Contredit ce qui précède : noté, sans effet.",
                "Contradicts what is known: noted, without effect."))</p>
            """
        }
    }

    private func amounts(_ entry: LifeCycleEntry) -> HTML {
        let rows = ReceiptByRate.read(entry.amounts)
        guard !rows.isEmpty else { return .empty }
        return """
            <p class="change">\(rows, { row in
                """
                <span class="num">\(say.money(row.amount, currency))</span> \
                \(say("à", "at")) \(say.percentage(row.rate))\u{20}
                """
            })</p>
            """
    }
}

/// A status as a coloured word.
struct LifeCyclePill {
    static func html(_ status: LifeCycleStatus, _ request: Request) -> HTML {
        let cssClass = tone(status).isEmpty ? "pill" : "pill " + tone(status)
        return """
            <span class="\(cssClass)">\(request.icon(icon(status)))\(request.say(status.label))</span>
            """
    }

    static func tone(_ status: LifeCycleStatus) -> String {
        switch status {
        case .approved, .cashed, .paymentSent: "ok"
        case .refused, .rejected: "bad"
        case .disputed, .suspended, .partlyApproved: "warn"
        case .filed, .issued, .madeAvailable, .takenInCharge, .received, .completed: "info"
        }
    }

    static func icon(_ status: LifeCycleStatus) -> StaticString {
        switch status {
        case .filed, .issued: "send"
        case .received, .madeAvailable: "inbox"
        case .takenInCharge: "eye"
        case .approved, .completed: "check"
        case .partlyApproved: "check-check"
        case .disputed: "scale"
        case .suspended: "pause"
        case .refused, .rejected: "circle-x"
        case .paymentSent: "landmark"
        case .cashed: "banknote"
        }
    }
}
