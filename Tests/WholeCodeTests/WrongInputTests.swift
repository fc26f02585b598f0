import Basics
import HTTP
import TestSupport
import Testing

@testable import Core
@testable import comptoir

/// What no page of ours sends: it is refused in the reader's language by a message at the field, and
/// nothing changes.
struct WrongInputTests {
    /// Read by somebody who reads English.
    private static let english = Result {
        let test = try FilledOrganisation(language: .english).test
        let forms = try Visitor(test).visits().flatMap(\.answer.changingForms)
        var known: Set<String> = []
        return (
            test: test,
            forms: forms.filter { form in
                known.insert((test.pattern(of: form) ?? "") + names(form)).inserted
            }
        )
    }

    private let reader: FingerprintReader

    init() throws { reader = try FingerprintReader() }

    private static func names(_ form: PageForm) -> String {
        form.fields.map { String($0.name.prefix { $0 != "_" }) }.joined(separator: " ")
    }

    private func isPreview(_ form: PageForm) -> Bool { form.action.contains("/preview") }

    private func unchanged(_ test: TestApplication, _ name: String, _ body: () throws -> Void)
        throws
    {
        let before = try reader.fingerprint(of: test.organisationID)
        try body()
        let changed = try reader.fingerprint(of: test.organisationID).differences(from: before)
        #expect(changed == [], "\(name)")
    }

    @Test func aFieldOfAnotherTypeIsRefusedByName() throws {
        let (test, forms) = try WrongInputTests.english.get()
        var tried = 0
        for form in forms where !isPreview(form) {
            let pattern = test.pattern(of: form) ?? form.action
            try unchanged(test, pattern) {
                for (index, field) in form.fields.enumerated() {
                    guard isTyped(field.name, in: form) else { continue }
                    if pattern == "settings/numbering", field.name == "version" { continue }
                    var form = form
                    form.fields[index].value = "zz~"
                    let answer = try test.send(form)
                    tried += 1
                    let name = "\(pattern) \(field.name)"
                    #expect((400..<500).contains(answer.status), "\(name): \(answer.status)")
                    #expect(!answer.isPage || answer.holds("<html lang=\"en\""), "\(name)")
                    guard answer.status == 422 else { continue }
                    #expect(answer.names(field.name), "\(name) is not named")
                }
            }
        }
        #expect(tried > 100)
    }

    /// Fields in which an unknown word means the usual: buttons and boxes, what a script or the page
    /// itself notes (a line that it does not know is a new one), and a stock where none is kept. A
    /// description takes any words, though it is folded away.
    private static let silent = [
        "op", "username", "[id]", "[item]", "[kind]", "[position]", "[description]",
        "[discount_kind]", "status",
        "payment_end_of_month", "shown_invoice", "shown_credit_note", "shown_quote",
        "shown_order", "shown_client", "shown_payment", "shown_deposit_request",
        "shown_reversal", "is_active",
        "shown_recurring_invoice", "stock_quantity", "numbers_lines", "separates_units",
        "show_payment", "show_acceptance", "show_closing", "erases_prospects", "erases_clients",
        "erases_mails", "erases_imports",
    ]

    /// Whether a field takes something else than words.
    private func isTyped(_ name: String, in form: PageForm) -> Bool {
        if name.hasPrefix("_") || WrongInputTests.silent.contains(where: name.hasSuffix) {
            return false
        }
        if !form.textFields.contains(name) { return true }
        let last = name.split(separator: "[").last.map { $0.filter { $0 != "]" } } ?? name
        return ["amount", "quantity", "unit_price", "discount", "payment_days", "email"].contains(
            last)
    }

    @Test func aFormWithoutItsFieldsIsRefused() throws {
        let (test, forms) = try WrongInputTests.english.get()
        for form in forms where !isPreview(form) && !form.textFields.isEmpty {
            let pattern = test.pattern(of: form) ?? form.action
            // A refusal may go without a word.
            if pattern == "quotes/:id/refuse" { continue }
            try unchanged(test, pattern) {
                var bare = form
                bare.fields = form.fields.filter { $0.name.hasPrefix("_") }
                let answer = try test.send(bare)
                #expect((400..<500).contains(answer.status), "\(pattern): \(answer.status)")
            }
        }
    }

    @Test func aTextThatIsTooLongIsRefusedByName() throws {
        let (test, forms) = try WrongInputTests.english.get()
        let long = String(repeating: "9", count: 10_001)
        for form in forms where !isPreview(form) {
            let pattern = test.pattern(of: form) ?? form.action
            try unchanged(test, pattern) {
                // A new line of a document is named by its place once it is there.
                let names = form.textFields.filter {
                    !$0.hasSuffix("password") && !$0.hasPrefix("new[")
                }
                for name in names where name != "stock_quantity" {
                    var form = form
                    form.set(name, long)
                    let answer = try test.send(form)
                    #expect(
                        (400..<500).contains(answer.status), "\(pattern) \(name): \(answer.status)")
                    guard answer.status == 422 else { continue }
                    #expect(answer.names(name), "\(pattern) \(name) is not named")
                }
            }
        }
    }

    @Test func aRecordThatSomebodyElseSavedMeanwhileIsNotOverwritten() throws {
        let (test, forms) = try WrongInputTests.english.get()
        var tried: Set<String> = []
        for form in forms where form["version"] != nil && !isPreview(form) {
            let pattern = test.pattern(of: form) ?? form.action
            // Numbers are compared one by one with what the form showed.
            if pattern == "settings/numbering" { continue }
            try unchanged(test, pattern) {
                var stale = form
                stale.set("version", "2147483647")
                let answer = try test.send(stale)
                #expect(answer.status == 409, "\(pattern): \(answer.status)")
                #expect(answer.holds("<html lang=\"en\""), "\(pattern)")
            }
            tried.insert(pattern)
        }
        #expect(tried.count > 8)
    }

    @Test func whatIsNoFormIsRefusedByEachRoute() throws {
        let (test, _) = try WrongInputTests.english.get()
        let token = test.people[.owner]?.token ?? ""
        let many = String(repeating: "a=1&", count: Fields.standardLimit + 1)
        let bodies: [(type: String, text: String, status: Int)] = [
            ("text/plain", "name=a", 415), ("application/json", "{}", 415),
            ("application/x-www-form-urlencoded", many, 413),
            ("application/x-www-form-urlencoded", "name=%FF", 400),
            ("multipart/form-data; boundary=x", "--y", 400),
        ]
        try unchanged(test, "a route") {
            for route in test.application.routes where route.method == .post {
                for body in bodies where route.permission != nil && route.pattern != "sign-out" {
                    for address in try RouteTargets(test).all(of: route).prefix(1) {
                        let request = try HTTPRequest(
                            method: .post, target: address,
                            headers: [
                                "Content-Type": body.type,
                                "Cookie": "\(Session.cookieName)=\(token)",
                                FormToken.header: test.formToken(of: token),
                            ], body: Array(body.text.utf8))
                        let answer = test.answer(to: request)
                        #expect(
                            answer.status == body.status,
                            "\(route.pattern) answers \(answer.status) to \(body.type)")
                    }
                }
            }
        }
    }
}

extension Answer {
    /// Whether a refused form points at a field: its control is marked, or a message stands at it.
    fileprivate func names(_ field: String) -> Bool {
        let id = "f-" + String(field.map { $0.isLetter || $0.isNumber || $0 == "_" ? $0 : "-" })
        return fieldsInError.contains(field) || holds("href=\"#\(id)\"") || holds("id=\"\(id)-e\"")
    }
}
