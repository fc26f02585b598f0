import Basics
import HTTP
import Markup

/// The documentation of the API, which Swagger UI draws from `/api/openapi.json`.
struct APIDocsPage {
    let request: Request

    var response: HTTPResponse { .html(document.bytes) }

    private var document: HTML {
        let (say, assets) = (request.say, request.application.assets)
        let title = say("Documentation de l’API", "API documentation")
        // Swagger UI knows light colours only.
        return """
            <!doctype html>
            <html lang="\(say.rawValue)" data-theme="light"><head><meta charset="utf-8">\
            <title>\(title) — Comptoir</title>
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <link rel="icon" href="\(assets.path("favicon.svg"))">
            <link rel="stylesheet" href="\(assets.path("swagger-ui.css"))">
            <link rel="stylesheet" href="\(assets.path("api-docs.css"))">
            <script src="\(assets.path("swagger-ui.js"))" defer></script>
            <script src="\(assets.path("api-docs.js"))" defer></script></head>
            <body><header><h1>\(title)</h1>
            <p><a href="/account/tokens">\(say("Jetons d’accès", "Access tokens"))</a> · \
            <a href="/api/openapi.json">openapi.json</a></p></header>
            <div id="api" data-description="/api/openapi.json"><noscript><p>\
            \(say("Sans JavaScript, lisez la description de l’API (OpenAPI 3.1) dans ", "Without JavaScript, read the description of the API (OpenAPI 3.1) in "))\
            <a href="/api/openapi.json">openapi.json</a>\
            \(say(", ou les pages du dossier docs/api, dans le ", ", or the pages of the folder docs/api, in the "))\
            <a href="\(assets.path("source.tgz"))">\(say("code source", "source code"))</a>.</p></noscript></div></body></html>
            """
    }
}
