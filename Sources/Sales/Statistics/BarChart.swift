import Basics
import Core
import Markup

/// Two bars a month, net and received, drawn by the server: once for wide windows and once for phones.
struct BarChart {
    let months: [MonthlyRevenue]
    let today: Day
    let say: Language
    let currency: Currency

    /// In units of the drawing.
    private struct Frame {
        let width: Double
        let height: Double
        let left: Double
        let gap: Double
        static let wide = Frame(width: 860, height: 250, left: 64, gap: 0.26)
        static let slim = Frame(width: 360, height: 220, left: 44, gap: 0.2)
        static let top = 12.0
        static let bottom = 26.0
        var plot: Double { height - Frame.top - Frame.bottom }
    }

    var drawings: HTML {
        drawing(.wide, cssClass: "wide") + drawing(.slim, cssClass: "slim")
    }

    private var values: [Int] { months.flatMap { [$0.net.minorUnits, $0.received.minorUnits] } }

    /// Between grid lines: 1, 2 or 5 times a power of ten, four to five of them.
    private var step: Int {
        let span = max(values.max() ?? 0, 0) - min(values.min() ?? 0, 0)
        var step = max(1, currency.minorUnitsPerUnit)
        let factors = [2, 5, 10]
        var (power, index) = (step, 0)
        while step * 5 < span {
            step = power * factors[index]
            index += 1
            if index == factors.count { (power, index) = (power * 10, 0) }
        }
        return step
    }

    /// The lowest and the highest grid line.
    private var ends: (low: Int, high: Int) {
        let (lowest, highest) = (min(values.min() ?? 0, 0), max(values.max() ?? 0, 1))
        return ((lowest - step + 1) / step * step, (highest + step - 1) / step * step)
    }

    private func drawing(_ frame: Frame, cssClass: String) -> HTML {
        let (low, high) = ends
        func y(_ units: Int) -> Double {
            Frame.top + frame.plot * Double(high - units) / Double(max(1, high - low))
        }
        let lines = stride(from: low, through: high, by: step)
        return """
            <svg class="\(cssClass)" viewBox="0 0 \(number(frame.width)) \(number(frame.height))" \
            role="img" aria-labelledby="\(cssClass)-t \(cssClass)-d"><title id="\(cssClass)-t">\(title)</title>\
            <desc id="\(cssClass)-d">\(description)</desc>\
            \(lines, { gridLine($0, at: y($0), frame) })\
            \(months.indices, { bars($0, frame, y) })</svg>
            """
    }

    private func gridLine(_ units: Int, at y: Double, _ frame: Frame) -> HTML {
        """
        <line class="gl\(units == 0 ? " zero" : "")" x1="\(number(frame.left))" x2="\(number(frame.width))" \
        y1="\(number(y))" y2="\(number(y))"/>\
        <text x="\(number(frame.left - 8))" y="\(number(y + 4))" text-anchor="end">\(short(units))</text>
        """
    }

    private func bars(_ index: Int, _ frame: Frame, _ y: (Int) -> Double) -> HTML {
        let month = months[index]
        let slot = (frame.width - frame.left) / Double(months.count)
        let start = frame.left + slot * Double(index)
        let width = slot * (1 - frame.gap) / 2
        func bar(_ units: Int, _ place: Int, _ cssClass: String) -> HTML {
            let (top, bottom) = (y(max(units, 0)), y(min(units, 0)))
            guard units != 0 else { return .empty }
            let x = start + slot * frame.gap / 2 + width * Double(place)
            return """
                <rect class="\(cssClass)" x="\(number(x))" y="\(number(top))" width="\(number(width - 1))" \
                height="\(number(max(1, bottom - top)))" rx="2"/>
                """
        }
        let isNow = month.month == today.firstOfMonth
        return """
            <g class="m\(isNow ? " now" : "")"><title>\(sentence(month))</title>\
            <rect class="hit" x="\(number(start))" y="0" width="\(number(slot))" height="\(number(frame.height))" rx="4"/>\
            \(bar(month.net.minorUnits, 0, "b1"))\(bar(month.received.minorUnits, 1, "b2"))\
            <text x="\(number(start + slot / 2))" y="\(number(frame.height - 6))" text-anchor="middle">\
            \(monthName(month.month, frame))</text></g>
            """
    }

    /// A letter is all that fits on phones.
    private func monthName(_ month: Day, _ frame: Frame) -> String {
        let name = say.shortMonth(month.month)
        return frame.width < 500 ? name.prefix(1).uppercased() : name
    }

    private func sentence(_ month: MonthlyRevenue) -> String {
        let name = "\(say.month(month.month.month)) \(month.month.year)"
        return name + say(" : facturé ", ": invoiced ") + say.money(month.net, currency)
            + say(" HT, encaissé ", " net, received ") + say.money(month.received, currency)
    }

    private var title: String {
        say("Facturé et encaissé par mois", "Invoiced and received by month")
    }

    private var description: String {
        let (net, received) = (months.map(\.net).sum(), months.map(\.received).sum())
        let best = months.max { $0.net < $1.net }
        let start = say(
            "En douze mois, \(say.money(net, currency)) facturés hors taxe et "
                + "\(say.money(received, currency)) encaissés.",
            "In twelve months, \(say.money(net, currency)) invoiced without VAT and "
                + "\(say.money(received, currency)) received.")
        guard let best, best.net > .zero else { return start }
        let name = "\(say.month(best.month.month)) \(best.month.year)"
        return start + " " + say("Le meilleur mois : \(name).", "The best month: \(name).")
    }

    /// `40 k`, `1,5 M`.
    private func short(_ units: Int) -> String {
        let whole = units / currency.minorUnitsPerUnit
        if whole.magnitude >= 1_000_000 {
            return say.decimal(whole / 100_000, decimals: 1) + "\u{A0}M"
        }
        if whole.magnitude >= 1000 {
            return say.decimal(whole / 100, decimals: 1) + "\u{A0}k"
        }
        return say.integer(whole)
    }

    /// With one decimal at most.
    private func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        let (whole, rest) = (abs(tenths) / 10, abs(tenths) % 10)
        return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
    }
}
