extension EInvoice {
    /// What its type code (BT-3, UNTDID 1001) says it is; nil for one that is not told apart here.
    public var typeName: Bilingual? {
        switch typeCode {
        case "380": Bilingual("facture", "invoice")
        case "381": Bilingual("avoir", "credit note")
        case "384": Bilingual("facture rectificative", "corrected invoice")
        case "386": Bilingual("facture d’acompte", "deposit invoice")
        case "389": Bilingual("autofacture", "self-billed invoice")
        case "261": Bilingual("avoir d’autofacturation", "self-billed credit note")
        case "393": Bilingual("facture affacturée", "factored invoice")
        case "471": Bilingual("autofacture rectificative", "corrected self-billed invoice")
        case "500": Bilingual("autofacture d’acompte", "self-billed deposit invoice")
        default: nil
        }
    }
}
