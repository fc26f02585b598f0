import Testing

@testable import HTTP

@Suite struct RouterTests {
    private func outcome(_ router: Router<String>, _ method: HTTPMethod, _ path: String) -> String {
        let segments = path.split(separator: "/").map(String.init)
        switch router.match(method, segments) {
        case .found(let endpoint, let parameters):
            return
                ([endpoint] + parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
                .joined(separator: " ")
        case .methodNotAllowed(let allow):
            return "only " + allow.map(\.rawValue).joined(separator: " ")
        case .notFound:
            return "none"
        }
    }

    private var router: Router<String> {
        var router = Router<String>()
        router.add(.get, "", "home")
        router.add(.get, "invoices", "list")
        router.add(.get, "invoices/:id", "show")
        router.add(.get, "invoices/new", "new")
        router.add(.post, "invoices/:number/issue", "issue")
        router.add(.get, "invoices/:id/lines/:line", "line")
        router.add(.get, "invoices/new/help", "help")
        router.add(.get, "assets/*name", "asset")
        return router
    }

    @Test func pathsLeadToTheirEndpointsWithParameters() {
        #expect(outcome(router, .get, "/") == "home")
        #expect(outcome(router, .get, "/invoices") == "list")
        #expect(outcome(router, .get, "/invoices/12") == "show id=12")
        #expect(outcome(router, .post, "/invoices/12/issue") == "issue number=12")
        #expect(outcome(router, .get, "/invoices/12/lines/3") == "line id=12 line=3")
        #expect(outcome(router, .get, "/assets/icons/a.svg") == "asset name=icons/a.svg")
    }

    @Test func aLiteralWinsOverAParameterUnlessItLeadsNowhere() {
        #expect(outcome(router, .get, "/invoices/new") == "new")
        #expect(outcome(router, .post, "/invoices/new/issue") == "issue number=new")
        #expect(outcome(router, .post, "/invoices/new") == "only GET HEAD")
    }

    @Test func unknownPathsAreNotFound() {
        for path in ["/x", "/invoices/1/2", "/invoices/1/lines", "/assets"] {
            #expect(outcome(router, .get, path) == "none")
        }
        #expect(outcome(Router<String>(), .get, "/") == "none")
    }

    @Test func headFallsBackToGetAndOtherMethodsAreNamed() {
        #expect(outcome(router, .head, "/invoices") == "list")
        #expect(outcome(router, .delete, "/invoices") == "only GET HEAD")
        #expect(outcome(router, .get, "/invoices/12/issue") == "only POST")
        #expect(outcome(router, .head, "/invoices/12/issue") == "only POST")
    }

    @Test func aHeadOfItsOwnWinsOverGet() {
        var router = router
        router.add(.head, "invoices", "head")
        #expect(outcome(router, .head, "/invoices") == "head")
    }

    @Test func addingADuplicateTraps() async {
        await #expect(processExitsWith: .failure) {
            var router = Router<String>()
            router.add(.get, "invoices/:id", "one")
            router.add(.get, "invoices/:number", "two")
        }
    }
}
