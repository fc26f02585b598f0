import Testing

@testable import WebClient

struct NetworkAddressTests {
    /// From the registries of special-purpose addresses (RFC 6890), and neighbours just outside.
    @Test(arguments: [
        "0.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1",
        "127.255.255.254", "169.254.169.254", "169.254.0.1", "172.16.0.1", "172.31.255.255",
        "192.0.0.8", "192.0.2.1", "192.168.1.1", "192.88.99.1", "198.18.0.1", "198.19.255.255",
        "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1",
        "255.255.255.255",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:169.254.169.254", "::7f00:1",
        "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "fc00::1", "fd12:3456::1", "fd00:ec2::254",
        "fe80::1", "febf::1", "fec0::1", "ff02::1", "ff0e::1", "2001::1", "2001:2::1",
        "2001:10::1", "2001:db8::1", "2002:7f00:1::1", "3fff::1", "4000::1",
    ])
    func noRequestGoesToAnAddressThatIsNotPublic(_ text: String) throws {
        let address = try #require(NetworkAddress(text))
        #expect(!address.isPublic)
        #expect(!WebClient().allows(address))
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.1", "169.253.255.255", "169.255.0.0", "172.15.255.255",
        "172.32.0.0", "192.0.1.1", "192.167.255.255", "192.169.0.0", "198.17.255.255",
        "198.20.0.0", "223.255.255.255", "2001:200::1", "2606:4700::1111", "2a00:1450::1",
        "2003::1",
    ])
    func aPublicAddressIsReached(_ text: String) throws {
        #expect(WebClient().allows(try #require(NetworkAddress(text))))
    }

    @Test func thisMachineIsReachedOnlyWhereThatIsAllowed() throws {
        let client = WebClient(allowsLoopback: true)
        for text in ["127.0.0.1", "127.9.9.9", "::1"] {
            #expect(client.allows(try #require(NetworkAddress(text))), "\(text)")
        }
        for text in ["10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1", "fe80::1", "0.0.0.0"] {
            #expect(!client.allows(try #require(NetworkAddress(text))), "\(text)")
        }
    }

    @Test(arguments: [
        "", "http", "https://", "ftp://example.com/", "https://user@example.com/",
        "https://user:word@example.com/", "https://example.com:0/", "https://example.com:65536/",
        "https://example.com:8x/", "https://example.com/#part", "https://example.com/a b",
        "https://exa mple.com/", "https://exämple.com/", "https://example.com\\@10.0.0.1/",
        "https://[::1", "https://[1.2.3.4]/", "https://[fe80::1%25eth0]/", "https://-a.com/",
        "https://a..com/", "HTTPS://example.com/", "https:///path", "https://example.com:1:2/",
        "https://example.com/\r\nHost: a", "javascript:alert(1)", "file:///etc/passwd",
    ])
    func whatIsNoPlainAddressOfTheWebIsRefused(_ text: String) {
        #expect(WebAddress(text) == nil)
    }

    @Test func onlyEncryptedAddressesOfOtherMachinesAreTaken() throws {
        let client = WebClient()
        for text in [
            "https://example.com/hook?token=a", "https://example.com:8443", "https://8.8.8.8/",
            "https://[2606:4700::1111]/x",
        ] {
            #expect(client.allows(try #require(WebAddress(text))), "\(text)")
        }
        for text in [
            "http://example.com/", "https://127.0.0.1/", "https://localhost/", "http://localhost/",
            "https://a.localhost/", "https://[::1]/", "https://10.1.2.3/",
            "https://169.254.169.254/latest/", "https://[::ffff:8.8.8.8]/",
        ] {
            #expect(!client.allows(try #require(WebAddress(text))), "\(text)")
        }
        let local = WebClient(allowsLoopback: true)
        #expect(local.allows(try #require(WebAddress("http://127.0.0.1:8080/"))))
        #expect(!local.allows(try #require(WebAddress("http://example.com/"))))
    }
}
