import Basics

// The named types of the description.
extension OpenAPIDocument {
    /// Each type once, whichever route brought it.
    var schemas: [(String, JSON)] {
        var out: [String: JSON] = ["Problem": OpenAPIDocument.problem]
        for route in routes {
            let operation = route.operation
            if let answer = operation.answer {
                out[answer.name] = Shape.object(answer.properties, closed: true, say)
            }
            if case .list(let element, _) = operation.kind {
                out[element + "List"] = list(of: element)
            }
            if let body = operation.body, !body.fields.isEmpty {
                let properties = body.fields.map(\.property)
                out[bodyName(operation)] = Shape.object(
                    operation.method == .patch ? properties.map(\.optional) : properties,
                    closed: true, say)
            }
        }
        return out.sorted { $0.key < $1.key }
    }

    private func list(of element: String) -> JSON {
        [
            "type": "object",
            "properties": [
                "data": ["type": "array", "items": reference(element)],
                "next_cursor": ["type": ["string", "null"]],
            ],
            "required": ["data", "next_cursor"], "additionalProperties": false,
        ]
    }

    private static let problem: JSON = [
        "type": "object",
        "properties": [
            "type": ["type": "string"], "title": ["type": "string"],
            "status": ["type": "integer"], "detail": ["type": "string"],
            "instance": ["type": "string"],
            "errors": [
                "type": "array",
                "items": [
                    "type": "object",
                    "properties": [
                        "pointer": ["type": "string"], "parameter": ["type": "string"],
                        "detail": ["type": "string"],
                    ],
                    "required": ["detail"],
                ],
            ],
        ],
        "required": ["type", "title", "status", "detail"],
    ]
}

extension Property {
    fileprivate var optional: Property { Property(name, shape, note: note) }
}
