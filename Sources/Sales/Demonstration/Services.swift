import Basics
import Core

/// What Alta Vista Drones sells.
enum Services {
    struct Service {
        var draft: ItemDraft
        var isSold = true
    }

    static let all: [Service] = filming + editing + onSite + travel + products

    private static let filming = [
        service(
            "PHOTO", "Prise de vue aérienne, photo", "Prise de vue", 190_00, minutes: 60,
            "Douze photos retouchées en haute définition, drone de moins de 900 g."),
        service(
            "VIDEO", "Prise de vue aérienne, vidéo", "Prise de vue", 290_00, minutes: 90,
            "Survol en 4K du bien et de son quartier, fichiers bruts compris."),
        service(
            "MIXTE", "Prise de vue aérienne, photo et vidéo", "Prise de vue", 420_00,
            minutes: 120, "Douze photos et un survol en 4K lors du même vol."),
        service(
            "INTERIEUR", "Vol intérieur en plan-séquence", "Prise de vue", 360_00, minutes: 120,
            "Traversée du bien d’une seule prise, avec un drone caréné."),
    ]

    private static let editing = [
        service(
            "HABILLAGE", "Vidéo montée avec habillage graphique", "Montage", 450_00, minutes: 240,
            "Montage de 60 à 90 secondes, titres, logo et musique libre de droits."),
        service(
            "COURT", "Format court pour les réseaux", "Montage", 120_00, minutes: 45,
            "Trente secondes, à la verticale, sous-titrées."),
        service(
            "EXPRESS", "Montage express sous 24 heures", "Montage", 180_00, minutes: 180,
            "Livraison le lendemain du tournage avant 18 h."),
        service(
            "VOIX", "Voix off et sous-titres", "Montage", 140_00, minutes: 60,
            "Texte de 150 mots au plus, en français ou en anglais."),
        service(
            "RETOUCHE", "Retouche d’une photo", "Montage", 12_50, unit: .unit, minutes: 15,
            "Ciel, verticales, effacement d’un véhicule."),
    ]

    private static let onSite = [
        service(
            "AGENT", "Présentation orale de l’agent", "Présentation", 160_00, minutes: 45,
            "L’agent présente le bien face caméra ; prompteur et micro fournis."),
        service(
            "VISITE", "Visite virtuelle à 360°", "Présentation", 340_00, minutes: 150,
            "Jusqu’à vingt points de vue, hébergement d’un an compris."),
        service(
            "CHANTIER", "Suivi mensuel de chantier", "Suivi", 520_00, unit: .month, minutes: 180,
            "Un vol par mois, mêmes points de vue, montage accéléré à la fin."),
        service(
            "ORTHO", "Orthophotographie et plan de masse", "Relevé", 680_00, minutes: 300,
            "Résolution de 2 cm par pixel, fichier géoréférencé."),
        service(
            "THERMO", "Relevé thermographique de toiture", "Relevé", 390_00, minutes: 120,
            "Rapport illustré des déperditions, vol à l’aube."),
    ]

    private static let travel = [
        service(
            "PREFECTURE", "Autorisation préfectorale de vol", "Démarches", 95_00, minutes: 60,
            "Dossier de survol d’une zone peuplée, déposé dix jours avant."),
        service("PILOTE", "Télépilote, heure supplémentaire", "Démarches", 85_00, unit: .hour, ""),
        service("KM", "Déplacement au kilomètre", "Démarches", 0_62, unit: .kilometre, ""),
    ]

    private static let products = [
        product("TIRAGE-30", "Tirage photo 30 × 45 cm, papier d’art", 24_00, stock: 140),
        product("TIRAGE-60", "Tirage photo 60 × 90 cm, contrecollé", 89_00, stock: 22),
        product("USB", "Clé USB gravée, 32 Go", 19_00, stock: 68),
        product("GUIDE", "Livre « Vendre vu du ciel »", 18_00, stock: 0, vat: 550),
        Service(
            draft: product("DVD", "Film sur DVD avec jaquette", 25_00, stock: 4).draft,
            isSold: false),
    ]

    private static func service(
        _ reference: String, _ label: String, _ category: String, _ cents: Int,
        unit: Unit = .flatRate, minutes: Int? = nil, _ description: String
    ) -> Service {
        var draft = ItemDraft(
            reference: reference, kind: .service, label: label, unit: unit,
            unitPrice: price(cents: cents),
            vat: VATRate(.standard, Percentage(hundredths: 2000)))
        draft.category = category
        draft.durationMinutes = minutes
        draft.description = description
        return Service(draft: draft)
    }

    private static func product(
        _ reference: String, _ label: String, _ cents: Int, stock: Int, vat: Int = 2000
    ) -> Service {
        var draft = ItemDraft(
            reference: reference, kind: .product, label: label, unitPrice: price(cents: cents),
            vat: VATRate(.standard, Percentage(hundredths: vat)))
        draft.category = "Supports"
        draft.stockQuantity = Quantity(stock)
        return Service(draft: draft)
    }

    static func price(cents: Int) -> UnitPrice { UnitPrice(millionths: cents * 10_000) }
}
