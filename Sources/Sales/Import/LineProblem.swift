import Basics
import Database

/// What is wrong with one cell of a line, or with the line as a whole.
struct LineProblem: Sendable {
    /// The heading of the column; empty for the line as a whole.
    var column = ""
    var value = ""
    var message: Text

    static let mostCharacters = 200

    var json: JSON {
        [
            "column": .string(column), "value": .string(value),
            "fr": .string(message.french), "en": .string(message.english),
        ]
    }

    init(column: String = "", value: String = "", _ message: Text) {
        self.column = String(column.prefix(LineProblem.mostCharacters))
        self.value = String(value.prefix(LineProblem.mostCharacters))
        self.message = message
    }

    init(json: JSON) {
        column = json["column"]?.string ?? ""
        value = json["value"]?.string ?? ""
        message = Text(json)
    }

    /// As the database keeps the problems of a line that is refused by comparing it with others.
    static func whole(_ message: Text) -> JSON { .array([LineProblem(message).json]) }
}

extension LineProblem {
    static let unclosedCard = Text("fiche interrompue", "the card breaks off")
    static let emptyCard = Text("fiche sans nom ni société", "a card without name or company")
    static let control = Text("caractère nul interdit", "a zero character is not allowed")
    static let twice = Text(
        "déjà sur une autre ligne du fichier, avec un autre contenu",
        "on another line of the file already, with other content")
    static let ambiguous = Text(
        "plusieurs fiches d’ici correspondent", "several records here match")
    static let unknownClient = Text(
        "client inconnu : importez d’abord les clients", "unknown client: import the clients first")
    static let otherAmount = Text(
        "ce numéro est déjà enregistré avec un autre client ou un autre montant",
        "this number is recorded already, with another client or amount")
    static let openAboveTotal = Text(
        "le reste dû dépasse le total", "more is due than the total")

    static func columns(_ found: Int, _ expected: Int) -> Text {
        Text(
            "\(found) colonnes au lieu de \(expected) : un séparateur manque ou est de trop",
            "\(found) columns instead of \(expected): a separator is missing or one too many")
    }
}
