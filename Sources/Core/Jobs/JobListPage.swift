import Basics
import Markup

/// The jobs of an organisation, beside its mails.
struct JobListPage {
    let filter: JobFilter
    let listing: Listing<Job>
    let request: Request
    private let parts: ListParts

    init(filter: JobFilter, listing: Listing<Job>, _ request: Request) {
        self.filter = filter
        self.listing = listing
        self.request = request
        parts = ListParts(request, filter.address, sort: "")
    }

    private var say: Language { request.say }
    private var title: String { say("Travaux", "Jobs") }

    var page: Page {
        Page(
            title: title, section: .mails,
            body: """
                \(ListParts.title(say(Section.mails.label), actions: files))\(MailTabs.tabs(.jobs, request))
                \(states)\(listing.rows.isEmpty ? nothing : table)
                """)
    }

    private var files: HTML { ExportMenu(filter.address, request).html }

    private var states: HTML {
        let states: [Job.State?] = [nil] + Job.State.allCases
        return """
            <nav class="seg" aria-label="\(say("État", "State"))">\(states, { state in
                """
                <a href="\(filter.address.with("state", state?.rawValue).text)"\
                \(attribute: "aria-current", state == filter.state ? "true" : nil)>\
                \(say(state?.label ?? Text("Tous", "All")))</a>
                """
            })</nav>
            """
    }

    private var table: HTML {
        """
        <section class="card list" id="list" aria-label="\(title)">\
        <div class="scroll" tabindex="0" role="group" aria-label="\(title)">
        <table class="tbl cards"><thead><tr>
        \(parts.heading(Text("Travail", "Job")))\
        \(parts.heading(Text("Demandé", "Asked for"), cssClass: "k2"))\
        \(parts.heading(Text("Essais", "Attempts"), cssClass: "n k1"))\
        \(parts.heading(Text("État", "State")))\
        <th scope="col"><span class="sr">\(say("Actions", "Actions"))</span></th></tr></thead>
        <tbody>\(listing.rows, row)</tbody></table></div>
        \(parts.pager(listing.rows.count, next: listing.next, isFirst: filter.after == nil))</section>
        """
    }

    private func row(_ job: Job) -> HTML {
        let kind = request.application.jobKinds[job.kind]
        let name = kind.map { say($0.label) } ?? job.kind
        let address = job.subject.flatMap { kind?.address($0) }
        let link: HTML = address.map { "<a href=\"\($0)\">\(name)</a>" } ?? "\(name)"
        let state = job.state(at: request.now)
        return """
            <tr><td class="w">\(link)\(remark(job, state))</td>
            <td class="k2" data-label="\(say("Demandé", "Asked for"))">\(moment(job.createdAt))</td>
            <td class="n k1" data-label="\(say("Essais", "Attempts"))">\(say.integer(job.attempts))</td>
            <td class="st"><span class="pill \(state.tone)">\(request.icon(state.icon))\(say(state.label))</span></td>
            <td>\(retry(job, state))</td></tr>
            """
    }

    private func remark(_ job: Job, _ state: Job.State) -> HTML {
        var text = job.lastError
        if state == .due, job.attempts > 0 {
            text = say("Prochain essai : ", "Next attempt: ") + moment(job.runAt) + ". " + text
        }
        return text.isEmpty ? .empty : "<small>\(text)</small>"
    }

    private func retry(_ job: Job, _ state: Job.State) -> HTML {
        guard request.may(.sendMails), state == .failed || state == .due else { return .empty }
        let label = job.attempts == 0 ? say("Lancer", "Run now") : say("Réessayer", "Try again")
        return """
            <form method="post" action="/jobs/\(job.id)/retry">\(FormToken.input(for: request))\
            <button class="btn sm">\(request.icon("refresh-cw"))\(label)</button></form>
            """
    }

    private func moment(_ instant: Instant) -> String { Timeline(request).moment(instant) }

    private var nothing: HTML {
        ListParts.empty(
            say("Aucun travail", "No job"),
            say(
                "Les envois de courriels et les autres tâches de fond paraissent ici.",
                "Mails on their way and other background tasks appear here."))
    }
}

extension Job.State {
    var label: Text {
        switch self {
        case .due: Text("À faire", "Due")
        case .running: Text("En cours", "Running")
        case .failed: Text("Échoué", "Failed")
        case .finished: Text("Terminé", "Finished")
        }
    }
    var tone: String {
        switch self {
        case .due: "info"
        case .running: "info"
        case .failed: "bad"
        case .finished: "ok"
        }
    }
    var icon: StaticString {
        switch self {
        case .due: "clock"
        case .running: "hourglass"
        case .failed: "circle-alert"
        case .finished: "check"
        }
    }
}

/// The two halves of the mail section.
enum MailTabs {
    /// Named as their counters are.
    enum Tab: String { case mails, jobs }

    static func tabs(_ current: Tab, _ request: Request) -> HTML {
        let say = request.say
        let all: [(Tab, String, Text)] = [
            (.mails, "/mails", Text("Courriels", "Mails")),
            (.jobs, "/jobs", Text("Travaux", "Jobs")),
        ]
        let tabs = all.filter { request.offers($0.1) }
        let counts = request.liveCounts
        return """
            <nav class="tabs" aria-label="\(say("Vues", "Views"))">\(tabs, { tab in
                """
                <a href="\(tab.1)"\(attribute: "aria-current", tab.0 == current ? "page" : nil)>\
                \(say(tab.2)) \(request.liveBadge(tab.0.rawValue, counts))</a>
                """
            })</nav>
            """
    }
}
