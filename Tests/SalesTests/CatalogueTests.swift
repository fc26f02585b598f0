import Basics
import Core
import TestSupport
import Testing

@testable import Sales

struct CatalogueTests {
    private func form(_ changes: [String: String] = [:]) -> [(String, String)] {
        let usual = [
            "label": "Film de drone", "kind": "service", "unit": "day", "unit_price": "720,50",
            "vat": "S2000", "category": "Vidéo", "duration_hours": "1", "duration_minutes": "30",
        ]
        return usual.merging(changes) { $1 }.map { ($0.key, $0.value) }
    }

    @Test func anItemGetsTheNextReferenceAndIsFound() throws {
        let test = try TestApplication.forDocuments()
        let path = try #require(try test.respond(.post, "/items", form: form()).location)
        let page = try test.get(path).text
        #expect(page.contains("ART-0001"))
        #expect(page.contains("720,50"))
        #expect(page.contains("1\u{A0}h\u{A0}30"))
        #expect(faultsOfMarkup(page).isEmpty)
        for query in [
            "?q=drone", "?q=art-0001", "?kind=service", "?sort=-price", "?category=Vid%C3%A9o",
        ] {
            #expect(try test.get("/items" + query).text.contains("Film de drone"), "\(query)")
        }
        #expect(try test.get("/items?kind=product").text.contains("Aucun article ne correspond"))
        #expect(try test.get("/items/export").text.contains("Film de drone"))
    }

    @Test(arguments: [
        ("label", ""), ("label", String(repeating: "a", count: 201)), ("unit_price", ""),
        ("unit_price", "-1"), ("unit_price", "1,2345678"), ("unit", "parsec"), ("vat", "S20000"),
        ("kind", "dream"), ("duration_minutes", "60"), ("duration_hours", "9999"),
        ("reference", String(repeating: "a", count: 41)), ("keeps_stock", "on"),
    ])
    func aWrongFieldIsNamedAndNothingTypedIsLost(field: String, value: String) throws {
        let test = try TestApplication.forDocuments()
        let answer = try test.respond(
            .post, "/items", form: form([field: value, "description": "Deux opérateurs"]))
        #expect(answer.status == 422)
        #expect(answer.text.contains("href=\"#f-\(field)\""))
        #expect(answer.text.contains("Deux opérateurs"))
        #expect(try test.count(.items) == 0)
    }

    @Test func aReferenceIsGivenOnceAndTheFormSaysSo() throws {
        let test = try TestApplication.forDocuments()
        let first = form(["reference": "FILM", "label": "A"])
        #expect(try test.respond(.post, "/items", form: first).status == 303)
        let second = try test.respond(.post, "/items", form: form(["reference": "FILM"]))
        #expect(second.status == 422)
        #expect(second.text.contains("Cette référence est déjà au catalogue"))
        #expect(second.text.contains("Film de drone"))
    }

    @Test func stockIsKeptOfProductsAndOnlyWhenWanted() throws {
        let test = try TestApplication.forDocuments()
        let product = form(["kind": "product", "keeps_stock": "on", "stock_quantity": "14"])
        let path = try #require(try test.respond(.post, "/items", form: product).location)
        #expect(try test.get(path).text.contains("En stock"))
        #expect(try test.get("/items?view=stock").text.contains("Film de drone"))
        let without = form(["kind": "product", "version": "1", "stock_quantity": "14"])
        #expect(try test.respond(.post, path, form: without).status == 303)
        #expect(try test.get("/items?view=stock").text.contains("Aucun article"))
    }

    @Test func anInactiveItemIsNoLongerOfferedButStays() throws {
        let test = try TestApplication.forDocuments()
        let item = try test.catalogued("Film de drone", reference: "FILM", price: 720)
        #expect(try test.get("/items/suggest?q=film").text.contains("Film"))
        #expect(try test.post(item.path + "/deactivate").status == 303)
        #expect(!(try test.get("/items/suggest?q=film").text.contains("role=\"option\"")))
        #expect(try test.get("/items").text.contains("Aucun article") == false)
        #expect(try test.get("/items?view=inactive").text.contains("Film de drone"))
        #expect(try test.post(item.path + "/activate").status == 303)
        #expect(try test.get("/items/suggest?q=film").text.contains("role=\"option\""))
    }

    @Test func aSuggestionFillsItsRowAndAReferenceIsASureMatch() throws {
        let test = try TestApplication.forDocuments()
        let item = try test.catalogued("Film \"4K\" <été>", reference: "FILM-4K", price: 1250)
        _ = try test.catalogued("Film court", reference: "FILM-C", price: 450)
        let answer = try test.get("/items/suggest?q=film-4k").text
        #expect(answer.contains("aria-selected=\"true\""))
        #expect(answer.contains(item.id.description))
        #expect(answer.contains("&quot;unit_price&quot;:&quot;1\u{202F}250,00&quot;"))
        #expect(!answer.contains("<été>"))
        #expect(faultsOfMarkup(answer).isEmpty)
    }

    @Test func whatSomebodyElseSavedMeanwhileIsNotOverwritten() throws {
        let test = try TestApplication.forDocuments()
        let item = try test.catalogued("Film", reference: "FILM", price: 720)
        let theirs = form(["version": "1", "label": "Le leur"])
        #expect(try test.respond(.post, item.path, form: theirs).status == 303)
        let mine = try test.respond(
            .post, item.path, form: form(["version": "1", "label": "Le mien"]))
        #expect(mine.status == 409)
        #expect(mine.text.contains("Le mien"))
        #expect(try test.read { try $0.item(item.id).label } == "Le leur")
    }
}
