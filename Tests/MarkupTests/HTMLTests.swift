import Testing

@testable import Markup

struct HTMLTests {
    @Test func textIsEscapedAndMarkupIsNot() {
        let name = "<script>alert('&\"')</script>"
        let bold: HTML = "<b>\(name)</b>"
        let page: HTML = "<p title=\"\(name)\">\(bold)</p>"
        #expect(!page.string.contains("<script>"))
        #expect(
            page.string.hasPrefix("<p title=\"&lt;script&gt;alert(&#39;&amp;&quot;&#39;)"))
        #expect(
            page.string.hasSuffix(
                "<b>&lt;script&gt;alert(&#39;&amp;&quot;&#39;)&lt;/script&gt;</b></p>"))
    }

    @Test func missingValuesLeaveNothing() {
        let none: String? = nil
        let markup: HTML? = nil
        #expect(("<i>\(none)\(markup)\(if: false, "x")</i>" as HTML).string == "<i></i>")
        #expect(("<a\(attribute: "href", none)>" as HTML).string == "<a>")
        #expect(("<a\(attribute: "href", "\"x")>" as HTML).string == "<a href=\"&quot;x\">")
        #expect(("<o\(attribute: "selected", if: true)>" as HTML).string == "<o selected>")
    }

    @Test func eachElementOfASequenceIsWritten() {
        let same: HTML = "<ul>\(["a", "<"], { "<li>\($0)</li>" })</ul>"
        #expect(same.string == "<ul><li>a</li><li>&lt;</li></ul>")
    }
}
