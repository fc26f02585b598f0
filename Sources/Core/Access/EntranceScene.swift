import Basics
import Markup

/// Beside the entrance on wide windows: what the program is for, told by three example cards.
enum EntranceScene {
    static func html(_ request: Request) -> HTML {
        let (say, icon) = (request.say, request.icon)
        return """
            <aside aria-label="\(say("Aperçu", "Preview"))"><div class="scene">
            <div class="card l"><div class="ln"><span class="tick info">\(icon("file-check"))</span>\
            <div><b>\(say("Devis accepté", "Quote accepted"))</b><small>\(say("Film de présentation", "Promotional film"))</small></div>\
            <span class="num">\(say.money(Amount(2_400_00), .euro))</span></div></div>
            <div class="card"><header><h2>\(say("Encaissé ce mois-ci", "Received this month"))</h2></header><div class="body">\
            <p class="big"><b>\(say.money(Amount(12_480_00), .euro))</b></p>\(bars)</div></div>
            <div class="card r"><div class="ln"><span class="tick">\(icon("wallet"))</span>\
            <div><b>\(say("Virement reçu", "Transfer received"))</b><small>\(say("Facture réglée", "Invoice settled"))</small></div>\
            <span class="pill ok">\(icon("check"))\(say("Payée", "Paid"))</span></div></div>
            <div class="cap"><h2>\(say("Du premier devis à la facture payée", "From the first quote to the paid invoice"))</h2>\
            <p>\(say("Chez vous, sur votre machine. Données d’exemple.", "At home, on your own machine. Example data."))</p></div>
            </div></aside>
            """
    }

    private static var bars: HTML {
        let heights = [63, 66, 58, 64, 72, 77, 81, 77, 57, 71, 84, 62]
        return """
            <svg viewBox="0 0 420 92" width="100%" aria-hidden="true">\(heights.enumerated(), { index, height in
                """
                <rect x="\(index * 36)" y="\(92 - height)" width="24" height="\(height)" rx="5" \
                fill="var(--chart-\(index == heights.count - 1 ? 1 : 2))"/>
                """
            })</svg>
            """
    }
}
