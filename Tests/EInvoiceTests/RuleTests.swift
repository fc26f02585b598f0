import Testing

@testable import EInvoice

struct RuleTests {
    @Test func aCompleteInvoiceBreaksNoRule() {
        #expect(EInvoice.sample.broken == [])
    }

    @Test func whatIsReadIsNamedByItsTypeCode() throws {
        for (code, name) in [("389", "autofacture"), ("384", "facture rectificative")] {
            let xml = CIIWriter.xml(EInvoice.sample.with { $0.typeCode = code })
            let read = try EInvoiceReader.read(Array(xml.utf8)).0
            #expect(read.typeCode == code && read.typeName?.french == name)
        }
        #expect(EInvoice.sample.with { $0.typeCode = "999" }.typeName == nil)
    }

    @Test func everyRuleHasACodeOfItsOwnAndWordsInBothLanguages() {
        #expect(Set(RuleBook.rules.map(\.code)).count == RuleBook.rules.count)
        for rule in RuleBook.rules {
            #expect(rule.message.french.hasSuffix("."), "\(rule.code)")
            #expect(rule.message.english.hasSuffix("."), "\(rule.code)")
            #expect(rule.message.french != rule.message.english, "\(rule.code)")
        }
    }

    @Test func anEmptyInvoiceBreaksManyRulesAndStopsNobody() {
        let broken = EInvoice().broken
        for code in ["BR-01", "BR-02", "BR-06", "BR-16", "BR-CO-18", "BR-FR-08_BT-23"] {
            #expect(broken.contains(code))
        }
    }

    // What the official schematrons do not look at.
    @Test func aLineThatIsNotQuantityTimesPriceIsFound() {
        let invoice = EInvoice.sample.with { $0.lines[0].quantity = Numeral(3) }
        #expect(invoice.broken == ["CPT-01"])
    }

    @Test func aCentOfVATTooMuchIsFound() {
        let wrong = EInvoice.sample.with {
            $0.vatBreakdown[0].amount = Numeral(cents: 16_201)
            $0.totals?.vat = Numeral(cents: 16_201)
            $0.totals?.gross = Numeral(cents: 97_201)
            $0.totals?.due = Numeral(cents: 97_201)
        }
        #expect(wrong.broken == ["CPT-02"])
        // Credit notes of one invoice are rounded together.
        let note = wrong.with {
            $0.typeCode = "381"
            $0.precedingInvoices = [
                EInvoice.PrecedingInvoice("FA-1", issuedOn: StatedDay("20261101"))
            ]
        }
        #expect(note.broken == [])
    }

    @Test func anExemptBaseMayNotBeOffByACentEither() {
        let invoice = EInvoice.sample.with {
            $0.lines[0].vat = EInvoice.VAT("E", rate: .zero)
            var row = EInvoice.VATBreakdown(
                EInvoice.VAT("E", rate: .zero), base: Numeral(cents: 81_001), amount: .zero)
            row.exemptionReason = "Exonération"
            $0.vatBreakdown = [row]
            $0.totals?.vat = .zero
            $0.totals?.gross = Numeral(cents: 81_000)
            $0.totals?.due = Numeral(cents: 81_000)
        }
        #expect(invoice.broken == ["CPT-03"])
    }

    @Test func aRateStandsOnceInTheBreakdown() {
        let invoice = EInvoice.sample.with { $0.vatBreakdown.append($0.vatBreakdown[0]) }
        #expect(invoice.broken.contains("CPT-04"))
    }

    @Test func aBreachSaysWhichLine() {
        let invoice = EInvoice.sample.with {
            $0.lines.append($0.lines[0])
            $0.lines[1].name = nil
        }
        let breach = RuleBook.breaches(in: invoice, [.en16931]).first { $0.code == "BR-25" }
        #expect(breach?.place == .line(2))
        #expect(breach?.term == "BT-153")
    }

    @Test func frenchRulesAreAskedOfFrenchSellersOnly() {
        let belgian = EInvoice.sample.with { $0.seller?.address?.country = "BE" }
        #expect(RuleBook.origins(for: .sample) == [.en16931, .french])
        #expect(RuleBook.origins(for: belgian) == [.en16931])
    }

    @Test func smallProfilesAreNotAskedForLines() {
        let header = EInvoice.sample.with {
            $0.specification = "urn:factur-x.eu:1p0:basicwl"
            $0.lines = []
        }
        #expect(RuleBook.breaches(in: header, [.en16931]).isEmpty)
    }

    @Test(arguments: ["20260229", "20261301", "19991231", "2026113", "20261131"])
    func daysThatAreNotInTheCalendarAreNone(text: String) {
        #expect(!StatedDay(text).isReal)
        #expect(StatedDay("2028-02-29").isReal)
    }
}
