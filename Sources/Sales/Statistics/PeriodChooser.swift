import Basics
import Core
import HTTP
import Markup

/// Month, quarter or year with the one before and after, or days of one's own.
struct PeriodChooser {
    let period: StatisticsPeriod
    let request: Request

    init(_ period: StatisticsPeriod, _ request: Request) {
        self.period = period
        self.request = request
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }

    private func address(_ kind: StatisticsPeriod.Kind, _ days: ClosedRange<Day>) -> String {
        let base = ListAddress("/statistics", request.http.query, keeping: ["imported"])
            .with("period", kind.rawValue)
        guard kind == .custom else { return base.with("on", days.lowerBound.iso).text }
        return base.with("from", days.lowerBound.iso).with("to", days.upperBound.iso).text
    }

    var html: HTML {
        """
        <div class="period"><nav class="seg" aria-label="\(say("Période", "Period"))">\(kinds, { kind in
            """
            <a href="\(address(kind, around))"\(attribute: "aria-current", kind == period.kind ? "true" : nil)>\
            \(say(kind.label))</a>
            """
        })</nav>\(step(-1, "chevron-left", Text("Période précédente", "Period before")))\
        \(step(1, "chevron-right", Text("Période suivante", "Period after")))\(form)</div>
        """
    }

    private var kinds: [StatisticsPeriod.Kind] { [.month, .quarter, .year] }

    /// Another kind of period is that around today, when today lies in this one.
    private var around: ClosedRange<Day> {
        period.days.contains(request.today) ? request.today...request.today : period.days
    }

    private func step(_ step: Int, _ name: StaticString, _ label: Text) -> HTML {
        """
        <a class="btn sq" href="\(address(period.kind, period.neighbour(step)))" \
        aria-label="\(say(label))">\(icon(name))</a>
        """
    }

    private var form: HTML {
        let (first, last) = (period.days.lowerBound.iso, period.days.upperBound.iso)
        return """
            <form method="get" action="/statistics" class="filters">\
            <input type="hidden" name="period" value="custom">\
            \(if: period.withImported, "<input type=\"hidden\" name=\"imported\" value=\"yes\">")\
            <div class="span" role="group" aria-label="\(say("Dates", "Dates"))">\
            <label for="from">\(say("Du", "From"))</label>\
            <input class="in" id="from" name="from" type="date" value="\(first)">\
            <label for="to">\(say("au", "to"))</label>\
            <input class="in" id="to" name="to" type="date" value="\(last)"></div>\
            <button class="btn">\(say("Afficher", "Show"))</button></form>
            """
    }
}
