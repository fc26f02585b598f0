import Basics
import Core

/// What a person says of an order, read and checked.
public struct OrderDraft: Sendable {
    public var head: DocumentHead
    public var priority: Order.Priority
    public var orderedOn: Day
    /// The day it is promised for.
    public var dueOn: Day?
    public var lines: [DocumentLine]
    /// The quote it comes from.
    public var quoteID: Quote.ID?

    public init(
        head: DocumentHead, priority: Order.Priority = .normal, orderedOn: Day, dueOn: Day? = nil,
        lines: [DocumentLine]
    ) {
        self.head = head
        self.priority = priority
        self.orderedOn = orderedOn
        self.dueOn = dueOn
        self.lines = lines
    }

    /// Reads the form's fields around the lines.
    init(_ input: inout Input, lines: [DocumentLine], today: Day) {
        head = DocumentHead(&input)
        priority = input.choice("priority", or: .normal)
        let ordered = input.day("ordered_on", required: true)
        orderedOn = ordered ?? today
        dueOn = input.day("due_on")
        self.lines = lines
        if let ordered, let dueOn, dueOn < ordered {
            input.refuse(
                "due_on",
                Text(
                    "L’échéance ne peut précéder la date de commande.",
                    "The due date cannot precede the order date."))
        }
    }
}

extension Order {
    var formValues: [String: String] {
        head.formValues.merging([
            "priority": priority.rawValue, "ordered_on": orderedOn.iso,
            "due_on": dueOn?.iso ?? "", "version": String(version),
        ]) { $1 }
    }
}
