import Basics
import Database
import HTTP
import Markup

/// Numbers that change while a page is open: `GET /events` is held by an event loop for as long as
/// the page is looked at, and says what PostgreSQL told (`LiveChannel`).
public enum Live: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get("events", .manageSelf, listen)
    }

    static func listen(_ request: Request) throws -> Reply {
        guard let token = request.http.cookies[Session.cookieName] else {
            throw Problem.signInRequired
        }
        let (application, session) = (request.application, request.session)
        let (hash, listeners) = (Session.hash(token), application.listeners)
        let listener = try listeners.add(session: hash) { number in
            LiveListeners.Listener(
                organisation: session.organisation.id, role: session.role, language: request.say,
                session: hash,
                stream: HeldStream(
                    heartbeat: LiveEvent.heartbeat, heartbeatSeconds: LiveEvent.heartbeatSeconds
                ) { listeners.remove(number) })
        }
        let event = LiveEvent(
            counters: application.liveCounters, counts: request.liveCounts, happened: [])
        listener.stream.send(LiveEvent.opening() + event.bytes(for: session.role, request.say))
        return .response(
            HTTPResponse(
                status: 200,
                headers: [
                    "Content-Type": "text/event-stream", "Cache-Control": "no-store",
                    // nginx would gather the events otherwise.
                    "X-Accel-Buffering": "no",
                ], body: .held(listener.stream)))
    }
}

extension Request {
    /// The numbers of this moment. A page that cannot know them goes without.
    var liveCounts: [String: LiveCounter.Count] {
        guard let signedIn else { return [:] }
        let counts = try? application.liveCounts.counts(of: signedIn.organisation.id) {
            try read { try $0.count(application.liveCounters) }
        }
        return counts ?? [:]
    }

    /// A number beside the name of what it counts; empty for those who may not know it.
    func liveBadge(_ name: String, _ counts: [String: LiveCounter.Count]) -> HTML {
        guard let counter = application.liveCounters.first(where: { $0.name == name }),
            may(counter.permission), let count = counts[name]
        else { return .empty }
        return """
            <span class="c num\(count.isUrgent ? " hot" : "")" data-counter="\(name)"\
            \(attribute: "hidden", if: count.number == 0)>\(say.integer(count.number))</span>
            """
    }
}
