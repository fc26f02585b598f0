import Core

/// Invoices and credit notes: drafted, issued, sent, credited.
public enum Invoicing: Capability {
    public static func routes(_ routes: inout Routes) {}
}
