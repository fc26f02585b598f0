extension EInvoice {
    /// What its type code (BT-3) says it is; nil for one that is not told apart here.
    public var typeName: Bilingual? { typeCode.flatMap(Self.typeName(ofCode:)) }

    /// Of UNTDID 1001.
    public static func typeName(ofCode code: String) -> Bilingual? {
        switch code {
        case "380": Bilingual("facture", "invoice")
        case "381": Bilingual("avoir", "credit note")
        case "384": Bilingual("facture rectificative", "corrected invoice")
        case "386": Bilingual("facture d’acompte", "deposit invoice")
        case "389": Bilingual("autofacture", "self-billed invoice")
        case "261": Bilingual("avoir d’autofacturation", "self-billed credit note")
        case "393": Bilingual("facture affacturée", "factored invoice")
        case "396": Bilingual("avoir affacturé", "factored credit note")
        case "471": Bilingual("autofacture rectificative", "corrected self-billed invoice")
        case "500": Bilingual("autofacture d’acompte", "self-billed deposit invoice")
        case "326": Bilingual("facture partielle", "partial invoice")
        case "751": Bilingual("facture pour la comptabilité", "invoice for accounting")
        default: nil
        }
    }
}
