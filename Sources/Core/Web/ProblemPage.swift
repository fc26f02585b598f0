import Basics
import HTTP
import Markup

/// What went wrong, for people as a page and for programs as RFC 9457 JSON.
enum ProblemPage {
    static func response(_ problem: Problem, _ request: Request) -> HTTPResponse {
        if problem == .signInRequired, !request.isAPI, !request.wantsFragment {
            let target = request.http.method == .get ? request.http.target : "/"
            return .redirect(
                to: target == "/" ? "/sign-in" : "/sign-in?next=\(PercentEncoding.encoded(target))")
        }
        var response = render(
            status: problem.status, title: problem.title, detail: problem.detail,
            fields: fields(problem), request)
        if case .tooManyAttempts(let seconds) = problem {
            response.headers.set("Retry-After", String(seconds))
        }
        if problem.status == 503 { response.headers.set("Retry-After", "5") }
        return response
    }

    /// A fault of ours: the log has the details under the request's number.
    static func fault(_ request: Request) -> HTTPResponse {
        render(
            status: 500, title: Text("Une erreur est survenue", "Something went wrong"),
            detail: Text(
                "Rien n’a été modifié. Si cela se répète, communiquez la référence "
                    + "\(request.http.id).",
                "Nothing was changed. If it happens again, quote reference \(request.http.id)."),
            fields: [], request)
    }

    private static func fields(_ problem: Problem) -> [FieldProblem] {
        if case .invalid(let fields) = problem { fields } else { [] }
    }

    private static func render(
        status: Int, title: Text, detail: Text, fields: [FieldProblem], _ request: Request
    ) -> HTTPResponse {
        let say = request.say
        if request.isAPI {
            return APIProblem(
                status: status, title, detail: detail,
                places: fields.map { PlacedProblem(place: "/" + $0.field, message: $0.message) }
            ).response(request)
        }
        let list: HTML =
            fields.isEmpty
            ? .empty : "<ul class=\"problems\">\(fields, { "<li>\(say($0.message))</li>" })</ul>"
        let body: HTML = """
            <section class="empty"><p class="mut num">\(status)</p><h1>\(say(title))</h1>
            <p>\(say(detail))</p>\(list)
            <p class="acts"><a class="btn p" href="/">\(say("Retour à l’accueil", "Back to home"))</a></p>
            </section>
            """
        let page = Page(title: say(title), body: body)
        var response = Reply.page(page, status: status).response(to: request)
        response.status = status
        return response
    }
}

/// Percent-encoding of one component of an address (RFC 3986).
public enum PercentEncoding {
    public static func encoded(_ text: String) -> String {
        var out = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."), UInt8(ascii: "~"), UInt8(ascii: "/"):
                out.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                out += "%" + hexadecimal([byte]).uppercased()
            }
        }
        return out
    }
}
