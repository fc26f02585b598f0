import Basics
import Core
import TestSupport
import Testing

@testable import Sales

/// Files that are no invoices, or attacks: each gets an answer that names what is wrong, and changes
/// nothing.
struct HostileInvoiceTests {
    private func refused(
        _ content: [UInt8], named name: String, saying words: String, _ samples: InvoiceSamples
    ) throws {
        let answer = try samples.send(content, named: name)
        #expect(answer.status == 422, "\(name): \(answer.status)")
        #expect(answer.text.contains(words), "\(name) does not say \(words)")
        #expect(try samples.count() == 0)
    }

    @Test func filesThatAreNoInvoicesSaySo() throws {
        let samples = try InvoiceSamples()
        let xml = samples.xml
        let cases: [(String, [UInt8], String)] = [
            ("vide.xml", [], "vide"),
            ("lettre.pdf", Array("Bonjour, voici ma facture.".utf8), "ni un PDF ni du XML"),
            ("coupe.xml", Array(xml.utf8.prefix(xml.utf8.count / 2)), "XML lisible, ligne"),
            ("autre.xml", Array("<html><body/></html>".utf8), "sa racine est html"),
            (
                "prix.xml", samples.changed("<ram:GrandTotalAmount>", "<ram:GrandTotalAmount>x"),
                "doit être un nombre"
            ),
            (
                "encodage.xml", samples.changed("UTF-8", "UTF-99"), "encodage"
            ),
        ]
        for (name, content, words) in cases {
            try refused(content, named: name, saying: words, samples)
        }
    }

    @Test func entityBombsAreRefusedWhereTheyBegin() throws {
        let samples = try InvoiceSamples()
        let bomb = """
            <?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "dix"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
            <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>
            """
        try refused(Array(bomb.utf8), named: "bombe.xml", saying: "DOCTYPE", samples)
        let outside = """
            <?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>
            """
        try refused(Array(outside.utf8), named: "externe.xml", saying: "DOCTYPE", samples)
        let deep = String(repeating: "<a>", count: 5000)
        try refused(Array(deep.utf8), named: "profond.xml", saying: "trop d’éléments", samples)
    }

    @Test func fiftyMegabytesAreRefusedAndTheFormComesBack() throws {
        let samples = try InvoiceSamples()
        let large = [UInt8](repeating: 0x20, count: 50_000_000)
        try refused(large, named: "gros.xml", saying: "trop gros", samples)
    }

    @Test func pdfsSayWhatIsWrongWithThem() throws {
        let samples = try InvoiceSamples()
        let plain = try samples.pdf(["--remove-attachment=factur-x.xml"])
        let cases: [(String, [UInt8], String)] = [
            ("coupe.pdf", Array(samples.pdf.prefix(200)), "endommagé"),
            ("sans.pdf", plain, "ne contient pas de facture électronique"),
            (
                "autre.pdf",
                try samples.pdf(
                    [
                        "--remove-attachment=factur-x.xml", "--add-attachment", "plan.xml", "--",
                    ], attaching: Array("<plan/>".utf8)), "plan.xml, mais pas de facture"
            ),
            (
                "faux.pdf",
                try samples.pdf(
                    [
                        "--remove-attachment=factur-x.xml", "--add-attachment", "plan.xml",
                        "--filename=factur-x.xml", "--key=factur-x.xml", "--",
                    ], attaching: Array("<plan/>".utf8)), "factur-x.xml ne se lit pas"
            ),
            (
                "secret.pdf", try samples.pdf(["--encrypt", "lecture", "ecriture", "256", "--"]),
                "mot de passe"
            ),
        ]
        for (name, content, words) in cases {
            try refused(content, named: name, saying: words, samples)
        }
    }

    @Test func aHelperThatDiesOrHangsIsNoHarm() throws {
        let samples = try InvoiceSamples()
        // Programs that end at once with a fault, and that never answer.
        #expect(throws: UnreadableInvoice.self) {
            _ = try IncomingInvoice(samples.pdf, named: "f.pdf", by: "/bin/false")
        }
        let slow = HelperProcess("/bin/sleep", ["60"], seconds: 1, mostBytes: 10)
        #expect(throws: HelperFailure.timeout) { _ = try slow.run([1, 2, 3]) }
        let wordy = HelperProcess("/usr/bin/yes", [], seconds: 20, mostBytes: 1000)
        #expect(throws: HelperFailure.self) { _ = try wordy.run([]) }
    }

    @Test func theHelperKeepsToItsLimits() throws {
        let samples = try InvoiceSamples()
        // Forty megabytes of nested arrays: qpdf would take gigabytes for them.
        let nested =
            Array("%PDF-1.7\n1 0 obj\n".utf8)
            + [UInt8](repeating: UInt8(ascii: "["), count: 30_000_000)
        let answer = try samples.send(nested, named: "imbrique.pdf")
        #expect(answer.status == 422)
        #expect(try samples.count() == 0)
    }
}
