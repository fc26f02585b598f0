/// Names of people and places that exist nowhere.
enum CastNames {
    static let firstNames = [
        "Adèle", "Agathe", "Alban", "Alix", "Amandine", "Anaïs", "Antoine", "Ariane", "Aurélien",
        "Baptiste", "Bastien", "Béatrice", "Benoît", "Camille", "Capucine", "Cédric", "Céline",
        "Charlotte", "Clément", "Colette", "Damien", "Delphine", "Élise", "Éloi", "Émilie",
        "Étienne", "Fabien", "Faustine", "Florence", "Gaspard", "Geneviève", "Guillaume",
        "Hélène", "Henri", "Inès", "Jérôme", "Joséphine", "Julien", "Laurence", "Léonie",
        "Loïc", "Lucile", "Maëlle", "Margaux", "Mathilde", "Maxence", "Nathalie", "Noémie",
        "Odile", "Olivier", "Pauline", "Philippe", "Quentin", "Raphaël", "Rémi", "Sabine",
        "Sylvain", "Thibault", "Valentine", "Xavier",
    ]

    /// Also the names of companies and villages, after "de": none begins with a vowel.
    static let lastNames = [
        "Balmoiret", "Bercoval", "Bleuval", "Brancelin", "Brumeval", "Cabriande", "Chantelauve",
        "Charmoutier", "Clairbois", "Clamerande", "Colombrac", "Corvelay", "Courtefay",
        "Dalmereuil", "Dorsel", "Douvremont", "Fantabrune", "Ferlandeau", "Fontgivre",
        "Froidelune", "Galambert", "Garenval", "Grandfoin", "Grisambre", "Jalousine",
        "Jonchevigne", "Lamberval", "Landefort", "Lavandrac", "Longremy", "Lunelle", "Malvaux",
        "Marjolain", "Mirebrande", "Montargile", "Montclarel", "Noirvent", "Palembrise",
        "Perdrigeon", "Pierrebise", "Pontvallon", "Prémirail", "Quatrevaux", "Quincelune",
        "Rivesonge", "Rochenoire", "Roncevay", "Rougelande", "Saint-Ambrel", "Saint-Corvin",
        "Salverte-le-Haut", "Sombreuil-sur-Lys", "Sourdelle", "Tallebrune", "Tournebrise",
        "Tremblefort", "Valbrune", "Valdoriel", "Vaucresson-le-Petit", "Vermillac",
    ]

    static let streets = [
        "allée des Verriers", "avenue du Belvédère", "avenue des Hirondelles", "chemin du Lavoir",
        "chemin des Muriers", "cours des Tisserands", "impasse du Colombier", "montée du Beffroi",
        "place du Vieux-Puits", "quai des Bateliers", "route des Trois-Clochers",
        "rue de la Girouette", "rue des Amandiers", "rue des Cerfs-Volants", "rue des Encriers",
        "rue des Glycines", "rue des Horlogers", "rue des Martinets", "rue des Tilleuls",
        "rue du Cadran", "rue du Four-à-Chaux", "rue du Grand-Tamis", "rue du Vent-Debout",
        "boulevard des Funambules",
    ]

    /// Cities of the region and beyond, with the weight of the business there.
    static let cities: [(name: String, postalCode: String, weight: Int)] = [
        ("Lyon", "69003", 20), ("Lyon", "69006", 12), ("Villeurbanne", "69100", 10),
        ("Annecy", "74000", 9), ("Grenoble", "38000", 8), ("Chambéry", "73000", 6),
        ("Saint-Étienne", "42000", 6), ("Bourg-en-Bresse", "01000", 5), ("Valence", "26000", 5),
        ("Mâcon", "71000", 5), ("Villefranche-sur-Saône", "69400", 5), ("Vienne", "38200", 4),
        ("Aix-les-Bains", "73100", 4), ("Beaune", "21200", 4), ("Dijon", "21000", 4),
        ("Clermont-Ferrand", "63000", 4), ("Roanne", "42300", 3), ("Annemasse", "74100", 3),
        ("Thonon-les-Bains", "74200", 3), ("Montélimar", "26200", 3), ("Avignon", "84000", 3),
        ("Romans-sur-Isère", "26100", 3), ("Voiron", "38500", 2), ("Ambérieu-en-Bugey", "01500", 2),
        ("Albertville", "73200", 2), ("Besançon", "25000", 2), ("Montpellier", "34000", 2),
        ("Marseille", "13008", 2), ("Paris", "75011", 3), ("Bordeaux", "33000", 2),
        ("Nantes", "44000", 2), ("Colmar", "68000", 1),
    ]
}
