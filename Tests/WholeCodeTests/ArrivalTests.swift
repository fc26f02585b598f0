import Basics
import Database
import DatabaseTesting
import Foundation
import TestSupport
import Testing

@testable import Core
@testable import Sales
@testable import comptoir

/// What is not what left does not come in.
@Suite struct ArrivalTests {
    @Test func whatWasTouchedMissingOrForeignIsRefusedAndNothingComesIn() throws {
        let place = try LeavingPlace()
        let filled = try FilledOrganisation()
        let manifest = try place.export(filled.test.organisation, from: TestDatabase.pool, "first")
        let elsewhere = try Elsewhere(place)
        func refused(_ name: String, _ change: (String) throws -> Void) throws -> String {
            let copy = place.folder + "/" + name
            try FileManager.default.copyItem(atPath: place.folder + "/first", toPath: copy)
            try change(copy)
            let error = #expect(throws: LeavingError.self) { _ = try elsewhere.take(copy) }
            return error?.description ?? ""
        }
        let touched = try refused("touched") { copy in
            let path = copy + "/tables/clients.jsonl"
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: URL(fileURLWithPath: path))
        }
        #expect(touched.contains("clients.jsonl") && touched.contains("checksum"))
        let missing = try refused("missing") {
            try FileManager.default.removeItem(atPath: $0 + "/tables/payments.jsonl")
        }
        #expect(missing.contains("payments.jsonl is missing"))
        let document = try #require(try place.names(in: "first").first { $0.hasPrefix("files/") })
        let lost = try refused("lost") {
            try FileManager.default.removeItem(atPath: $0 + "/" + document)
        }
        #expect(lost.contains("documents"))
        let stranger = try refused("stranger") {
            try DataFolder.write(Array("{}".utf8), to: $0 + "/tables/sessions.jsonl")
        }
        #expect(stranger.contains("sessions.jsonl"))
        // Somebody who knows how hashes are made, and puts another organisation's name into it.
        let foreign = try refused("foreign") { copy in
            let id = manifest.organisation
            let other = UniqueID.make(at: .now).description
            let path = copy + "/tables/clients.jsonl"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let changed = Array(text.replacingOccurrences(of: id, with: other).utf8)
            try DataFolder.write(changed, to: path)
            let old = try #require(manifest.tables.first { $0.name == "clients" }?.sha256)
            let page = try String(contentsOfFile: copy + "/manifest.json", encoding: .utf8)
            try DataFolder.write(
                Array(
                    page.replacingOccurrences(
                        of: old, with: hexadecimal(Digest.sha256(changed))
                    ).utf8), to: copy + "/manifest.json")
        }
        #expect(foreign.contains("clients") && foreign.contains("another organisation"))
        for (name, before, after, says) in [
            ("format", "\"format\":1", "\"format\":2", "format 2"),
            ("newer", "\"schema\":\(manifest.schema)", "\"schema\":9999", "newer"),
            ("older", "\"schema\":\(manifest.schema)", "\"schema\":1", "upgrade"),
            ("table", "\"name\":\"clients\"", "\"name\":\"strangers\"", "missing"),
        ] {
            let said = try refused(name) { copy in
                let path = copy + "/manifest.json"
                let page = try String(contentsOfFile: path, encoding: .utf8)
                try DataFolder.write(
                    Array(page.replacingOccurrences(of: before, with: after).utf8), to: path)
            }
            #expect(said.contains(says), "\(name): \(said)")
        }
        #expect(try elsewhere.pool.withConnection { try $0.organisations() }.isEmpty)
        _ = try elsewhere.take(place.folder + "/first")
        #expect(throws: LeavingError.isHere(id: manifest.organisation, slug: manifest.slug)) {
            _ = try elsewhere.take(place.folder + "/first", as: "twice")
        }
    }
}
