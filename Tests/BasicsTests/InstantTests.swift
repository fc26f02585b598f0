import Basics
import Testing

@Suite struct InstantTests {
    @Test func aMomentIsReadWithItsOffsetAndTheDecimalsThatCount() {
        let noon = Instant(rfc3339: "2026-11-29T12:00:00Z")
        #expect(noon?.rfc3339 == "2026-11-29T12:00:00Z")
        for same in [
            "2026-11-29T13:00:00+01:00", "2026-11-29t07:30:00-04:30", "2026-11-29 12:00:00.000Z",
            "2026-11-29T12:00:00.000000999z",
        ] { #expect(Instant(rfc3339: same) == noon, "\(same)") }
        #expect(
            Instant(rfc3339: "2026-11-29T12:00:00.5Z")?.microseconds
                == noon.map { $0.microseconds + 500_000 })
        #expect(
            Instant(rfc3339: "2026-11-29T12:00:00.1234567Z")?.microseconds
                == noon.map { $0.microseconds + 123_456 })
    }

    @Test func whatIsNoMomentIsNone() {
        for text in [
            "", "2026-11-29", "2026-11-29T12:00:00", "2026-02-30T12:00:00Z", "2026-11-29T24:00:00Z",
            "2026-11-29T12:00:00.Z", "2026-11-29T12:00:00+0100", "2026-11-29T12:60:00Z",
            "2026-11-29T12:00:00.1234567890Z", "２026-11-29T12:00:00Z",
        ] { #expect(Instant(rfc3339: text) == nil, "\(text)") }
    }
}
