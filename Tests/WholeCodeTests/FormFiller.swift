import Basics
@testable import TestSupport

@testable import Core

/// Somebody who fills in a form with the same words everywhere, and corrects what is refused until the
/// form is taken.
struct FormFiller {
    private static let mostAttempts = 4

    let test: TestApplication
    let words: String

    /// The form as it was taken, and the answer. Nil when it never is.
    func send(_ form: PageForm) throws -> (form: PageForm, answer: Answer)? {
        var filled = form
        for name in form.textFields where !name.contains("password") { filled.set(name, words) }
        for _ in 1...FormFiller.mostAttempts {
            let answer = try test.send(filled)
            if answer.status == 303 || answer.status == 200 { return (filled, answer) }
            let wrong = answer.fieldsInError
            // Shown again, the form holds what was typed, and asks to look again where somebody else
            // saved meanwhile or has the same name.
            guard let again = answer.forms.first(where: { $0.action == form.action }),
                answer.status == 409 || !wrong.isEmpty
            else { return nil }
            filled = again
            if answer.status == 409 { filled.set("confirmed", "on") }
            for name in wrong { filled.set(name, usual(name, form[name] ?? "")) }
        }
        return nil
    }

    private func usual(_ name: String, _ before: String) -> String {
        // Beside an amount: only one of the two may be typed.
        if name == "percent" { return "" }
        if !before.isEmpty { return before }
        switch name {
        case "email", "recipient": return "someone-\(UniqueID.make(at: .now))@aubrac.example"
        case "number": return "N-\(UniqueID.make(at: .now))"
        case "scope": return "clients:read"
        case "events": return "invoice.issued"
        case "url": return "https://127.0.0.1:1/webhooks"
        case "reason_code": return "TX_TVA_ERR"
        case "client_name": return "C-00001"
        case "amount", "unit_price": return "1"
        case "issued_on", "due_on": return "2026-11-21"
        default: return name.hasSuffix("[unit_price]") ? "1" : ""
        }
    }
}

extension [PageForm] {
    /// As they are best sent one after the other: first what changes records, then what moves them on,
    /// and what ends them last.
    var inOrder: [PageForm] {
        func turn(_ form: PageForm) -> Int {
            let verb = form.action.split(separator: "/").last.map(String.init) ?? ""
            if ["delete", "archive", "undo", "deactivate", "cancel"].contains(verb) { return 2 }
            return UniqueID(verb) != nil || form.action.split(separator: "/").count == 1 ? 0 : 1
        }
        return (0...2).flatMap { wanted in filter { turn($0) == wanted } }
    }
}

extension Answer {
    /// The names of the fields that a refused form marks.
    var fieldsInError: [String] {
        var names: [String] = []
        var tags = TagReader(text)
        while let tag = tags.next() {
            if tag["aria-invalid"] == "true", let name = tag["name"] { names.append(name) }
        }
        return names
    }
}
