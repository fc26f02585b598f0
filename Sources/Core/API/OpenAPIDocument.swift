import Basics
import HTTP

/// The description of the API (OpenAPI 3.1), made from the routes themselves.
struct OpenAPIDocument {
    let routes: [APIRoute]
    let say: Language

    var json: JSON {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "Comptoir", "version": .string(Comptoir.version),
                "description": .string(say(OpenAPIDocument.introduction)),
                "license": ["name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"],
            ],
            "servers": [["url": .string(Application.apiPath)]],
            "security": [["token": []]],
            "tags": .array(tags.map { ["name": .string($0)] }),
            "paths": .object(paths),
            "components": [
                "schemas": .object(schemas),
                "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]],
                "responses": .object(refusals),
            ],
        ]
    }

    static let introduction = Text(
        "Montants : entiers en unités mineures (1250 = 12,50 €). Quantités, prix unitaires et taux : "
            + "nombres décimaux exacts, en texte. Instants : RFC 3339 en UTC. Listes : la page suivante "
            + "se demande avec `after`, qui vaut `next_cursor`. Modifier : envoyez `If-Match` avec "
            + "l’ETag lu. Recommencer sans risque : `Idempotency-Key` sur chaque POST.",
        "Amounts are integers in minor units (1250 = 12.50 €). Quantities, unit prices and rates are "
            + "exact decimal numbers, as text. Instants are RFC 3339 in UTC. Lists: ask for the next "
            + "page with `after` set to `next_cursor`. To change a record send `If-Match` with the "
            + "ETag that you read. To retry safely send `Idempotency-Key` with each POST.")

    private var tags: [String] {
        var seen: Set<String> = []
        return routes.map(\.tag).filter { seen.insert($0).inserted }
    }

    private var paths: [(String, JSON)] {
        var order: [String] = []
        var operations: [String: [(String, JSON)]] = [:]
        for route in routes {
            let path = route.openPath
            if operations[path] == nil { order.append(path) }
            operations[path, default: []].append(
                (route.operation.method.rawValue.lowercased(), operation(route)))
        }
        return order.map { ($0, .object(operations[$0] ?? [])) }
    }

    private func operation(_ route: APIRoute) -> JSON {
        let operation = route.operation
        var members: [(String, JSON)] = [
            ("operationId", .string(route.identifier)),
            ("summary", .string(say(operation.title))), ("tags", [.string(route.tag)]),
        ]
        if let permission = route.route.permission,
            let scope = AccessToken.scope(for: permission)
        {
            members.append(
                (
                    "description",
                    .string(
                        say("Droit du jeton : ", "Token scope: ") + "`\(scope.rawValue)`")
                ))
        }
        let parameters = parameters(route)
        if !parameters.isEmpty { members.append(("parameters", .array(parameters))) }
        if let body = operation.body, !body.fields.isEmpty {
            let isRequired =
                operation.method == .patch || body.fields.contains { $0.property.isRequired }
            members.append(
                (
                    "requestBody",
                    [
                        "required": .bool(isRequired),
                        "content": [
                            "application/json": ["schema": reference(bodyName(operation))]
                        ],
                    ]
                ))
        }
        members.append(("responses", .object(responses(operation))))
        return .object(members)
    }

    private func parameters(_ route: APIRoute) -> [JSON] {
        let path = route.pattern.split(separator: "/").filter { $0.first == ":" }.map { part in
            parameter(
                String(part.dropFirst()), in: "path", required: true, Shape.id.schema(say))
        }
        let query = route.operation.query.map {
            parameter(
                $0.name, in: "query", required: false, $0.shape.querySchema(say), $0.note)
        }
        var headers: [JSON] = []
        if route.operation.method == .post, !route.operation.showsSecret {
            headers.append(
                parameter(
                    IdempotencyKey.header, in: "header", required: false,
                    ["type": "string", "minLength": 1, "maxLength": 255]))
        }
        if route.operation.method == .patch {
            headers.append(
                parameter(
                    "If-Match", in: "header", required: route.operation.isVersioned,
                    ["type": "string", "pattern": "^(\\*|\"[0-9]{1,9}\")$"]))
        }
        return path + query + headers
    }

    private func parameter(
        _ name: String, in place: String, required: Bool, _ schema: JSON, _ note: Text? = nil
    ) -> JSON {
        var members: [(String, JSON)] = [
            ("name", .string(name)), ("in", .string(place)), ("required", .bool(required)),
            ("schema", schema),
        ]
        if let note { members.append(("description", .string(say(note)))) }
        return .object(members)
    }

    func reference(_ name: String) -> JSON {
        ["$ref": .string("#/components/schemas/" + name)]
    }

    func bodyName(_ operation: Operation) -> String {
        (operation.body?.name ?? "") + (operation.method == .patch ? "Changes" : "")
    }
}

extension APIRoute {
    /// `/invoices/{id}/issue`
    fileprivate var openPath: String {
        "/"
            + pattern.split(separator: "/").map { part in
                part.first == ":" ? "{\(part.dropFirst())}" : String(part)
            }.joined(separator: "/")
    }

    /// The first word of the path: what the operation is about.
    fileprivate var tag: String {
        pattern.split(separator: "/").first.map(String.init) ?? ""
    }

    /// `get_invoices_id_pdf`
    fileprivate var identifier: String {
        let words = pattern.split(separator: "/").map { part in
            String(part.filter { $0 != ":" }.map { $0 == "-" ? "_" : $0 })
        }
        return ([operation.method.rawValue.lowercased()] + words).joined(separator: "_")
    }
}
