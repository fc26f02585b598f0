import Basics
import Glibc
import HTTP
import TestSupport

@testable import Core

/// Somebody who opens every page of an organisation: those of each route for records in each state, and
/// whatever these pages link to.
struct Visitor {
    struct Visit {
        /// Path and query.
        var address: String
        /// The pattern of the route, such as `clients/:id`.
        var pattern: String
        var answer: Answer
    }

    let test: TestApplication
    let role: Role

    init(_ test: TestApplication, as role: Role = .owner) {
        self.test = test
        self.role = role
    }

    /// Every page, in the order of the routes; `links` says whether to follow what they link to.
    func visits(links: Bool = true) throws -> [Visit] {
        let targets = RouteTargets(test)
        var waiting = try test.application.routes.filter { $0.method == .get }
            .flatMap { try targets.all(of: $0) }
        var asked = Set<String>()
        var visits: [Visit] = []
        while let address = waiting.popLast() {
            guard let pattern = pattern(address) else { continue }
            let questions = questions(address, pattern)
            guard !asked.isSuperset(of: questions) else { continue }
            asked.formUnion(questions)
            let answer = try test.get(address, as: role)
            visits.append(Visit(address: address, pattern: pattern, answer: answer))
            guard links, answer.isPage else { continue }
            waiting += answer.links.filter { $0.contains("?") }
        }
        return visits
    }

    /// The pattern of the route that a path of ours leads to.
    private func pattern(_ address: String) -> String? {
        let segments = address.prefix { $0 != "?" && $0 != "#" }.split(separator: "/")
        guard
            case .found(let route, _) = test.application.router.match(
                .get, segments.map(String.init))
        else { return nil }
        return route.pattern
    }

    /// What an address asks for, a part of its query each: addresses that ask for nothing new are not
    /// opened.
    private func questions(_ address: String, _ pattern: String) -> Set<String> {
        guard let query = address.split(separator: "?", maxSplits: 1).dropFirst().first else {
            return [address]
        }
        return Set(
            query.split(separator: "&").map { part in
                // The others name a record or a place in a list.
                let isWhole = ["view=", "sort=", "period=", "age="].contains(where: part.hasPrefix)
                return pattern + "?" + (isWhole ? String(part) : String(part.prefix { $0 != "=" }))
            })
    }
}

extension Answer {
    var isPage: Bool { response.headers["Content-Type"]?.hasPrefix("text/html") ?? false }

    /// Whether the page holds these characters. Pages are long and many, hence by bytes.
    func holds(_ text: String) -> Bool {
        (bytes + [0]).withUnsafeBytes { page in
            guard let start = page.baseAddress else { return false }
            return strstr(start.assumingMemoryBound(to: CChar.self), text) != nil
        }
    }

    /// The addresses of ours that a page leads to.
    var links: [String] {
        values(behind: "href=\"").filter { $0.hasPrefix("/") }
            .map { $0.replacing("&amp;", with: "&") }
    }

    /// What stands behind each occurrence of these characters, up to the next quote.
    private func values(behind start: String) -> [String] {
        var values: [String] = []
        (bytes + [0]).withUnsafeBytes { page in
            var place = page.baseAddress?.assumingMemoryBound(to: CChar.self)
            while let rest = place, let found = strstr(rest, start) {
                let value = found + start.utf8.count
                let length = strcspn(value, "\"")
                values.append(
                    String(
                        decoding: UnsafeRawBufferPointer(start: value, count: length),
                        as: UTF8.self))
                place = UnsafePointer(value + length)
            }
        }
        return values
    }

    /// The forms that are posted, and once more for each that a script sends elsewhere as well. Those that
    /// end the session are left out.
    var changingForms: [PageForm] {
        // Reading forms is slow, and many pages have none but that for signing out.
        guard values(behind: "method=\"").filter({ $0 == "post" }).count > 1 else { return [] }
        let changing = forms.filter {
            $0.method == "post" && !["/sign-out", "/account/organisation"].contains($0.action)
        }
        return changing
            + changing.compactMap { form in
                guard let preview = form.preview else { return nil }
                var form = form
                form.action = preview
                return form
            }
    }
}

extension TestApplication {
    /// Sends a form as it stands.
    func send(_ form: PageForm, as role: Role = .owner) throws -> Answer {
        try respond(.post, form.action, form: form.fields.map { ($0.name, $0.value) }, as: role)
    }

    /// The pattern of the route that a form goes to.
    func pattern(of form: PageForm) -> String? {
        let path = form.action.prefix { $0 != "?" }.split(separator: "/").map(String.init)
        guard case .found(let route, _) = application.router.match(.post, path) else { return nil }
        return route.pattern
    }
}
