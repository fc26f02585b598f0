import Basics
import Database
import EInvoice
import HTTP
import TestSupport
import Testing
import WebClient

@testable import Core
@testable import Sales

/// A company and a simulated approved platform that speaks XP Z12-013.
private struct Connected {
    let test: TestApplication
    let platform: SimulatedPlatform

    init(active: Bool = true) throws {
        platform = try SimulatedPlatform()
        test = try TestApplication(
            all: [
                Clients.self, Catalogue.self, Quotes.self, Orders.self, Invoicing.self,
                EInvoices.self, Payments.self, ReceivedInvoices.self, Suppliers.self,
                Platforms.self,
            ], webClient: WebClient(allowsLoopback: true, timeoutSeconds: 5))
        let answer = try test.post("/settings/platform", form(active: active), as: .owner)
        #expect(answer.status == 303, "\(answer.text)")
    }

    func form(active: Bool = true, secret: String = SimulatedPlatform.clientSecret)
        -> KeyValuePairs<String, String>
    {
        [
            "flow_url": platform.flowURL, "token_url": platform.tokenURL,
            "client_id": SimulatedPlatform.clientID, "client_secret": secret,
            "since": "2020-01-01", "is_active": active ? "on" : "",
        ]
    }

    /// Does what is due now, and what comes due within a quarter of an hour.
    func exchange(after seconds: Int = 900) throws {
        test.clock.advance(seconds: seconds)
        try JobRunner(test.application, only: test.organisationID).runDue()
    }

    func flows() throws -> [PlatformFlow] {
        try test.read { try $0.platformFlows(after: nil).rows }
    }

    func status(of invoice: Invoice) throws -> LifeCycleStatus? {
        try test.read { try $0.sentLifeCycle(invoice.id)?.status }
    }
}

struct PlatformTests {
    @Test func anIssuedInvoiceGoesToThePlatformAsItWasKeptAndIsFiled() throws {
        let connected = try Connected()
        let invoice = try connected.test.issued(for: connected.test.client())
        try connected.exchange()
        let sent = try connected.platform.flows()
        #expect(sent.map(\.syntax) == ["Factur-X"])
        #expect(sent.map(\.rule) == ["B2B"])
        let kept = try connected.test.read { try $0.knownDocument(of: invoice.id) }
        #expect(sent.first?.content == kept?.content)
        try connected.exchange()
        #expect(try connected.status(of: invoice) == .filed)
        #expect(try connected.flows().map(\.state) == [.accepted])
        // Looking again changes nothing.
        try connected.exchange()
        #expect(try connected.platform.flows().count == 1)
        #expect(try connected.test.read { try $0.lifeCycle(ofSent: invoice.id) }.count == 1)
        let page = try connected.test.get("/settings/platform", as: .owner).text
        #expect(page.contains("Accepté"))
        #expect(!page.contains(SimulatedPlatform.clientSecret))
    }

    @Test func salesToPeopleAndAbroadStayHere() throws {
        let connected = try Connected()
        _ = try connected.test.issued(for: connected.test.client("Jeanne Roux", kind: .person))
        try connected.exchange()
        #expect(try connected.platform.flows().isEmpty)
        #expect(try connected.flows().isEmpty)
    }

    @Test func aRefusalOfThePlatformRejectsTheInvoiceWithItsReason() throws {
        let connected = try Connected()
        try connected.platform.tell([
            "refuse": ["code": "InvalidSchema", "message": "BT-1 manque"]
        ])
        let invoice = try connected.test.issued(for: connected.test.client())
        try connected.exchange()
        try connected.exchange()
        #expect(try connected.status(of: invoice) == .rejected)
        let page = try connected.test.get(invoice.path).text
        #expect(page.contains("Le fichier ne respecte pas sa syntaxe"))
        #expect(page.contains("BT-1 manque"))
        // Nothing follows a rejection, so it is not offered again.
        let flow = try #require(connected.flows().first)
        #expect(
            try connected.test.post("/platform-flows/\(flow.id)/retry", as: .owner).status == 409)
    }

    @Test func whatThePlatformTookBeforeItWentSilentIsNotHandedOverTwice() throws {
        let connected = try Connected()
        try connected.platform.tell(["accept_then_die": true])
        let invoice = try connected.test.issued(for: connected.test.client())
        for _ in 0..<3 { try connected.exchange() }
        #expect(try connected.platform.flows().count == 1)
        #expect(try connected.flows().map(\.attempts) == [2])
        #expect(try connected.flows().map(\.state) == [.accepted])
        let back = try #require(try connected.test.read { try $0.platformConnection() })
        #expect(back.problem == nil)
        #expect(try connected.status(of: invoice) == .filed)
    }

    @Test func aPlatformThatIsAwayIsAskedAgainAndNothingIsLost() throws {
        let connected = try Connected()
        try connected.platform.tell(["status": 503, "times": 3])
        let invoice = try connected.test.issued(for: connected.test.client())
        try connected.exchange(after: 1)
        let away = try connected.test.read { try $0.platformConnection() }
        #expect(away?.failingSince != nil)
        #expect(away?.problem?.english.contains("503") == true)
        for _ in 0..<4 { try connected.exchange() }
        #expect(try connected.test.read { try $0.platformConnection()?.failingSince } == nil)
        #expect(try connected.status(of: invoice) == .filed)
        #expect(try connected.platform.flows().count == 1)
    }

    @Test func whoeverDiedOfAnExchangeIsFollowedByAnother() throws {
        let connected = try Connected()
        try connected.exchange()
        // As a program leaves it that was killed in the middle.
        try connected.test.write { transaction in
            try transaction.run(
                """
                UPDATE platform_connections SET busy_until = \(transaction.now.adding(seconds: 1200))
                WHERE organisation_id = \(transaction.organisation)
                """)
        }
        let invoice = try connected.test.issued(for: connected.test.client())
        try connected.exchange()
        #expect(try connected.platform.flows().isEmpty)
        for _ in 0..<2 { try connected.exchange() }
        #expect(try connected.status(of: invoice) == .filed)
    }

    @Test func whatHappensWhileItIsSwitchedOffGoesWhenItIsOnAgain() throws {
        let connected = try Connected(active: false)
        let invoice = try connected.test.issued(for: connected.test.client())
        for _ in 0..<2 { try connected.exchange() }
        #expect(try connected.platform.flows().isEmpty)
        _ = try connected.test.post("/settings/platform", connected.form(), as: .owner)
        for _ in 0..<2 { try connected.exchange() }
        #expect(try connected.status(of: invoice) == .filed)
    }

    @Test func aStatusOfASuppliersInvoiceIsNoneOfOurs() throws {
        let connected = try Connected()
        let invoice = try connected.test.issued(for: connected.test.client())
        for _ in 0..<2 { try connected.exchange() }
        // A supplier may have given an invoice the same number.
        try connected.platform.tell([
            "say": [
                "number": .string(invoice.number ?? ""), "status": "210",
                "type": "SupplierInvoiceLC",
            ]
        ])
        try connected.exchange()
        #expect(try connected.status(of: invoice) == .filed)
    }

    @Test func moreThanAPageOfChangesOfOneMomentComesInWhole() throws {
        let connected = try Connected(active: false)
        let samples = try InvoiceSamples()
        for number in 1...120 {
            try connected.platform.deliver(
                samples.changed(
                    "</rsm:CrossIndustryInvoice>", "<!-- \(number) --></rsm:CrossIndustryInvoice>"))
        }
        _ = try connected.test.post("/settings/platform", connected.form(), as: .owner)
        for _ in 0..<2 { try connected.exchange() }
        let count: Int? = try connected.test.read { transaction in
            try transaction.value(
                """
                SELECT count(*) FROM platform_flows
                WHERE organisation_id = \(transaction.organisation) AND state = 'received'
                """)
        }
        #expect(count == 120)
    }

    @Test func oneFlowThatThePlatformCannotTakeKeepsNoneOfTheOthersBack() throws {
        let connected = try Connected()
        try connected.exchange()
        let client = try connected.test.client()
        let first = try connected.test.issued(for: client)
        let second = try connected.test.issued(for: client)
        try connected.platform.tell(["poison": .string(first.number ?? "")])
        for _ in 0..<12 { try connected.exchange() }
        #expect(try connected.status(of: second) == .filed)
        #expect(try connected.status(of: first) == nil)
    }

    @Test func aReceiptIsToldOfTheDayOnWhichTheMoneyCame() throws {
        let connected = try Connected()
        let test = connected.test
        let client = try test.client()
        let day = try test.today.adding(days: -3)
        let invoice = try test.issued(for: client, on: day)
        _ = try test.write { transaction in
            try transaction.recordPayment(
                PaymentDraft(
                    client: client.id, method: .transfer, day: day, amount: invoice.totalGross,
                    settlements: [PlannedAllocation(invoice.id, invoice.totalGross)]))
        }
        for _ in 0..<3 { try connected.exchange() }
        let sent = try #require(connected.platform.flows().last)
        let text = String(decoding: sent.content, as: UTF8.self)
        #expect(
            text.contains(
                ">\(day.iso.filter { $0 != "-" })</udt:DateTimeString></ram:ValueDateTime>"))
    }

    @Test func receiptsGoOutByRateOnceTheInvoiceIsTaken() throws {
        let connected = try Connected()
        let test = connected.test
        let client = try test.client()
        let reduced = VATRate(.standard, Percentage(hundredths: 550))
        let invoice = try test.issued(
            [test.item(price: 100), test.item("Livre", price: 100, vat: reduced)], for: client)
        _ = try test.pay(22_550, from: client, [(invoice, 22_550)])
        for _ in 0..<3 { try connected.exchange() }
        #expect(try connected.platform.flows().map(\.syntax) == ["Factur-X", "CDAR"])
        let sent = try #require(connected.platform.flows().last)
        #expect(sent.syntax == "CDAR")
        let text = String(decoding: sent.content, as: UTF8.self)
        for part in [
            "<ram:ProcessConditionCode>212</ram:ProcessConditionCode>",
            "<ram:TypeCode>MEN</ram:TypeCode><ram:ValuePercent>20.00</ram:ValuePercent>"
                + "<ram:ValueAmount currencyID=\"EUR\">120.00</ram:ValueAmount>",
            "<ram:ValuePercent>5.50</ram:ValuePercent>"
                + "<ram:ValueAmount currencyID=\"EUR\">105.50</ram:ValueAmount>",
            "<ram:IssuerAssignedID>\(invoice.number ?? "")</ram:IssuerAssignedID>",
        ] { #expect(text.contains(part), "\(part)") }
        // What we write we read.
        let message = try LifeCycleMessage.read(sent.content)
        #expect(message.statements.map(\.status) == ["212"])
    }

    @Test func aSuppliersInvoiceComesInAndItsRefusalGoesBack() throws {
        let connected = try Connected()
        let samples = try InvoiceSamples()
        try connected.platform.deliver(Array(samples.xml.utf8))
        try connected.platform.deliver(Array("<rien".utf8))
        try connected.exchange()
        let received = try #require(
            connected.test.read {
                try $0.receivedInvoices(ReceivedInvoiceFilter(Fields())).rows.first
            })
        #expect(received.channel == .platform)
        #expect(
            try connected.flows().map(\.state).sorted { $0.rawValue < $1.rawValue }
                == [.received, .unreadable])
        _ = try connected.test.write {
            try $0.handleReceivedInvoice(
                received.id, SaidStatus(.refused, reasonCode: "DOUBLON", reason: "Déjà payée"))
        }
        try connected.exchange()
        let sent = try #require(connected.platform.flows().last)
        let text = String(decoding: sent.content, as: UTF8.self)
        for part in [
            "<ram:ProcessConditionCode>210</ram:ProcessConditionCode>",
            "<ram:ReasonCode>DOUBLON</ram:ReasonCode><ram:Reason>Facture déjà reçue</ram:Reason>",
            "<ram:IncludedNote><ram:Content>Déjà payée</ram:Content></ram:IncludedNote>",
            "<ram:IssuerAssignedID>\(received.number)</ram:IssuerAssignedID>",
            "<ram:GlobalID schemeID=\"0002\">732829320</ram:GlobalID>",
        ] { #expect(text.contains(part), "\(part)") }
        try connected.exchange()
        // The same again is known, and nothing doubles.
        #expect(try connected.flows().count == 3)
    }

    @Test func aClientSuspendsAndTheSellerCompletes() throws {
        let connected = try Connected()
        let invoice = try connected.test.issued(for: connected.test.client())
        try connected.exchange()
        try connected.exchange()
        try connected.platform.tell([
            "say": [
                "number": .string(invoice.number ?? ""), "status": "208",
                "reason_code": "JUSTIF_ABS", "reason": "Bon de livraison",
            ]
        ])
        try connected.exchange()
        #expect(try connected.status(of: invoice) == .suspended)
        #expect(try connected.test.get(invoice.path).text.contains("Déclarer complétée"))
        #expect(
            try connected.test.post("\(invoice.path)/complete", as: .owner).status == 303)
        #expect(
            try connected.test.post("\(invoice.path)/complete", as: .owner).status == 409)
        try connected.exchange()
        let sent = try connected.platform.flows().filter { !$0.isIncoming }
        #expect(
            try LifeCycleMessage.read(sent.last?.content ?? []).statements.map(\.status)
                == ["209"])
    }

    @Test func theSettingsRefuseWhatCannotBeAndKeepTheSecretSealed() throws {
        let connected = try Connected()
        let wrong = try connected.test.post(
            "/settings/platform",
            [
                "flow_url": "ftp://exemple.fr", "token_url": "http://192.168.1.1/token",
                "client_id": "", "since": "demain",
            ], as: .owner)
        #expect(wrong.status == 422)
        for field in ["flow_url", "token_url", "client_id", "since"] {
            #expect(wrong.text.contains("\(field)-error") || wrong.text.contains(field))
        }
        let sealed: [UInt8]? = try connected.test.read { transaction in
            try transaction.value(
                """
                SELECT client_secret FROM platform_connections
                WHERE organisation_id = \(transaction.organisation)
                """)
        }
        let secret = Array(SimulatedPlatform.clientSecret.utf8)
        #expect(sealed?.firstRange(of: secret) == nil)
        // Left empty it is kept.
        _ = try connected.test.post(
            "/settings/platform", connected.form(secret: ""), as: .owner)
        #expect(try connected.test.post("/settings/platform/check", as: .owner).status == 303)
        _ = try connected.test.post(
            "/settings/platform", connected.form(secret: "autre"), as: .owner)
        let refused = try connected.test.post("/settings/platform/check", as: .owner)
        #expect(refused.status == 422)
        #expect(refused.text.contains("refuse l’identifiant"))
        #expect(try connected.test.post("/settings/platform/check", as: .agent).status == 403)
    }
}
