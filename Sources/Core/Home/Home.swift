import Basics
import Markup

/// What the capabilities put on the home page, in the order in which they stand in the program.
public struct Home: Sendable {
    /// At most four fit on one line.
    public var figures: [KeyFigure] = []
    public var toDo: [ToDoGroup] = []
    /// Cards under what is to be done.
    public var cards: [HTML] = []
    /// Cards in the narrow column, such as `AgeCard`, above the recent activity.
    public var asideCards: [HTML] = []

    public init() {}
}

/// A number that tells how business goes.
public struct KeyFigure: Sendable {
    public enum Tone: String, Sendable { case bad, ok }

    public var label: Text
    public var value: String
    /// A line below, such as "31 factures".
    public var note: String
    /// The list behind the number.
    public var address: String?
    public var tone: Tone?

    public init(
        _ label: Text, _ value: String, note: String = "", address: String? = nil,
        tone: Tone? = nil
    ) {
        self.label = label
        self.value = value
        self.note = note
        self.address = address
        self.tone = tone
    }
}

/// Things to do of one kind, the most urgent first.
public struct ToDoGroup: Sendable {
    public enum Tone: String, Sendable {
        case bad, warn, info, ok, plain = ""

        /// What is late stands before what can wait.
        static let byUrgency: [Tone] = [.bad, .warn, .info, .ok, .plain]
    }

    /// As a heading: "Factures à relancer".
    public var title: Text
    public var icon: StaticString
    public var tone: Tone
    /// How many there are in all; `items` may hold fewer.
    public var count: Int
    public var total: Amount?
    /// The list that shows all of them.
    public var address: String?
    public var items: [ToDoItem]

    public init(
        _ title: Text, icon: StaticString, tone: Tone, count: Int, total: Amount? = nil,
        address: String? = nil, items: [ToDoItem]
    ) {
        self.title = title
        self.icon = icon
        self.tone = tone
        self.count = count
        self.total = total
        self.address = address
        self.items = items
    }
}

/// One thing to do.
public struct ToDoItem: Sendable {
    public var title: String
    public var address: String
    /// `F-1 · <b class="late">échue depuis 20 jours</b>`
    public var note: HTML
    public var amount: Amount?
    /// The link that leads to doing it.
    public var action: Text?
    public var actionIcon: StaticString
    public var actionAddress: String

    public init(
        _ title: String, address: String, note: HTML, amount: Amount? = nil,
        action: Text? = nil, actionIcon: StaticString = "chevron-right",
        actionAddress: String? = nil
    ) {
        self.title = title
        self.address = address
        self.note = note
        self.amount = amount
        self.action = action
        self.actionIcon = actionIcon
        self.actionAddress = actionAddress ?? address
    }
}
