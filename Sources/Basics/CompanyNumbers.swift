/// The check digits of the numbers that name companies and accounts.
public enum CompanyNumbers {
    /// Without spaces, points and hyphens, in capitals.
    public static func compact(_ text: String) -> String {
        String(
            text.unicodeScalars.filter { $0.properties.isAlphabetic || ("0"..."9").contains($0) }
                .map(Character.init)
        ).uppercased()
    }

    /// Nine digits that satisfy Luhn's formula (INSEE).
    public static func isSIREN(_ text: String) -> Bool {
        text.utf8.count == 9 && text.utf8.allSatisfy(isDigit) && luhn(text) % 10 == 0
    }

    /// A SIREN and five digits, Luhn over all fourteen; La Poste's own establishments instead have
    /// digits that add up to a multiple of five.
    public static func isSIRET(_ text: String) -> Bool {
        guard text.utf8.count == 14, text.utf8.allSatisfy(isDigit),
            isSIREN(String(text.prefix(9)))
        else { return false }
        if luhn(text) % 10 == 0 { return true }
        return text.hasPrefix("356000000") && text.utf8.reduce(0) { $0 + Int($1) - 48 } % 5 == 0
    }

    /// A VAT number of the European Union: its country's shape, and for France the key too.
    public static func isVATNumber(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count >= 4, bytes.count <= 14,
            bytes.allSatisfy({ isDigit($0) || isCapital($0) })
        else { return false }
        let country = String(text.prefix(2))
        let rest = bytes.dropFirst(2)
        guard let lengths = vatNumberLengths[country], lengths.contains(rest.count) else {
            return false
        }
        guard country == "FR" else { return rest.contains(where: isDigit) }
        let siren = String(text.suffix(9))
        guard isSIREN(siren), let number = Int(siren) else { return false }
        // The key is numeric, or holds letters in the newer form, which has no public check.
        guard let key = Int(String(decoding: rest.prefix(2), as: UTF8.self)) else { return true }
        return key == (12 + 3 * (number % 97)) % 97
    }

    /// The number under which somebody in a country pays VAT or its like. Outside the countries whose
    /// form is known it is letters and digits, such as the "compte contribuable" of Côte d’Ivoire.
    public static func isTaxNumber(_ text: String, in country: String) -> Bool {
        guard vatNumberLengths[country] == nil, country != "MC" else { return isVATNumber(text) }
        let bytes = Array(text.utf8)
        return (4...20).contains(bytes.count) && bytes.contains(where: isDigit)
            && bytes.allSatisfy { isDigit($0) || isCapital($0) }
    }

    /// An account number: ISO 13616, check digits modulo 97.
    public static func isIBAN(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard (15...34).contains(bytes.count), bytes.allSatisfy({ isDigit($0) || isCapital($0) }),
            isCapital(bytes[0]), isCapital(bytes[1]), isDigit(bytes[2]), isDigit(bytes[3])
        else { return false }
        if text.hasPrefix("FR") && bytes.count != 27 { return false }
        var remainder = 0
        for byte in bytes[4...] + bytes[..<4] {
            let value = isDigit(byte) ? Int(byte) - 48 : Int(byte) - 55
            remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97
        }
        return remainder == 1
    }

    /// A bank's code, ISO 9362: 8 or 11 characters.
    public static func isBIC(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return (bytes.count == 8 || bytes.count == 11) && bytes.prefix(6).allSatisfy(isCapital)
            && bytes.allSatisfy { isDigit($0) || isCapital($0) }
    }

    /// The VAT number of a French company, made from its SIREN.
    public static func frenchVATNumber(siren: String) -> String? {
        guard isSIREN(siren), let number = Int(siren) else { return nil }
        return "FR" + padded((12 + 3 * (number % 97)) % 97, 2) + siren
    }

    private static func isCapital(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private static func luhn(_ text: String) -> Int {
        text.utf8.reversed().enumerated().reduce(0) { sum, digit in
            let value = Int(digit.element) - 48
            let weighted = digit.offset.isMultiple(of: 2) ? value : value * 2
            return sum + (weighted > 9 ? weighted - 9 : weighted)
        }
    }

    private static let vatNumberLengths: [String: ClosedRange<Int>] = [
        "AT": 9...9, "BE": 10...10, "BG": 9...10, "CY": 9...9, "CZ": 8...10, "DE": 9...9,
        "DK": 8...8, "EE": 9...9, "EL": 9...9, "ES": 9...9, "FI": 8...8, "FR": 11...11,
        "HR": 11...11, "HU": 8...8, "IE": 8...9, "IT": 11...11, "LT": 9...12, "LU": 8...8,
        "LV": 11...11, "MT": 8...8, "NL": 12...12, "PL": 10...10, "PT": 9...9, "RO": 2...10,
        "SE": 12...12, "SI": 8...8, "SK": 10...10, "XI": 5...12,
    ]
}

/// Telephone numbers in the international form E.164: `+33123456789`.
public enum PhoneNumber {
    /// Nil when it cannot be a number. A national number is read with `country`'s rules.
    public static func normalized(_ text: String, country: String) -> String? {
        var digits = ""
        var international = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "0"..."9": digits.unicodeScalars.append(scalar)
            case "+":
                guard digits.isEmpty, !international else { return nil }
                international = true
            case " ", ".", "-", "/", "(", ")", "\u{A0}", "\u{202F}": continue
            default: return nil
            }
        }
        // `+33 (0)1 …` is a common way to write both forms at once.
        if international, digits.hasPrefix("330") { digits = "33" + digits.dropFirst(3) }
        if !international, digits.hasPrefix("00") {
            international = true
            digits.removeFirst(2)
        }
        if !international {
            guard let prefix = prefixes[country] else { return nil }
            if prefix.dropsZero, digits.hasPrefix("0") { digits.removeFirst() }
            guard prefix.lengths.contains(digits.utf8.count) else { return nil }
            digits = prefix.code + digits
        }
        return (7...15).contains(digits.utf8.count) && !digits.hasPrefix("0") ? "+" + digits : nil
    }

    /// `01 99 00 12 34` for French numbers, else the international form.
    public static func shown(_ number: String) -> String {
        guard number.hasPrefix("+33"), number.utf8.count == 12 else { return number }
        let national = Array("0" + number.dropFirst(3))
        return stride(from: 0, to: 10, by: 2).map { String(national[$0..<$0 + 2]) }
            .joined(separator: "\u{A0}")
    }

    private static let prefixes: [String: (code: String, dropsZero: Bool, lengths: [Int])] = [
        "FR": ("33", true, [9]), "BE": ("32", true, [8, 9]), "CH": ("41", true, [9]),
        "LU": ("352", false, [6, 8, 9]), "CI": ("225", false, [10]), "SN": ("221", false, [9]),
        "BJ": ("229", false, [8, 10]), "TG": ("228", false, [8]), "ML": ("223", false, [8]),
        "BF": ("226", false, [8]), "CM": ("237", false, [9]), "MA": ("212", true, [9]),
        "TN": ("216", false, [8]), "CA": ("1", false, [10]), "GB": ("44", true, [9, 10]),
    ]
}

/// E-mail addresses.
public enum EmailAddress {
    public static let maximumLength = 254

    /// In lower case, or nil when it cannot be one. Only a message that arrives proves more.
    public static func normalized(_ text: String) -> String? {
        let address = PlainText.line(text).lowercased()
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, address.utf8.count <= maximumLength,
            !parts[0].isEmpty, parts[0].utf8.count <= 64
        else { return nil }
        let local = parts[0].utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7F && !"\"(),:;<>[\\]".utf8.contains(byte)
        }
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        let domain = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy { byte in
                    isDigit(byte) || byte == UInt8(ascii: "-")
                        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte > 0x7F
                }
        }
        guard local, domain, labels.count > 1, parts[0].first != ".", parts[0].last != ".",
            !parts[0].contains("..")
        else { return nil }
        return address
    }
}
