import Basics
import HTTP
import TestSupport
import Testing

@testable import Core
@testable import comptoir

/// Whatever is typed into a form or an address: no page fails, and none holds a tag that somebody typed.
struct HostileTextTests {
    private static let visited = Result {
        let test = try FilledOrganisation().test
        return (test: test, visits: try Visitor(test).visits())
    }

    private func check(_ answer: Answer, _ name: String) {
        #expect(answer.status < 500, "\(name) answers \(answer.status)")
        #expect(!answer.holds(HostileText.tag), "\(name) holds what was typed")
        let headers = answer.response.headers.fields.map { $0.name + $0.value }.joined()
        #expect(!headers.contains { $0.isNewline }, "\(name) splits a header")
    }

    @Test func noFormFailsOrRepeatsATagWhateverIsTyped() throws {
        let (test, visits) = try HostileTextTests.visited.get()
        var seen: Set<String> = []
        for form in visits.flatMap(\.answer.changingForms) {
            let pattern = test.pattern(of: form) ?? form.action
            guard seen.insert(pattern + form.textFields.joined()).inserted else { continue }
            for text in HostileText.all where !form.textFields.isEmpty {
                var form = form
                for name in form.textFields { form.set(name, text) }
                check(try test.send(form), "\(pattern) with \(text.debugDescription.prefix(60))")
            }
        }
        #expect(seen.count > 60)
    }

    @Test func noListFailsOrRepeatsATagWhateverItIsAskedFor() throws {
        let (test, all) = try HostileTextTests.visited.get()
        let visits = all.filter(\.answer.isPage)
        let lists = Set(visits.filter { !$0.pattern.contains(":") }.map(\.pattern))
        var names: Set<String> = ["q", "after", "sort", "view"]
        for visit in visits {
            for form in visit.answer.forms where form.method == "get" {
                names.formUnion(form.fields.map(\.name))
            }
        }
        for pattern in lists.sorted() {
            // Addresses are short: the server refuses longer ones by itself.
            for text in HostileText.all where text.utf8.count < 1000 {
                let query = names.sorted().map { "\($0)=\(PercentEncoding.encoded(text))" }
                    .joined(separator: "&")
                // What is no text at all is refused before the program sees it.
                guard (try? HTTPRequest(method: .get, target: "/?\(query)").query) != nil else {
                    continue
                }
                check(try test.get("/\(pattern)?\(query)"), "\(pattern)?\(text.prefix(60))")
            }
        }
        check(try test.get("/clients/" + PercentEncoding.encoded(HostileText.plain)), "a path")
    }
}
