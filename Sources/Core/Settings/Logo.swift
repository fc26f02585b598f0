import Basics
import Database
import Drawing
import FileKinds
import HTTP

/// The picture at the head of documents.
struct Logo: Record, Sendable {
    var content: [UInt8]
    /// Hexadecimal SHA-256 of the content: the name under which browsers keep it.
    var sha256: String

    static let maximumBytes = 1_048_576
    /// Longest side, in pixels: more than any printer shows of a logo.
    static let maximumSide = Image.maximumSide

    init(row: Row) throws {
        content = try row["content"]
        sha256 = try row["sha256"]
    }

    /// What a camera makes is larger than a logo may be: received all the same, so that the form itself
    /// can say so.
    static let mostUploadedBytes = 32 * 1_048_576

    init(uploaded file: UploadedFile) throws {
        guard file.content.count <= Logo.maximumBytes else { throw Logo.tooLarge }
        try self.init(uploaded: file.bytes)
    }

    /// From the bytes that a person sent. They are decoded here once, so that no document meets a
    /// picture that it cannot draw. Kept is what is drawn: no place where a camera was, and no second
    /// file behind the picture.
    init(uploaded sent: [UInt8]) throws {
        guard sent.count <= Logo.maximumBytes else { throw Logo.tooLarge }
        let kind = FileKind(of: sent)
        guard kind == .png || kind == .unknown else {
            throw Problem.invalid(
                "logo",
                Text(
                    "Une image PNG est attendue ; ce fichier est \(kind.name.french).",
                    "A PNG picture is expected; this file is \(kind.name.english)."))
        }
        do {
            content = try Image.essentialPart(ofPNG: sent)
            _ = try Image(png: content, isKept: true)
        } catch .imageTooLarge {
            throw Problem.invalid(
                "logo",
                Text(
                    "Image trop grande : \(Logo.maximumSide) pixels de côté au plus.",
                    "Picture too large: at most \(Logo.maximumSide) pixels a side."))
        } catch {
            throw Problem.invalid(
                "logo",
                Text(
                    "Ce fichier n’est pas une image PNG, ou il est abîmé.",
                    "This file is not a PNG picture, or it is damaged."))
        }
        sha256 = hexadecimal(Digest.sha256(content))
    }

    private static let tooLarge = Problem.tooLarge(
        Text("Le logo ne doit pas dépasser 1 Mo.", "The logo must not exceed 1 MB."))
}

extension Transaction {
    /// The logo, for pages and documents. Nil when there is none.
    public func logoContent() throws -> [UInt8]? { try logo()?.content }

    func logo() throws -> Logo? {
        try first(
            "SELECT content, sha256 FROM logos WHERE organisation_id = \(organisation)")
    }

    /// Only its hash, to name it in a page.
    func logoHash() throws -> String? {
        try value("SELECT sha256 FROM logos WHERE organisation_id = \(organisation)")
    }

    func saveLogo(_ logo: Logo) throws {
        try run(
            """
            INSERT INTO logos (organisation_id, content, sha256, updated_at)
            VALUES (\(organisation), \(logo.content), \(logo.sha256), \(now))
            ON CONFLICT (organisation_id) DO UPDATE
            SET content = excluded.content, sha256 = excluded.sha256, updated_at = excluded.updated_at
            """)
        try record(
            .logoChanged, .organisation, organisation.value,
            details: ["sha256": .string(logo.sha256)])
    }

    func deleteLogo() throws {
        let deleted = try run("DELETE FROM logos WHERE organisation_id = \(organisation)")
        if deleted > 0 { try record(.logoDeleted, .organisation, organisation.value) }
    }
}
