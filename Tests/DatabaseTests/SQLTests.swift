import Database
import Testing

@Suite struct SQLTests {
    @Test func interpolatedValuesAreBoundAndNeverBecomeText() {
        let name = "Robert'); DROP TABLE clients; --"
        let sql: SQL = "SELECT * FROM clients WHERE name = \(name) AND id = \(7)"
        #expect(sql.text == "SELECT * FROM clients WHERE name = $1 AND id = $2")
        #expect(sql.values == [SQLValue(name, type: .text), SQLValue("7", type: .int8)])
    }

    @Test func theTextIsTheSameWhateverTheValues() {
        func statement(_ city: String?, _ limit: Int) -> SQL {
            "SELECT 1 FROM clients WHERE city = \(city) LIMIT \(limit)"
        }
        #expect(statement("Lyon", 1).text == statement(nil, 20).text)
        #expect(statement("Lyon", 1).values.map(\.type) == statement(nil, 20).values.map(\.type))
    }

    @Test func splicedFragmentsAreRenumbered() {
        let condition: SQL = "city = \("Lyon") AND note <> '$1' AND age > \(3)"
        let sql: SQL = "SELECT \(1) WHERE \(condition) AND \(condition) AND x = \(9)"
        #expect(
            sql.text
                == "SELECT $1 WHERE city = $2 AND note <> '$1' AND age > $3 "
                + "AND city = $4 AND note <> '$1' AND age > $5 AND x = $6")
        #expect(sql.values.compactMap(\.text) == ["1", "Lyon", "3", "Lyon", "3", "9"])
    }

    @Test func renumberingGoesOnPastNinePlaceholders() {
        let nine = SQL.joined((1...9).map { "\($0)" as SQL }, separator: ",")
        let all = SQL.joined([nine, nine], separator: " ") + "; \("end")"
        #expect(
            all.text
                == "$1,$2,$3,$4,$5,$6,$7,$8,$9 $10,$11,$12,$13,$14,$15,$16,$17,$18; $19")
        let again: SQL = "\(0) \(all)"
        #expect(again.text.hasSuffix("$18,$19; $20"))
        #expect(again.text.hasPrefix("$1 $2,$3"))
    }

    @Test func joiningNothingIsEmptyAndOneIsItself() {
        #expect(SQL.joined([], separator: " AND ").isEmpty)
        #expect(SQL.joined(["a = \(1)"], separator: " AND ").text == "a = $1")
    }

    @Test func rawLiteralsBecomeText() {
        let sql: SQL = "SELECT \(raw: "id, name") FROM clients"
        #expect(sql.text == "SELECT id, name FROM clients")
        #expect(sql.values.isEmpty)
    }

    @Test func nullOfAnOptionalKeepsTheTypeOfItsValue() {
        let missing: Int? = nil
        #expect(missing.sqlValue == SQLValue(nil, type: .int8))
        #expect(Optional(4).sqlValue == SQLValue("4", type: .int8))
        let names: [String]? = nil
        #expect(names.sqlValue.type == SQLType.text.array)
    }

    @Test func elementsOfArraysAreQuoted() {
        #expect(
            ["a\"b", "c\\d", "NULL", "e,f", "{}", ""].sqlValue.text
                == #"{"a\"b","c\\d","NULL","e,f","{}",""}"#)
        #expect([1, nil, 3].sqlValue.text == #"{"1",NULL,"3"}"#)
        #expect([UInt8]([0, 255]).sqlValue.text == #"\x00ff"#)
    }
}
