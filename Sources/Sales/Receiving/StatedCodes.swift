import Basics

/// Units and means of payment by the codes that files state; a code that is not known stays itself.
enum UnitCode {
    static func label(_ code: String, _ say: Language) -> String {
        switch code {
        case "C62", "EA", "H87", "XPP": ""
        case "HUR": say("h", "h")
        case "DAY": say("j", "d")
        case "MON": say("mois", "months")
        case "KGM": "kg"
        case "MTR": "m"
        case "MTK": "m²"
        case "LTR": "l"
        case "KMT": "km"
        case "KWH": "kWh"
        default: code
        }
    }
}

/// UNTDID 4461
enum MeansCode {
    static func label(_ code: String, _ say: Language) -> String {
        switch code {
        case "10": say("Espèces", "Cash")
        case "20": say("Chèque", "Cheque")
        case "30", "42": say("Virement", "Credit transfer")
        case "48", "54", "55": say("Carte", "Card")
        case "49", "59": say("Prélèvement", "Direct debit")
        case "57": say("Accord permanent", "Standing agreement")
        case "58": say("Virement SEPA", "SEPA credit transfer")
        case "97": say("Compensation", "Clearing")
        case "": ""
        default: say("Moyen \(code)", "Means \(code)")
        }
    }
}
