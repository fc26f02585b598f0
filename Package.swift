// swift-tools-version: 6.0
import PackageDescription

/// C libraries, each from the Debian package named here.
let libraries: [Target] = [
    .systemLibrary(name: "CEvent", providers: [.apt(["libevent-dev"])]),
    .systemLibrary(name: "CPostgres", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CArgon2", providers: [.apt(["libargon2-dev"])]),
    .systemLibrary(name: "CPango", pkgConfig: "pangocairo", providers: [.apt(["libpango1.0-dev"])]),
    .systemLibrary(
        name: "CQRCode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
    .systemLibrary(
        name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(
        name: "CXLSX", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CGMime", pkgConfig: "gmime-3.0", providers: [.apt(["libgmime-3.0-dev"])]),
    .systemLibrary(name: "CQPDF", pkgConfig: "libqpdf", providers: [.apt(["libqpdf-dev"])]),
    .systemLibrary(name: "CMagic", providers: [.apt(["libmagic-dev"])]),
    .systemLibrary(name: "CFido2", pkgConfig: "libfido2", providers: [.apt(["libfido2-dev"])]),
    .systemLibrary(name: "CExpat", providers: [.apt(["libexpat1-dev"])]),
    .systemLibrary(
        name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
]

/// Machinery knows nothing of the business, and its modules do not know each other.
let machinery: [Target] = [
    .target(name: "Basics", dependencies: ["CCrypto"]),
    .target(name: "Markup"),
    .target(name: "HTTP", dependencies: ["CEvent", "CCrypto", "CZlib"]),
    .target(name: "Database", dependencies: ["CPostgres"]),
    .target(name: "DatabaseTesting", dependencies: ["Database"]),
    .target(name: "Drawing", dependencies: ["CPango", "CQRCode", "CQPDF", "CZlib"]),
    .target(name: "EInvoice", dependencies: ["CExpat"]),
    .target(name: "Spreadsheet", dependencies: ["CXLSX"]),
    .target(name: "Archiving", dependencies: ["CArchive"]),
    .target(name: "Mailer", dependencies: ["CCurl", "CGMime"]),
    .target(name: "WebClient", dependencies: ["CCurl"]),
    .target(name: "FileKinds", dependencies: ["CMagic"]),
    .target(name: "ObjectStorage", dependencies: ["CCurl"]),
    .target(name: "WebAuthn", dependencies: ["CFido2"]),
]

let business: [Target] = [
    .target(
        name: "Core",
        dependencies: [
            "Basics", "Markup", "HTTP", "Database", "Drawing", "Mailer", "Spreadsheet", "WebClient",
            "FileKinds", "ObjectStorage", "WebAuthn", "CArgon2",
        ]),
    .target(
        name: "Sales", dependencies: ["Core", "EInvoice", "Archiving", "WebClient", "FileKinds"]),
    .executableTarget(
        name: "comptoir", dependencies: ["Core", "Sales", "WebClient", "EInvoice", "Drawing"]),
]

/// Programs that tests start, beside the Swift that starts them.
let testScripts = [
    "approved_platform.py", "identity_provider.py", "object_store.py", "smtp_sink.py",
    "web_sink.py",
]

let tests: [Target] = [
    .testTarget(name: "TidyTests"),
    .target(
        name: "TestSupport",
        dependencies: ["Core", "DatabaseTesting", "Mailer", "WebClient", "WebAuthn", "CCrypto"],
        path: "Tests/Support",
        exclude: testScripts),
    .testTarget(name: "BasicsTests", dependencies: ["Basics"]),
    .testTarget(name: "MarkupTests", dependencies: ["Markup"]),
    .testTarget(name: "HTTPTests", dependencies: ["HTTP", "CCrypto", "CZlib"]),
    .testTarget(name: "DatabaseTests", dependencies: ["Database", "DatabaseTesting"]),
    .testTarget(name: "DrawingTests", dependencies: ["Drawing", "TestSupport"]),
    .testTarget(name: "EInvoiceTests", dependencies: ["EInvoice"]),
    .testTarget(name: "SpreadsheetTests", dependencies: ["Spreadsheet", "TestSupport"]),
    .testTarget(name: "MailerTests", dependencies: ["Mailer", "TestSupport"]),
    .testTarget(name: "WebClientTests", dependencies: ["WebClient", "TestSupport"]),
    .testTarget(name: "FileKindsTests", dependencies: ["FileKinds"]),
    .testTarget(name: "WebAuthnTests", dependencies: ["WebAuthn", "Basics", "TestSupport"]),
    .testTarget(name: "CoreTests", dependencies: ["Core", "TestSupport", "WebClient"]),
    .testTarget(
        name: "WholeCodeTests",
        dependencies: ["comptoir", "Core", "Sales", "TestSupport", "WebClient"]),
    .testTarget(name: "CommandTests", dependencies: ["comptoir", "Sales", "TestSupport"]),
    .testTarget(name: "SalesTests", dependencies: ["Sales", "EInvoice", "Drawing", "TestSupport"]),
]

let package = Package(
    name: "comptoir",
    targets: libraries + machinery + business + tests,
    swiftLanguageModes: [.v6]
)
