import Basics
import Core

/// Why an invoice is refused, disputed, suspended or rejected: a code of the French reform (list
/// BR-FR-CDV-CL-09), what it means, and what its seller can do.
public struct LifeCycleReason: Sendable, Hashable {
    public let code: String
    public let label: Text

    private init(_ code: String, _ french: String, _ english: String) {
        self.code = code
        label = Text(french, english)
    }

    /// Those that may go with a status; none where none is asked for.
    public static func all(for status: LifeCycleStatus) -> [LifeCycleReason] {
        (codes[status] ?? []).compactMap { code in known.first { $0.code == code } }
    }

    /// What a code means; the code itself where it is not known here.
    public static func label(of code: String) -> Text {
        known.first { $0.code == code }?.label ?? Text(code, code)
    }

    private static let order = ["CMD_ERR", "REF_CT_ABSENT"]
    private static let content = [
        "PU_ERR", "REM_ERR", "QTE_ERR", "ART_ERR", "MODPAI_ERR", "QUALITE_ERR", "LIVR_INCOMP",
    ]
    private static let whole = [
        "TX_TVA_ERR", "MONTANTTOTAL_ERR", "CALCUL_ERR", "NON_CONFORME", "DOUBLON", "DEST_ERR",
        "TRANSAC_INC", "EMMET_INC", "CONTRAT_TERM", "DOUBLE_FACT", "ADR_ERR",
    ]

    private static let codes: [LifeCycleStatus: [String]] = [
        .partlyApproved: order + ["REF_ERR", "SIRET_ERR", "CODE_ROUTAGE_ERR"] + content + ["AUTRE"],
        .disputed: whole + order + ["COORD_BANC_ERR", "REF_ERR", "SIRET_ERR", "CODE_ROUTAGE_ERR"]
            + content + ["AUTRE"],
        .suspended: ["JUSTIF_ABS", "COORD_BANC_ERR", "SIRET_ERR", "CODE_ROUTAGE_ERR", "REF_ERR"]
            + order,
        .refused: whole + order,
    ]

    private static let known: [LifeCycleReason] = [
        LifeCycleReason("TX_TVA_ERR", "Taux de TVA erroné", "Wrong VAT rate"),
        LifeCycleReason("MONTANTTOTAL_ERR", "Montant total erroné", "Wrong total"),
        LifeCycleReason("CALCUL_ERR", "Erreur de calcul", "Wrong arithmetic"),
        LifeCycleReason("NON_CONFORME", "Mention légale manquante", "Legal mention missing"),
        LifeCycleReason("DOUBLON", "Facture déjà reçue", "Invoice received before"),
        LifeCycleReason("DEST_ERR", "Destinataire erroné", "Wrong recipient"),
        LifeCycleReason("DEST_INC", "Destinataire inconnu", "Unknown recipient"),
        LifeCycleReason("TRANSAC_INC", "Opération inconnue", "Unknown transaction"),
        LifeCycleReason("EMMET_INC", "Émetteur inconnu", "Unknown issuer"),
        LifeCycleReason("CONTRAT_TERM", "Contrat terminé", "Contract ended"),
        LifeCycleReason("DOUBLE_FACT", "Double facturation", "Billed twice"),
        LifeCycleReason("ADR_ERR", "Adresse de facturation erronée", "Wrong billing address"),
        LifeCycleReason(
            "CMD_ERR", "N° de commande incorrect ou manquant", "Order number wrong or missing"),
        LifeCycleReason(
            "REF_CT_ABSENT", "Référence de contrat manquante", "Contract reference missing"),
        LifeCycleReason("REF_ERR", "Référence erronée", "Wrong reference"),
        LifeCycleReason("SIRET_ERR", "SIRET erroné ou absent", "SIRET wrong or missing"),
        LifeCycleReason("CODE_ROUTAGE_ERR", "Code de routage erroné", "Wrong routing code"),
        LifeCycleReason("COORD_BANC_ERR", "Coordonnées bancaires erronées", "Wrong bank details"),
        LifeCycleReason("PU_ERR", "Prix unitaire incorrect", "Wrong unit price"),
        LifeCycleReason("REM_ERR", "Remise incorrecte", "Wrong discount"),
        LifeCycleReason("QTE_ERR", "Quantité facturée incorrecte", "Wrong quantity"),
        LifeCycleReason("ART_ERR", "Article facturé incorrect", "Wrong item"),
        LifeCycleReason("MODPAI_ERR", "Modalités de paiement incorrectes", "Wrong payment terms"),
        LifeCycleReason("QUALITE_ERR", "Qualité livrée incorrecte", "Quality not as agreed"),
        LifeCycleReason("LIVR_INCOMP", "Livraison incomplète", "Incomplete delivery"),
        LifeCycleReason("JUSTIF_ABS", "Justificatif absent", "Supporting document missing"),
        LifeCycleReason("AUTRE", "Autre motif", "Other reason"),
        LifeCycleReason(
            "REJ_SEMAN", "Un champ ne respecte pas les règles", "A field breaks the rules"),
        LifeCycleReason(
            "REJ_UNI", "La plateforme connaît déjà cette facture",
            "The platform knows this invoice already"),
        LifeCycleReason("REJ_COH", "Des données se contredisent", "Data contradict each other"),
        LifeCycleReason(
            "REJ_ADR", "L’adresse du client n’est pas dans l’annuaire",
            "The client’s address is not in the directory"),
        LifeCycleReason(
            "REJ_REF_PJ", "Une pièce jointe est mal référencée", "An attachment is referenced badly"
        ),
        LifeCycleReason(
            "REJ_ASS_PJ", "Une pièce jointe ne se rattache pas", "An attachment cannot be matched"),
        LifeCycleReason(
            "IRR_SYNTAX", "Le fichier ne respecte pas sa syntaxe", "The file breaks its syntax"),
        LifeCycleReason("IRR_VIDE_F", "Le fichier est vide", "The file is empty"),
        LifeCycleReason("IRR_TYPE_F", "Le type du fichier est refusé", "The file type is refused"),
        LifeCycleReason("IRR_TAILLE_F", "Le fichier est trop gros", "The file is too large"),
        LifeCycleReason(
            "IRR_ANTIVIRUS", "L’antivirus a arrêté le fichier", "The virus scanner stopped the file"
        ),
    ]
}

/// What a seller can do about a status.
extension LifeCycleStatus {
    public func advice(_ reason: String) -> Text? {
        switch self {
        case .rejected:
            switch reason {
            case "REJ_ADR", "DEST_INC", "DEST_ERR":
                Text(
                    "Vérifiez le SIREN du client auprès de lui, corrigez sa fiche, puis faites un avoir "
                        + "et émettez une nouvelle facture.",
                    "Check the SIREN with the client, correct their record, then make a credit note "
                        + "and issue a new invoice.")
            case "REJ_UNI", "DOUBLON":
                Text(
                    "Elle est déjà arrivée : regardez sur la plateforme avant de faire quoi que ce soit.",
                    "It has arrived before: look on the platform before doing anything.")
            default:
                Text(
                    "Cette facture n’est pas parvenue à votre client et garde son numéro. Faites un avoir, "
                        + "corrigez la cause, puis émettez une nouvelle facture.",
                    "This invoice did not reach your client and keeps its number. Make a credit note, "
                        + "mend the cause, then issue a new invoice.")
            }
        case .refused:
            Text(
                "Votre client la refuse. Mettez-vous d’accord avec lui, puis faites un avoir et, s’il y a "
                    + "lieu, une nouvelle facture.",
                "Your client refuses it. Agree with them, then make a credit note and, if need be, a "
                    + "new invoice.")
        case .suspended:
            Text(
                "Votre client attend un complément. Envoyez-le-lui, puis déclarez la facture complétée.",
                "Your client waits for something. Send it, then declare the invoice completed.")
        case .disputed:
            Text(
                "Votre client conteste un point : voyez avec lui ; un avoir partiel peut suffire.",
                "Your client contests a point: talk to them; a partial credit note may do.")
        default: nil
        }
    }
}
