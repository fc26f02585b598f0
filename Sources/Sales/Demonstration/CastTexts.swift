/// What stands in the files of clients beside their names.
enum CastTexts {
    /// A trade: how its companies are called (with § for the invented name), who works there, how
    /// often they are met among clients and how much they order.
    struct Trade {
        var sector: String
        var names: [String]
        var positions: [String]
        var share: Int
        var appetite: Int
        /// Terms they insist on; nil for those of the organisation.
        var paymentDays: Int?
        var endOfMonth = false
    }

    static let trades: [Trade] = [
        Trade(
            sector: "Agence immobilière",
            names: [
                "Agence §", "§ Immobilier", "Immobilière §", "Cabinet § Transactions",
                "§ Gestion et Vente", "Les Clés de §",
            ],
            positions: ["Directrice d’agence", "Négociateur", "Assistante commerciale"],
            share: 34, appetite: 12, paymentDays: 30, endOfMonth: true),
        Trade(
            sector: "Notaire", names: ["Étude §", "Office notarial §", "§ et associés, notaires"],
            positions: ["Notaire", "Clerc", "Comptable taxatrice"],
            share: 8, appetite: 4),
        Trade(
            sector: "Promoteur",
            names: ["§ Promotion", "Les Résidences §", "§ Habitat", "Terres et Toits §"],
            positions: ["Responsable de programme", "Directeur commercial", "Comptable"],
            share: 10, appetite: 10, paymentDays: 45, endOfMonth: true),
        Trade(
            sector: "Hôtellerie",
            names: ["Hôtel §", "Auberge de §", "Gîtes de §", "Camping de §"],
            positions: ["Directrice", "Responsable de la communication"],
            share: 9, appetite: 4),
        Trade(
            sector: "Collectivité",
            names: ["Mairie de §", "Communauté de communes de §", "Office de tourisme de §"],
            positions: ["Secrétaire de mairie", "Chargée de communication", "Trésorier"],
            share: 8, appetite: 4, paymentDays: 30),
        Trade(
            sector: "Architecte",
            names: ["Atelier §", "§ Architectes", "Agence d’architecture §"],
            positions: ["Architecte", "Chef de projet"],
            share: 8, appetite: 5),
        Trade(
            sector: "Viticulture",
            names: ["Château §", "Domaine de §", "Cave de §", "Vignerons de §"],
            positions: ["Gérante", "Maître de chai", "Responsable export"],
            share: 8, appetite: 4),
        Trade(
            sector: "Construction",
            names: ["Charpentes §", "§ Couverture", "Maçonnerie §", "§ Bâtiment"],
            positions: ["Gérant", "Conducteur de travaux", "Comptable"],
            share: 9, appetite: 6, paymentDays: 30),
        Trade(
            sector: "Syndic", names: ["Syndic §", "§ Copropriétés"],
            positions: ["Gestionnaire de copropriété", "Comptable"],
            share: 4, appetite: 4, paymentDays: 30),
        Trade(
            sector: "Événementiel", names: ["§ Événements", "Les Noces de §"],
            positions: ["Organisatrice", "Régisseur"], share: 5, appetite: 3),
    ]

    static let tags = [
        "Compte clé", "Récurrent", "Réseau", "Salon de l’habitat", "Recommandé", "Site web",
        "À recontacter", "Publicité", "Tarif 2 ans", "Montagne",
    ]

    static let notes = [
        "Préfère être appelé avant 9 h.",
        "Demande toujours les fichiers bruts en plus du montage.",
        "Vol soumis à autorisation : zone de l’aéroport à moins de 5 km.",
        "Bon de commande obligatoire avant toute intervention.",
        "Facture à déposer avant le 25 du mois.",
        "Chien sur la propriété : prévenir avant d’arriver.",
        "Nous a connus par un notaire du même quartier.",
        "Apprécie les plans au lever du soleil.",
        "Portail fermé à clé : demander le code la veille.",
        "Souhaite un tarif pour dix biens par trimestre.",
    ]

    static let sites = [
        "Résidence des Coteaux", "Chantier du Haut-Pré", "Bureau de vente", "Agence du centre",
        "Entrepôt", "Chai", "Lotissement des Noyers", "Annexe",
    ]
}
