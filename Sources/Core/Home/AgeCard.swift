import Basics
import Markup

/// What clients owe by age: a bar of one hundred parts, and a line for each age.
public struct AgeCard: Sendable {
    public struct Bucket: Sendable {
        public var label: Text
        public var amount: Amount
        public var address: String?

        public init(_ label: Text, _ amount: Amount, address: String? = nil) {
            self.label = label
            self.amount = amount
            self.address = address
        }
    }

    let buckets: [Bucket]
    let count: Int
    let address: String
    let say: Language
    let currency: Currency

    /// `buckets` from not yet due to oldest, five at most; `count` of invoices; `address` of the list.
    public init(_ buckets: [Bucket], count: Int, address: String, _ request: Request) {
        self.buckets = buckets
        self.count = count
        self.address = address
        say = request.say
        currency = request.currency
    }

    private var total: Amount { buckets.map { max($0.amount, .zero) }.sum() }

    public var html: HTML {
        """
        <section class="card" aria-labelledby="h-age"><header><h2 id="h-age">\(say("Créances par âge", "Receivables by age"))</h2>\
        <span class="sp"></span><a class="btn g sm" href="\(address)">\(say("Balance âgée", "Aged balance"))</a></header>\
        <div class="body"><p class="big"><b>\(say.money(total, currency))</b><span>\(invoices)</span></p>\
        <svg class="age" viewBox="0 0 100 14" preserveAspectRatio="none" role="img" aria-label="\(summary)">\(bars)</svg>\
        <ul class="age-l">\(buckets.indices, line)</ul></div></section>
        """
    }

    private var invoices: String {
        say.count(count, Text("facture", "invoice"), Text("factures", "invoices"))
    }

    private var summary: String {
        buckets.indices.map { "\(say(buckets[$0].label)) \(share($0)) %" }.joined(separator: ", ")
    }

    /// Hundredths of the total, rounded.
    private func share(_ index: Int) -> Int {
        let whole = total.minorUnits
        let part = max(0, buckets[index].amount.minorUnits)
        return whole == 0 ? 0 : (part * 200 + whole) / (2 * whole)
    }

    private var bars: HTML {
        var start = 0
        return buckets.indices.map { index -> HTML in
            let width = min(share(index), 100 - start)
            defer { start += width }
            return "<rect class=\"a\(index)\" x=\"\(start)\" width=\"\(width)\" height=\"14\"/>"
        }.joined()
    }

    private func line(_ index: Int) -> HTML {
        let bucket = buckets[index]
        let content: HTML = """
            <i class="a\(index)"></i>\(say(bucket.label))<span class="p">\(share(index))\u{A0}%</span>\
            <span class="num">\(say.money(bucket.amount, currency))</span>
            """
        return bucket.address.map { "<li><a href=\"\($0)\">\(content)</a></li>" }
            ?? "<li><span class=\"r\">\(content)</span></li>"
    }
}
