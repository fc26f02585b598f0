import Basics

/// The countries offered in forms, by ISO 3166 code: those where our users have clients, France first.
public enum Countries {
    public static let all: [(code: String, name: Text)] = [
        ("FR", Text("France", "France")), ("BE", Text("Belgique", "Belgium")),
        ("CH", Text("Suisse", "Switzerland")), ("LU", Text("Luxembourg", "Luxembourg")),
        ("MC", Text("Monaco", "Monaco")), ("CI", Text("Côte d’Ivoire", "Ivory Coast")),
        ("SN", Text("Sénégal", "Senegal")), ("ML", Text("Mali", "Mali")),
        ("BF", Text("Burkina Faso", "Burkina Faso")), ("BJ", Text("Bénin", "Benin")),
        ("TG", Text("Togo", "Togo")), ("NE", Text("Niger", "Niger")),
        ("CM", Text("Cameroun", "Cameroon")), ("MA", Text("Maroc", "Morocco")),
        ("TN", Text("Tunisie", "Tunisia")), ("DZ", Text("Algérie", "Algeria")),
        ("CA", Text("Canada", "Canada")), ("US", Text("États-Unis", "United States")),
        ("GB", Text("Royaume-Uni", "United Kingdom")), ("DE", Text("Allemagne", "Germany")),
        ("ES", Text("Espagne", "Spain")), ("IT", Text("Italie", "Italy")),
        ("PT", Text("Portugal", "Portugal")), ("NL", Text("Pays-Bas", "Netherlands")),
        ("IE", Text("Irlande", "Ireland")), ("AT", Text("Autriche", "Austria")),
        ("DK", Text("Danemark", "Denmark")), ("SE", Text("Suède", "Sweden")),
        ("FI", Text("Finlande", "Finland")), ("NO", Text("Norvège", "Norway")),
        ("PL", Text("Pologne", "Poland")), ("CZ", Text("Tchéquie", "Czechia")),
        ("GR", Text("Grèce", "Greece")), ("CY", Text("Chypre", "Cyprus")),
        ("MT", Text("Malte", "Malta")), ("LT", Text("Lituanie", "Lithuania")),
        ("IS", Text("Islande", "Iceland")), ("AU", Text("Australie", "Australia")),
        ("JP", Text("Japon", "Japan")), ("SG", Text("Singapour", "Singapore")),
        ("HK", Text("Hong Kong", "Hong Kong")), ("IL", Text("Israël", "Israel")),
        ("AE", Text("Émirats arabes unis", "United Arab Emirates")),
        ("SA", Text("Arabie saoudite", "Saudi Arabia")), ("LB", Text("Liban", "Lebanon")),
        ("BH", Text("Bahreïn", "Bahrain")), ("BR", Text("Brésil", "Brazil")),
        ("ZA", Text("Afrique du Sud", "South Africa")),
        ("GG", Text("Guernesey", "Guernsey")), ("JE", Text("Jersey", "Jersey")),
    ]

    public static func name(_ code: String, in language: Language) -> String {
        all.first { $0.code == code }.map { language($0.name) } ?? code
    }
}
