import Testing

@testable import EInvoice

struct XMLTests {
    private func read(_ text: String) throws -> EInvoice {
        try EInvoiceReader.read(Array(text.utf8)).0
    }

    private func fault(_ bytes: [UInt8]) -> EInvoiceFault? {
        do {
            _ = try EInvoiceReader.read(bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test func whatIsWrittenIsReadBackTheSame() throws {
        #expect(try read(CIIWriter.xml(.sample)) == .sample)
    }

    @Test func theSameInvoiceHasTheSameBytes() {
        #expect(CIIWriter.xml(.sample) == CIIWriter.xml(.sample))
    }

    @Test func wordsStayWordsAndWhatXMLCannotHoldIsLeftOut() throws {
        let hostile = "]]> <b> &amp; \"'\u{0}\u{8}\u{1B}\u{FFFE} é 🚁"
        let invoice = EInvoice.sample.with { $0.lines[0].name = hostile }
        #expect(try read(CIIWriter.xml(invoice)).lines[0].name == "]]> <b> &amp; \"' é 🚁")
    }

    @Test func nothingEmptyIsWritten() {
        let xml = CIIWriter.xml(EInvoice.sample.with { $0.buyer?.contact = EInvoice.Contact() })
        #expect(!xml.contains("DefinedTradeContact"))
        #expect(xml.firstMatch(of: /<([a-z]+:[A-Za-z]+)[^>]*><\/\1>/) == nil)
    }

    @Test func aBombIsRefusedWhereItDeclaresItself() {
        let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><x>&b;</x>"
        #expect(fault(Array(bomb.utf8)) == .documentType)
        let outside = "<!DOCTYPE x SYSTEM \"http://127.0.0.1/x.dtd\"><x/>"
        #expect(fault(Array(outside.utf8)) == .documentType)
    }

    @Test func depthNumberAndSizeAreBounded() {
        let deep = String(repeating: "<a>", count: 1_000)
        #expect(fault(Array(deep.utf8)) == .tooDeep)
        let many = "<a>" + String(repeating: "<b/>", count: XMLReader.maximumElements) + "</a>"
        #expect(fault(Array(many.utf8)) == .tooManyElements)
        #expect(fault([UInt8](repeating: 32, count: XMLReader.maximumBytes + 1)) == .tooLarge)
        #expect(fault([]) == .empty)
    }

    @Test func whatIsNoInvoiceIsRefusedWithItsRoot() {
        #expect(fault(Array("<html/>".utf8)) == .notAnInvoice(root: "html"))
        #expect(
            fault(Array("<CrossIndustryInvoice/>".utf8))
                == .notAnInvoice(root: "CrossIndustryInvoice"))
        guard case .notXML(let line, _)? = fault(Array("<a>\n<b></a>".utf8)) else {
            Issue.record("a wrong end tag is no XML")
            return
        }
        #expect(line == 2)
    }

    @Test func encodingsThatAreUnknownOrWrongAreRefused() {
        let unknown = "<?xml version=\"1.0\" encoding=\"X-KLINGON\"?><a/>"
        #expect(fault(Array(unknown.utf8)) == .encoding)
        var latin = Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?><a>".utf8)
        latin += [0xE9, 0x20] + Array("</a>".utf8)
        #expect(fault(latin) != nil)
    }

    @Test func aNumberThatIsNoneIsNamed() {
        let xml = CIIWriter.xml(.sample).replacing(
            "<ram:DuePayableAmount>972.00", with: "<ram:DuePayableAmount>1e9")
        #expect(
            fault(Array(xml.utf8)) == .notANumber(element: "DuePayableAmount", text: "1e9"))
    }

    @Test func numbersKeepTheDecimalsThatARuleLooksAt() throws {
        let xml = CIIWriter.xml(.sample).replacing("972.00", with: "972.000")
        #expect(try read(xml).broken.contains("BR-DEC-18"))
    }
}
